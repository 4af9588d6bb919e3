"""Every refusal says what happened and what to do next, in the form of the page or of the API."""

from html.parser import HTMLParser
from typing import Any

import pytest
from litestar import get, post
from litestar.exceptions import HTTPException
from litestar.params import FromPath

from service.accounts.roles import SIGNED_IN
from service.cases.models import SupportCase
from service.kernel.errors import Conflict, DomainError, Forbidden, NotFound
from service.web.forms import FormBody
from tests.cast import Visitor, World

CANARY = "カナリア-5107"


@get("/broken", perm=SIGNED_IN, sync_to_thread=False)
def broken() -> None:
    """A fault of ours that has personal data in its hands."""
    raise RuntimeError(CANARY)


@post("/broken", perm=SIGNED_IN, sync_to_thread=False)
def broken_form(data: FormBody) -> None:
    """The same, with a form."""
    raise RuntimeError(str(data))


@get("/api/broken", perm=SIGNED_IN, sync_to_thread=False)
def broken_api() -> None:
    """The same for programs."""
    raise RuntimeError(CANARY)


@get("/refused/{code:int}", perm=SIGNED_IN, sync_to_thread=False)
def refused(code: FromPath[int]) -> None:
    """Whatever the framework may refuse with."""
    raise HTTPException(status_code=code, detail=CANARY)


@pytest.fixture
def faulty(world: World) -> World:
    """The town with a few handlers that fail."""
    return world.in_another_app(world.settings, broken, broken_form, broken_api, refused)


def test_a_fault_of_ours_is_told_with_a_number_and_without_what_was_in_hand(
    faulty: World, capsys: pytest.CaptureFixture[str]
) -> None:
    visitor = faulty.visit()
    answers = [visitor.get("/broken"), visitor.submit("/broken", {"name": CANARY}), visitor.get("/api/broken")]
    logged = capsys.readouterr()
    for answer in answers:
        assert answer.status_code == 500
        assert CANARY not in answer.text
        assert "RuntimeError" not in answer.text
    assert CANARY not in logged.out + logged.err
    numbers = [answers[2].json()["reference"]]
    assert all(number in logged.out + logged.err for number in numbers)


def test_programs_get_every_refusal_as_data(faulty: World) -> None:
    visitor = faulty.visit()
    for path, status in (("/api/broken", 500), ("/api/v1/hosts/x", 404), ("/api/nowhere", 404)):
        answer = visitor.get(path)
        assert answer.status_code == status
        assert set(answer.json()) == {"status", "message", "remedy", "reference"}
        assert answer.json()["remedy"]
    assert faulty.visit(None).get("/api/v1/hosts").json()["status"] == 401


def test_whatever_the_framework_refuses_is_told_in_japanese(faulty: World) -> None:
    visitor = faulty.visit()
    for code in (400, 403, 404, 405, 409, 413, 415, 418, 422, 429):
        answer = visitor.get(f"/refused/{code}")
        assert answer.status_code == code
        assert CANARY not in answer.text
        assert "はじめの画面へ" in answer.text


@pytest.mark.parametrize("error", [NotFound(), Forbidden(), Conflict(), DomainError("困ります。", "こうしてください。")])
def test_every_refusal_of_the_work_has_a_next_step_and_a_status(error: DomainError) -> None:
    assert error.remedy
    assert 400 <= error.status < 500
    assert str(error) == error.message + error.remedy


# A session that ended while somebody typed


class Inputs(HTMLParser):
    """The fields of the one form that sends again what was typed, and where to."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.fields: list[tuple[str, str]] = []
        self.action = ""
        self.inside = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        if tag == "form":
            self.inside = found.get("method") == "post" and found["action"] not in ("/search", "/sign-out")
            self.action = str(found["action"]) if self.inside else self.action
        elif tag == "input" and self.inside and found.get("name"):
            self.fields.append((str(found["name"]), str(found.get("value") or "")))

    def handle_endtag(self, tag: str) -> None:
        self.inside = self.inside and tag != "form"


TYPED = {"name": '新井 "そら" <b>&amp;', "kana": "あらい", "contact_note": "一行目\n二行目 😀", "_once": "k"}


def expired(world: World, path: str, typed: dict[str, Any]) -> tuple[Visitor, Any]:
    """A browser whose session is gone sends a form."""
    visitor = world.visit()
    visitor.get("/sign-in")
    visitor.cookies.delete("tsunagi")
    return visitor, visitor.submit(path, typed)


def test_what_was_typed_when_the_session_ended_is_kept_and_can_be_sent_again(world: World) -> None:
    visitor, answer = expired(world, "/people/new", TYPED)
    assert answer.status_code == 401
    assert "サインインが切れました" in answer.text
    form = Inputs(answer.text)
    assert form.action == "/people/new"
    kept = dict(form.fields)
    assert {name: kept[name] for name in TYPED} == TYPED
    # Signed in again in another tab, the same browser sends the page's form.
    visitor.cookies.set("tsunagi", world.visit().cookies["tsunagi"])
    again = visitor.post(form.action, data=kept)
    assert again.status_code == 303
    assert "&#34;そら&#34; &lt;b&gt;&amp;amp;" in visitor.get(again.headers["location"]).text
    with world.reading() as session:
        assert session.query(SupportCase).count() == 1


def test_values_of_one_name_come_back_all_and_in_order(world: World) -> None:
    _, answer = expired(world, "/hosts/new", {"tags": ["cafe", "craft"], "name": "x"})
    assert [value for name, value in Inputs(answer.text).fields if name == "tags"] == ["cafe", "craft"]


def test_nothing_is_written_for_whoever_is_no_longer_signed_in(world: World) -> None:
    expired(world, "/people/new", TYPED)
    with world.reading() as session:
        assert session.query(SupportCase).count() == 0


def test_a_script_whose_session_ended_is_led_to_the_door(world: World) -> None:
    visitor = world.visit(None)
    visitor.get("/sign-in")
    answer = visitor.submit("/people/x/assessment/time", {"a": "b"}, headers={"hx-request": "true"})
    assert (answer.status_code, answer.headers["hx-redirect"]) == (401, "/sign-in")


def test_a_file_sent_too_late_is_asked_for_again_and_not_kept(world: World) -> None:
    visitor = world.visit(None)
    visitor.get("/sign-in")
    files = {"file": ("一覧.csv", CANARY.encode(), "text/csv")}
    answer = visitor.submit("/hosts/import", {"kind": "own"}, files=files)
    assert answer.status_code == 401
    fields = dict(Inputs(answer.text).fields)
    assert fields["kind"] == "own"
    assert "file" not in fields
    assert CANARY not in answer.text


def test_a_form_of_a_thousand_fields_does_not_make_a_page_of_a_thousand_fields(world: World) -> None:
    _, answer = expired(world, "/people/new", {f"f{n}": "x" for n in range(900)})
    assert answer.status_code == 401
    assert len(Inputs(answer.text).fields) <= 202
