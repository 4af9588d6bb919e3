"""Two whole ways in a real browser, by clicks and typing alone: with consent until a year after the closing, and without it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from itertools import count
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from seed.load_demo import demo_id
from service.accounts.models import User
from service.cases.models import Household, Person, Placement, SupportCase
from service.cases.referrals.models import Referral
from service.followup.rhythms.keeping import keep_case, keep_placement
from service.followup.tasks.models import OPEN, FollowUp
from service.kernel.clock import day_in_japan, now_utc
from service.kernel.dates import format_wareki_short
from service.setup import signature
from tests.browser.conftest import PageAs
from tests.browser.demo_town import DemoTown
from tests.browser.looking import parts_beyond_the_edge
from tests.browser.places import DESK, PHONE

pytestmark = pytest.mark.browser
HOST, OPENING = demo_id("host", "F02"), demo_id("opening", "F02/2")
NAME = "浜田 とも"


@dataclass
class Journey:
    """One town, whose clock the test moves, and everybody's window in it."""

    town: DemoTown
    open_page: PageAs
    clock: pytest.MonkeyPatch
    album: Path
    day: date
    windows: dict[str, Page] = field(default_factory=dict)
    shown: int = 0

    def on(self, day: date) -> None:
        """It is noon of that day, and the night before, the days of this case were kept."""
        self.day, now = day, datetime.combine(day, time(3), UTC)
        # What was done first stays first: the clock goes on within the day.
        seconds = count()
        self.clock.setattr("service.web.call.now_utc", lambda: now + timedelta(seconds=next(seconds)))
        with self.town.town.database.write(signature=signature(self.town.town, now)) as session:
            for case in session.scalars(select(SupportCase).join(Referral).where(Referral.from_person == "椿 恵子")):
                keep_case(session, case, now)
                for row in session.scalars(select(Placement).join(Person).where(Person.household_id == case.household_id)):
                    keep_placement(session, row, now)

    def by(self, login_name: str, size: dict[str, int] = DESK) -> Page:
        """That person's window, at the desk or on a telephone."""
        if login_name not in self.windows:
            self.windows[login_name] = self.open_page(login_name, self.town, size)
        return self.windows[login_name]

    def look(self, page: Page, what: str) -> None:
        """Keep a picture of this stage; nothing of it lies beyond the edge."""
        self.shown += 1
        page.screenshot(path=self.album / f"{self.shown:02d}-{what}.png", full_page=True)
        assert parts_beyond_the_edge(page) == []

    @property
    def case(self) -> tuple[SupportCase, str, str, str]:
        """The newest case with its sheet, the person, and who has it."""
        with self.town.reading() as session:
            row = session.execute(
                select(SupportCase, Referral.id, Person.id, User.login_name)
                .join(Referral, Referral.case_id == SupportCase.id)
                .join(Household, SupportCase.household_id == Household.id)
                .join(Person, Person.household_id == Household.id)
                .join(User, SupportCase.assigned_id == User.id)
                .where(Person.principal, Person.name == NAME)
            ).first()
        assert row is not None
        return row[0], row[1], row[2], row[3]

    def due(self, kind: str) -> Sequence[FollowUp]:
        """What is to be done about the newest case, by its day."""
        case = self.case[0]
        with self.town.reading() as session:
            query = select(FollowUp).where(FollowUp.case_id == case.id, FollowUp.kind == kind, FollowUp.state.in_(OPEN))
            return session.scalars(query.order_by(FollowUp.due_on)).all()


@pytest.fixture
def journey(page_as: PageAs, own_town: DemoTown, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Journey]:
    """A journey that begins today; where every window stood at its end is kept with the other pictures."""
    album = tmp_path / "album"
    album.mkdir()
    today = day_in_japan(now_utc())
    made = Journey(own_town, page_as, monkeypatch, album, today)
    yield made
    for name, page in made.windows.items():
        page.screenshot(path=album / f"99-{name}.png", full_page=True)


def press(page: Page, label: str) -> None:
    page.locator(f"main button:text-is('{label}'):visible").first.click()


def tick(page: Page, *labels: str) -> None:
    for label in labels:
        page.locator(f"main label:has-text('{label}'):visible").first.click()


def told(page: Page, text: str) -> None:
    expect(page.locator("#flash")).to_contain_text(text)


