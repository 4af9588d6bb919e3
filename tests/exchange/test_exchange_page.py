"""The staff's page: a file to hand over, one to look at, and what became of it."""

import re
from dataclasses import replace

from service.kernel.clock import now_utc
from service.resources.models import Opening
from service.settings import make_exchange_key
from tests.cast import World
from tests.exchange.two_networks import KEY, Networks, Side


def with_key(networks: Networks) -> World:
    """The staff's app, started again after the key was made."""
    world = networks.staff.world
    file = make_exchange_key(world.settings.data, world.town.code)
    file.write_text(KEY.hex())
    return world.in_another_app(world.settings)


def test_without_a_key_the_page_says_how_to_come_by_one(networks: Networks) -> None:
    with networks.staff.world.visit() as aoki:
        page = aoki.get("/exchange")
        assert "tsunagi exchange key" in page.text
        assert "渡すファイルを書き出す" not in page.text
        assert aoki.submit("/exchange/export").status_code == 409


def test_a_file_goes_out_and_one_comes_back_and_is_looked_at_first(networks: Networks) -> None:
    world = with_key(networks)
    ids = networks.staff.world.ids
    with world.visit() as aoki:
        out = aoki.submit("/exchange/export")
        assert out.headers["content-disposition"].startswith("attachment")
        hosts = networks.hosts
        hosts.take(out.content, now_utc())
        with hosts.writing(now_utc(), "海の台所 店主さん") as session:
            session.get_one(Opening, ids["枠"]).free = 1
        with networks.staff.writing(now_utc(), "青木") as session:
            session.get_one(Opening, ids["枠"]).free = 2
        with hosts.writing(now_utc(), "海の台所 店主さん") as session:
            session.get_one(Opening, ids["枠"]).activity = "本の<b>修理</b>"
        back = hosts.export("staff", now_utc())
        sent = {"files": {"file": ("a.txt", back, "text/plain")}}
        looked = aoki.submit("/exchange", **sent)
        assert looked.status_code == 303
        page = aoki.get(looked.headers["location"]).text
        assert "行きちがい <b>1</b>件" in page
        assert "1（海の台所 店主さん）" in page
        assert "こちらの書いたもの" in page
        assert "居場所・読書" in page
        assert "本の&lt;b&gt;修理&lt;/b&gt;（海の台所 店主さん）" in page
        with world.reading() as session:
            assert session.get_one(Opening, ids["枠"]).activity == "居場所・読書"
        done = aoki.submit(f"{looked.headers['location']}/confirm")
        assert re.fullmatch(r"/exchange/files/\w{32}\?done=imported", done.headers["location"])
        assert "こちらの書いたもの" in aoki.get(done.headers["location"]).text
        assert aoki.submit(f"{looked.headers['location']}/confirm").headers["location"] == done.headers["location"]
        with world.reading() as session:
            opening = session.get_one(Opening, ids["枠"])
            assert (opening.free, opening.activity) == (2, "本の<b>修理</b>")
        again = aoki.submit("/exchange", files={"file": ("a.txt", back, "text/plain")})
        assert again.status_code == 409
        assert "に取り込んでいます" in again.text
        history = aoki.get("/exchange").text
        assert history.count('data-label="ファイル"') == 2
        assert "1件" in history
        assert "本の&lt;b&gt;修理" in aoki.get(f"/hosts/{ids['海の台所']}").text


def test_what_cannot_be_taken_is_refused_with_the_next_step(networks: Networks) -> None:
    world = with_key(networks)
    with world.visit() as aoki:
        own = aoki.submit("/exchange/export").content
        for content, said in ((b"", "印が合いません"), (own, "向きの違う"), (b"x" * 5_300_000, "5MB")):
            answer = aoki.submit("/exchange", files={"file": ("a.txt", content, "text/plain")})
            assert answer.status_code == 422
            assert said in answer.text
        assert aoki.submit("/exchange", files={"file": ("", b"", "text/plain")}).status_code in (400, 422)


def test_a_file_that_waits_to_be_looked_at_is_no_file_of_places(networks: Networks) -> None:
    world = with_key(networks)
    hosts = Side(networks.hosts.world, replace(networks.hosts.town, exchange_key=KEY))
    with world.visit() as aoki:
        back = hosts.export("staff", networks.tick())
        path = aoki.submit("/exchange", files={"file": ("a.txt", back, "text/plain")}).headers["location"]
        assert aoki.get(path.replace("/exchange/", "/hosts/import/")).status_code == 404
        assert aoki.submit(f"{path}/cancel").headers["location"] == "/exchange?done=withdrawn"
        assert aoki.get(path).headers["location"] == "/exchange"
