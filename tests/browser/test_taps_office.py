"""How many taps the frequent work of a meeting's secretary and of a つなぎ元 takes, and about how many seconds; `-s` prints it.

Seconds are reckoned after the keystroke-level model (Card, Moran, Newell 1980): 1.35 to think and 1.1 to point for each tap
and each field, 0.28 for a key; to them comes the time the pages themselves took.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest
from playwright.sync_api import expect

from seed.load_demo import demo_id
from service.resources.links import make_agency_link
from service.setup import signature
from tests.browser.conftest import PageAs
from tests.browser.demo_town import DemoTown
from tests.browser.places import DESK, PHONE
from tests.browser.test_taps import Counter, Table, keep_paper

pytestmark = pytest.mark.browser
THINK_AND_POINT, KEY = 1.35 + 1.1, 0.28
STORY = "夫が入院してから家にこもりがちです。買い物にも出ず、電話にも出ないことが増えました。裁縫の先生をしていた方です。"


@pytest.fixture
def town(own_town: DemoTown) -> DemoTown:
    return own_town


@dataclass
class Reckoned(Counter):
    """Counts keys too; a box that is ticked is a field, for it is part of what is said."""

    keys: int = 0

    def say(self, where: str, text: str) -> None:
        """One field filled in; a letter in kanji takes about two keys."""
        super().say(where, text)
        self.keys += 2 * len(text)

    def tick(self, where: str) -> None:
        """One box of several."""
        self.fields += 1
        self.page.locator(where).first.click()

    def seconds(self, waited: float) -> float:
        """About so long for whoever knows the page."""
        return waited + (self.taps + self.fields) * THINK_AND_POINT + self.keys * KEY


@dataclass
class Office(Table):
    """The same table with seconds."""

    took: list[tuple[str, float, float]] = field(default_factory=list)

    @contextmanager
    def timed(self, name: str, most: int, most_s: float, start: str = "") -> Iterator[Reckoned]:
        """One piece of work in at most so many taps and about so many seconds."""
        self.page.goto(start or self.home)
        counter, began = Reckoned(self.page), time.monotonic()
        yield counter
        self.rows.append((name, counter.taps, most, counter.fields))
        self.took.append((name, counter.seconds(time.monotonic() - began), most_s))

    def check(self) -> None:
        """Print both tables; nothing takes more than it may."""
        super().check()
        print("", *(f"{took:5.0f} s / {most:.0f}  {name}" for name, took, most in self.took), sep="\n")  # noqa: T201 — shown with -s
        assert [row for row in self.took if row[1] > row[2]] == []


def test_what_the_office_does_takes_few_taps(page_as: PageAs, town: DemoTown) -> None:
    office = Office(page_as("kaji", town, DESK), "/")
    with office.timed("1 what came in, with its age, on the first page", 0, 10) as at:
        expect(at.page.locator("section[aria-labelledby=h-sheets]")).to_contain_text("届いてから7日")
    with office.timed("1 what came in, in the inbox", 0, 10, "/referrals") as at:
        expect(at.page.locator("td[data-label=届いてから]").first).to_contain_text("日")
    with office.timed("2 say that it arrived, and decide with ①②③", 3, 120) as at:
        at.tap("section[aria-labelledby=h-sheets] a[aria-label*='青柳']")
        at.tap("button:has-text('受け取ったと知らせた')")
        at.tick("label:has(input[name=criteria][value=is_complex])")
        at.tick("label:has(#is_tried)")
        at.tick("label:has(input[name=result][value=juso])")
        at.tick("label:has(input[name=told_state][value=owed])")
        at.tap("button:has-text('判断を記録する')")
        at.told("判断を記録しました")
    with office.timed("3 who has not heard yet", 0, 10) as at:
        expect(at.page.locator("section[aria-labelledby=h-reports]")).to_contain_text("会議のこと")
    papers: list[bytes] = []
    office.page.route("**/letter.pdf*", lambda route: keep_paper(route, papers))
    with office.timed("3 a sheet for whoever waits, to write on", 2, 20) as at:
        at.tap("section[aria-labelledby=h-reports] a:has-text('報告する')")
        at.tap("details[open] a:has-text('書き込む紙を出す')")
        expect(at.page.locator("body")).to_have_text("A4")
    assert [paper[:4] for paper in papers] == [b"%PDF"]
    with office.timed("3 told and kept, which those who sign in or have a door read at once", 2, 60) as at:
        at.tap("section[aria-labelledby=h-reports] a:has-text('報告する')")
        at.say("details[open] textarea", "重層でお受けしました。担当は社協の石井です。")
        at.tap("details[open] button:has-text('伝えたと記録する')")
        at.told("伝えたことを記録しました")
    with office.timed("4 a due review on the agenda", 2, 60) as at:
        at.tap("section[aria-labelledby=h-meetings] a:has-text('議題を見る')")
        at.tap("main button:text-is('入れる')")
        at.told("追加しました")
    office.check()


def test_a_consent_is_recorded_in_two_taps(page_as: PageAs, town: DemoTown) -> None:
    staff = Office(page_as("aoki", town, DESK), "/")
    with staff.timed("7 a consent", 2, 60) as at:
        at.tap("section[aria-labelledby=h-consents] a:text-is('同意を記録')")
        at.tap("main form[action$='/consent']:visible button:has-text('記録する')")
        at.told("同意を記録しました")
    staff.check()


def test_whoever_hands_over_needs_three_minutes_and_few_taps(page_as: PageAs, town: DemoTown) -> None:
    sender = Office(page_as("tsubaki", town, PHONE), "/refer")
    with sender.timed("send a sheet", 2, 180) as at:
        at.tap("main a:text-is('新しく送る')")
        fill(at)
        at.tap("main button:text-is('送る')")
        at.told("送りました")
    with sender.timed("see how far each has come", 0, 10) as at:
        expect(at.page.locator("main")).to_contain_text("支援に向けて進めています")
    with sender.timed("read what one was told", 1, 15) as at:
        at.tap("main li:has-text('60代の方') a")
        expect(at.page.locator("main")).to_contain_text("社協が担当することになりました")
    with sender.timed("answer a question", 2, 60) as at:
        at.tap("main li:has-text('60代の方') a")
        at.say("#text", "夕方なら会えるそうです")
        at.tap("form[action$='/answer'] button")
        at.told("送りました")
    with sender.timed("take a sheet back", 3, 60) as at:
        at.tap("main li:has-text('受け付けました') a")
        at.tap("summary:has-text('取り下げる')")
        at.say("#why", "家族で見守ることになった")
        at.tap("form[action$='/withdraw'] button")
        at.told("取り下げました")
    papers: list[bytes] = []
    sender.page.route("**/blank.pdf", lambda route: keep_paper(route, papers))
    with sender.timed("a blank sheet", 1, 15) as at:
        at.tap("main a:text-is('白紙を印刷')")
        expect(at.page.locator("body")).to_have_text("A4")
    sender.check()


def test_by_a_door_a_sheet_takes_one_tap_beside_what_is_said(page_as: PageAs, town: DemoTown) -> None:
    now = datetime.now(UTC)
    with town.town.database.write(signature=signature(town.town, now)) as session:
        door = f"/d/{make_agency_link(session, town.town.key, demo_id('agency', 'kodomo'), '青木', now)}"
    sender = Office(page_as(None, town, PHONE), door)
    with sender.timed("send a sheet by a door", 1, 180) as at:
        at.say("#from_person", "大野")
        fill(at)
        at.tap("main button:text-is('送る')")
        expect(at.page.locator("h1")).to_contain_text("受付番号")
    with sender.timed("see what became of it", 0, 10) as at:
        expect(at.page.locator("main")).to_contain_text("受け付けました")
    sender.check()


def fill(at: Reckoned) -> None:
    """A sheet as people fill it in: eight answers."""
    at.say("#name", "浜田 とも")
    at.say("#kana", "はまだ とも")
    at.fields += 1
    at.page.select_option("#age_band", "70代")
    at.say("#reach", "午前中に電話")
    at.tick("label:has(input[name=troubles][value=isolation])")
    at.tick("label:has(input[name=troubles][value=health])")
    at.say("#story", STORY)
    at.say("#tried", "訪問を三度、手紙を二通")