def hand_over(journey: Journey) -> None:
    """椿 sends a sheet from a telephone; 加治 says that it arrived and decides."""
    sender = journey.by("tsubaki", PHONE)
    sender.goto("/refer")
    sender.click("main a:text-is('新しく送る')")
    sender.fill("#name", NAME)
    sender.fill("#kana", "はまだ とも")
    sender.select_option("#age_band", "20代")
    tick(sender, "ひきこもり・不登校")
    sender.fill("#story", "三年ほど家から出ていません。本の話はよくします。")
    sender.fill("#tried", "訪問を三度、手紙を二通")
    press(sender, "送る")
    told(sender, "送りました")
    journey.look(sender, "送ったシート")
    office = journey.by("kaji")
    office.goto("/")
    office.locator("section[aria-labelledby=h-sheets] a[aria-label*='浜田']").click()
    press(office, "受け取ったと知らせた")
    tick(office, "複雑")
    office.locator("main label:has(#is_tried)").click()
    office.locator("main label:has(input[name=result][value=juso])").click()
    office.locator("main label:has(input[name=told_state][value=given])").click()
    office.fill("#told_text", "重層のケースとしてお受けします")
    press(office, "判断を記録する")
    told(office, "判断を記録しました")
    journey.look(office, "該当判断")


def course(journey: Journey) -> Page:
    """The course of the case, in the window of whoever has it; reached through the person's page."""
    _, _, person, login = journey.case
    page = journey.by(login)
    page.goto(f"/people/{person}")
    page.click("main a:text-is('経過と次の段階')")
    return page


def step(journey: Journey, label: str, note: str = "") -> Page:
    """One step of the case, from its page."""
    page = course(journey)
    block = page.locator(f"details:has(> summary:text-is('{label}'))")
    if block.get_attribute("open") is None:
        block.locator("summary").click()
    if note:
        block.locator("input[name$='-note']").fill(note)
    block.locator(f"button:text-is('{label}')").click()
    told(page, "次の段階に進みました")
    return page


def agree(journey: Journey, scope: str) -> None:
    """A signed answer to one question of consent."""
    _, _, person, login = journey.case
    page = journey.by(login)
    page.goto(f"/people/{person}")
    page.click("summary:text-is('同意を記録する')")
    page.select_option("main select[name=scope]", scope)
    page.locator("main input[name=state][value=given] + span").click()
    page.select_option("main select[name=method]", "paper")
    press(page, "記録する")
    told(page, "記録しました")


def assess(journey: Journey) -> None:
    """Every core question is asked; nothing special is needed."""
    page = step(journey, "アセスメントを始める")
    page.goto(f"/people/{journey.case[2]}/assessment")
    for question in page.locator("main form.assessment > .question").all():
        nothing = question.locator("label:has(input[value=_none])")
        if nothing.count():
            nothing.first.click()
        elif question.locator("textarea").count():
            question.locator("textarea").fill("本のある静かな所")
        else:
            question.locator("label:has-text('電車・バス')").click()
            question.locator("input.num").fill("60")
    press(page, "すべて保存する")
    told(page, "保存")
    journey.look(page, "アセスメント")


def draft(journey: Journey) -> None:
    """A plan with a goal and a task, and before the meeting."""
    page = step(journey, "プランを作る")
    page.click("main a:text-is('プラン')")
    page.fill("[name=person_words]", "静かな所に行ってみたい")
    page.fill("[name=goal0_text]", "週に一度、外に出る")
    page.fill("[name=task0_what]", "見学に付き添う")
    page.fill("[name=task0_agency]", "汐見市社会福祉協議会")
    page.fill("[name=task0_who]", "青木")
    press(page, "案を保存する")
    told(page, "保存しました")
    journey.look(page, "プランの案")
    step(journey, "会議にかける")


def meet(journey: Journey, purpose: str, decision: str) -> None:
    """A 重層的支援会議 today, with the city and whoever handed over at the table, decided and told."""
    page = journey.by("kaji")
    page.goto("/meetings/new")
    page.fill("#name", f"会議 {journey.day.month}月{journey.day.day}日")
    page.fill("#place", "汐見市役所 2階")
    page.fill("#convenor", "汐見市社会福祉協議会")
    press(page, "予定に入れる")
    expect(page.locator("#h-seats")).to_be_visible()
    if not page.locator("#seat-name").is_visible():
        page.click("summary:text-is('出席者を入れる')")
    page.fill("#seat-name", "加治 淳")
    page.fill("#seat-agency", "汐見市")
    page.locator("main label:has(#seat-is_municipal)").click()
    page.locator("main form[action$='/seats'] button").click()
    page.click("summary:text-is('議題を入れる')")
    page.select_option("#item-purpose", purpose)
    page.fill("#item-case_number", journey.case[0].number)
    page.locator("main form[action$='/items']:has(#item-purpose) button").click()
    page.locator("main button:has-text('つなぎ元を招く')").click()
    press(page, "案内を出した")
    journey.look(page, "会議の前")
    invited = journey.by("tsubaki", PHONE)
    invited.goto("/invitations")
    journey.look(invited, "会議の案内")
    press(invited, "出席します")
    told(invited, "お返事を送りました")
    page.reload()
    for seat in page.locator("main select[name^=attended]").all():
        seat.select_option("yes")
    press(page, "開催した")
    page.locator("main select[name$='-decision']").select_option(decision)
    page.locator("main input[name$='-text']").fill("そのとおり進める")
    press(page, "決定を記録する")
    told(page, "決定を記録しました")
    journey.look(page, "会議の決定")
    tell(journey, "会議で決まったことをお伝えします")


