"""How many taps the frequent work of a host and of a coordinator takes, counted from their first page; `-s` prints the table."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from seed.load_demo import demo_id
from service.resources.links import OPENINGS, make_link
from service.setup import signature
from tests.browser.conftest import PageAs
from tests.browser.demo_town import DemoTown
from tests.browser.places import DESK, PHONE
from tests.browser.test_ladder import answers_conditionally, become_candidate

pytestmark = pytest.mark.browser
KITCHEN = demo_id("host", "F02")


@pytest.fixture
def town(own_town: DemoTown) -> DemoTown:
    return own_town


@dataclass
class Counter:
    """Counts what a finger does on one page; what is typed is counted by itself."""

    page: Page
    taps: int = 0
    fields: int = 0

    def tap(self, where: str | Locator) -> None:
        """One tap on the first thing that is meant."""
        self.taps += 1
        (self.page.locator(where) if isinstance(where, str) else where).first.click()

    def say(self, where: str, text: str) -> None:
        """One field filled in."""
        self.fields += 1
        self.page.locator(where).first.fill(text)

    def told(self, text: str) -> None:
        """The page answers that it is done."""
        expect(self.page.locator("#flash")).to_contain_text(text)


@dataclass
class Table:
    """What was counted, beside what it may be."""

    page: Page
    home: str
    rows: list[tuple[str, int, int, int]] = field(default_factory=list)

    @contextmanager
    def work(self, name: str, most: int, start: str = "") -> Iterator[Counter]:
        """One piece of work from the first page on, in at most so many taps."""
        self.page.goto(start or self.home)
        counter = Counter(self.page)
        yield counter
        self.rows.append((name, counter.taps, most, counter.fields))

    def check(self) -> None:
        """Print the table; nothing takes more taps than it may."""
        print("", *(f"{taps} / {most}  ({fields} typed)  {name}" for name, taps, most, fields in self.rows), sep="\n")  # noqa: T201 — the table, shown with -s
        assert [row for row in self.rows if row[1] > row[2]] == []


def test_what_a_host_does_takes_few_taps(page_as: PageAs, town: DemoTown) -> None:
    host = Table(page_as("umi", town, PHONE), "/host")
    with host.work("1 nothing has changed, by link", 1, link_of(town)) as at:
        at.tap("button:text-is('変更なし')")
        expect(at.page.locator("h1")).to_contain_text("ありがとうございました")
    with host.work("1 nothing has changed", 1) as at:
        at.tap("button:text-is('変更なし')")
        at.told("変更なし")
    with host.work("2 one more free place", 3) as at:
        at.tap("button[name=step][value='+1']")
        at.told("保存しました")
    with host.work("2 another day", 3) as at:
        at.tap("main a:text-is('曜日・人数を直す')")
        at.tap(".days label:has-text('日')")
        at.tap("main button:text-is('保存する')")
        at.told("保存")
    with host.work("3 pause, with why and until", 3) as at:
        at.tap("main a:text-is('しばらく休む')")
        at.tap("main fieldset label, main [role=radiogroup] label")
        at.tap("button[name=until]")
        at.told("休")
    with host.work("5 who comes this week", 1) as at:
        at.tap("main a:text-is('一週間を見る')")
        expect(at.page.locator("h1")).to_have_text("今週いらっしゃる方")
    with host.work("6 an absence", 2) as at:
        at.tap("main a:has-text('さん')")
        at.tap("button:text-is('お休みを知らせる')")
        at.told("お知らせを受け取りました")
    with host.work("6 a worry", 2) as at:
        at.tap("main a:text-is('心配なことを知らせる')")
        at.say("#text", "少しお疲れのようでした")
        at.tap("main button:text-is('送る')")
        at.told("お知らせを受け取りました")
    with host.work("7 what was agreed", 2) as at:
        at.tap("main a:has-text('さん')")
        expect(at.page.locator("dl.facts")).to_be_visible()
    with host.work("8 how it goes", 2) as at:
        at.tap("main a:has-text('さん')")
        at.tap("button[name=face]")
        at.told("お知らせを受け取りました")
    with host.work("9 the own card", 3) as at:
        at.tap("main a:has-text('うちの紹介を直す')")
        at.say("#description", "静かな部屋もあります")
        at.tap("main button:text-is('保存する')")
        at.told("保存")
    papers: list[bytes] = []
    host.page.route("**/host/fax", lambda route: keep_paper(route, papers))
    with host.work("10 the FAX sheet", 1) as at:
        at.tap("main a:has-text('FAXの用紙を出す')")
        expect(at.page.locator("body")).to_have_text("A4")
    assert [paper[:4] for paper in papers] == [b"%PDF"]
    with host.work("4 yes or difficult to a question", 2) as at:
        at.tap("main a:text-is('答える')")
        at.tap("button[name=reason]")
        at.told("お返事")
    host.check()


def test_a_conditional_answer_takes_two_taps_and_the_condition(page_as: PageAs, town: DemoTown) -> None:
    host = Table(page_as("umi", town, PHONE), "/host")
    with host.work("4 yes, on a condition", 2) as at:
        at.tap("main a:text-is('答える')")
        at.say("#conditions", "はじめは一時間まで")
        at.tap("button:text-is('この条件なら受けられます')")
        at.told("お返事")
    host.check()


def test_what_a_coordinator_does_with_hosts_takes_few_taps(page_as: PageAs, town: DemoTown) -> None:
    page, host = page_as("aoki", town, DESK), page_as("umi", town, PHONE)
    become_candidate(page)
    staff = Table(page, "/")
    with staff.work("6 the anonymous text for a host on the screen", 3) as at:
        at.tap(".nav a:text-is('打診・紹介')")
        at.tap("main .tile:has-text('佐倉') a.btn:has-text('打診する')")
        expect(at.page.locator("main")).to_contain_text("20代の方です")
    with staff.work("6 and written down that it was asked", 3) as at:
        at.tap(".nav a:text-is('打診・紹介')")
        at.tap("main .tile:has-text('佐倉') a.btn:has-text('打診する')")
        expect(at.page.locator("main form .foot")).to_contain_text("上の文だけで聞いたと記録します")
        at.tap("main button:text-is('打診する')")
        expect(at.page.locator("[aria-current=step]")).to_contain_text("打診")
    answers_conditionally(host)
    with staff.work("8 one step on, from the board", 2, "/placements") as at:
        at.tap("main .tile:has-text('佐倉') a.btn:has-text('本人に示す')")
        at.tap("main button:text-is('本人に示す')")
        expect(at.page.locator("[aria-current=step]")).to_contain_text("本人に提示")
    with staff.work("7 an opening for a host that is due", 3) as at:
        at.tap("section[aria-labelledby=h-stale] a:text-is('直す')")
        at.say("#free", "1")
        at.tap("main button:text-is('保存する')")
        at.told("保存しました")
    staff.check()


def link_of(town: DemoTown) -> str:
    now = datetime.now(UTC)
    with town.town.database.write(signature=signature(town.town, now)) as session:
        return f"/l/{make_link(session, town.town.key, KITCHEN, OPENINGS, '青木', now)}"


def keep_paper(route: Route, papers: list[bytes]) -> None:
    """The sheet goes to the test instead of the browser's own viewer, which calls pages of its own."""
    papers.append(route.fetch().body())
    route.fulfill(content_type="text/plain", body="A4")