def tell(journey: Journey, text: str) -> None:
    """Whoever waits to hear of this case is told."""
    page, number = journey.by("kaji"), journey.case[0].number
    page.goto("/feedback")
    while page.locator(f"main li:has-text('{number}')").count():
        line = page.locator(f"main li:has-text('{number}')").first
        line.locator("summary").click()
        line.locator("label:has(input[name=told_state][value=given])").click()
        line.locator("textarea").fill(text)
        line.locator("button:text-is('伝えたと記録する')").click()
        told(page, "伝えたことを記録しました")
        page.goto("/feedback")


def settle(journey: Journey) -> None:
    """From the match to 定着: asked without a name, seen, tried, begun, visited with a telephone in hand."""
    _, _, person, login = journey.case
    page = journey.by(login)
    page.goto(f"/people/{person}")
    page.click("main a:text-is('照合する')")
    journey.look(page, "照合")
    page.goto(f"/people/{person}/placements/new/{OPENING}")
    page.fill("[name=note]", "本人が選んだ")
    press(page, "候補にする")
    here = page.url.split("?")[0].split("#")[0]
    tick(page, "電話")
    press(page, "打診する")
    journey.look(page, "打診")
    tick(page, "条件付き")
    page.fill("[name=conditions]", "午後なら")
    press(page, "返事を記録する")
    press(page, "本人に示す")
    tick(page, "行ってみたい")
    page.fill("[name=words]", "本の匂いが好き")
    press(page, "本人の返事を記録する")
    page.goto(f"/people/{person}/share/{HOST}")
    press(page, "同意を記録する")
    page.goto(here)
    page.fill("[name=accompanied]", "青木")
    press(page, "「見学」に進む")
    page.fill("[name=days]", "月曜に2回")
    tick(page, "保険を確かめた", "緊急のときの連絡先を聞いた", "費用と謝礼を本人に説明した")
    press(page, "「体験」に進む")
    page.fill("[name=tasks]", "名刺の入力")
    page.locator("main input[name=slots] + span").first.click()
    tick(page, "本人が「やってみたい」と言った", "受け入れ先が「お願いします」と言った")
    press(page, "「利用開始」に進む")
    expect(page.locator("[aria-current=step]")).to_contain_text("利用開始")
    journey.look(page, "利用開始")
    began = journey.day
    phone = journey.open_page(login, journey.town, PHONE)
    for days in (33, 63, 94):
        journey.on(began + timedelta(days=days))
        due = [row for row in journey.due("visit_and_interview") if row.early_on <= journey.day]
        record(journey, phone, due[0].id, host=True)
    for label in ("定着支援中", "定着"):
        page.goto(here)
        page.locator(f"main a:text-is('「{label}」に進む'), main button:text-is('「{label}」に進む')").first.click()
        if page.url.split("#")[0].endswith(("settle", "stable")):
            press(page, f"「{label}」に進む")
        expect(page.locator("[aria-current=step]")).to_contain_text(label)
    journey.look(page, "定着")


def record(journey: Journey, phone: Page, id_: str, *, host: bool) -> None:
    """What was seen and heard, with one hand."""
    phone.goto(f"/followup/{id_}/record")
    tick(phone, "両方" if host else "本人")
    phone.locator("#person_says label:has-text('続けたい')").click()
    if host:
        phone.locator("#host_says label:has-text('続けられる')").click()
    else:
        phone.locator("#connected label").first.click()
    phone.locator("#state label:has-text('安定')").first.click()
    journey.look(phone, "訪問の記録" if host else "終結後の連絡")
    press(phone, "記録する")
    told(phone, "記録しました")


def close(journey: Journey) -> None:
    """The plan is looked back on, the meeting decides, and somebody with a name stays."""
    _, _, person, login = journey.case
    page = journey.by(login)
    page.goto(f"/people/{person}/plans")
    page.click("summary:text-is('評価する')")
    page.locator("main [id^=result-] label:has-text('できた')").first.click()
    page.fill("main textarea[name=e-person_words]", "外が明るかった")
    page.locator("main label:has(input[name=e-next_step][value=close])").click()
    press(page, "評価を記録する")
    told(page, "記録しました")
    step(journey, "会議にかける", "定着したため")
    meet(journey, "close", "close")
    page.goto(f"/people/{person}")
    page.click("main a:text-is('終結')")
    journey.look(page, "終結の条件")
    for name in ("evaluated_on", "decided_on"):
        page.fill(f"[name={name}]", format_wareki_short(journey.day))
    page.fill("[name=evaluation]", "週に一度、外に出た")
    page.fill("[name=person_wish]", "このまま通いたい")
    page.fill("[name=host_wish]", "来てもらえて助かる")
    page.locator("main label:has(input[name=stays][value=stays])").click()
    page.fill("[name=decision]", "終結を決定")
    page.locator("main label:has(input[name=report][value=due])").click()
    page.locator("main label:has(input[name=consent][value=given])").click()
    page.select_option("[name=consent_method]", "paper")
    page.fill("[name=contact_name]", "石井 大輔")
    page.fill("[name=contact_agency]", "汐見市社会福祉協議会")
    page.fill("[name=contact_phone]", "0467-00-5106")
    page.fill("[name=offsets]", "1か月・3か月・6か月・12か月")
    press(page, "終結する")
    told(page, "終結しました")
    journey.look(page, "終結のあと")
    tell(journey, "支援を終えました。ご紹介ありがとうございました")


def test_from_a_sheet_to_a_year_after_the_closing(journey: Journey) -> None:
    journey.on(journey.day)
    hand_over(journey)
    agree(journey, "service")
    step(journey, "申込みを受ける")
    assess(journey)
    draft(journey)
    meet(journey, "plan", "approve")
    step(journey, "プランが決まった")
    agree(journey, "plan")
    journey.look(step(journey, "支援を始める"), "支援の始まり")
    settle(journey)
    close(journey)
    phone = journey.open_page(journey.case[3], journey.town, PHONE)
    for _ in range(4):
        contact = journey.due("post_closure_contact")[0]
        journey.on(contact.due_on)
        record(journey, phone, contact.id, host=False)
    assert journey.due("post_closure_contact") == []
    sender = journey.by("tsubaki", PHONE)
    sender.goto("/refer")
    expect(sender.locator("main")).to_contain_text("支援を終えました")
    sender.goto(f"/refer/{journey.case[1]}")
    for said in ("重層のケースとしてお受けします", "会議で決まったことをお伝えします", "ご紹介ありがとうございました"):
        expect(sender.locator("main")).to_contain_text(said)
    journey.look(sender, "一年あとのその後")


def reach_out(journey: Journey, method: str, reaction: str, text: str) -> None:
    """One contact before consent, with what is tried next."""
    page = course(journey)
    page.select_option("[name=o-method]", method)
    page.select_option("[name=o-reaction]", reaction)
    page.fill("[name=o-text]", text)
    page.fill("[name=o-next_step]", "来月もう一度")
    press(page, "働きかけを記録する")
    told(page, "記録しました")


def test_without_consent_until_a_late_yes(journey: Journey) -> None:
    journey.on(journey.day)
    hand_over(journey)
    page, label = course(journey), "同意なしの支援に移る"
    block = page.locator("details", has=page.locator(f"summary:has-text('{label}')"))
    if block.get_attribute("open") is None:
        block.locator("summary").click()
    block.locator("select[name$='-reason']").select_option("unreachable")
    block.locator("select[name$='-body']").select_option("city")
    block.locator(f"button:text-is('{label}')").click()
    told(page, "次の段階に進みました")
    reach_out(journey, "letter", "none", "手紙を置いた")
    page.goto(f"/people/{journey.case[2]}/match")
    expect(page.locator("main")).to_contain_text("同意")
    assert page.locator("main a:has-text('候補にする')").count() == 0
    journey.look(page, "同意のないときの照合")
    journey.on(journey.day + timedelta(days=45))
    reach_out(journey, "visit", "answered", "玄関先で話せた")
    journey.look(page, "働きかけ")
    agree(journey, "service")
    step(journey, "申込みを受ける")
    sender = journey.by("tsubaki", PHONE)
    sender.goto(f"/refer/{journey.case[1]}")
    expect(sender.locator("main")).to_contain_text("支援に向けて進めています")
    expect(sender.locator("main")).not_to_contain_text("手紙を置いた")
