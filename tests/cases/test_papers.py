"""書類: what is known is filled in, what is not is a blank, and nothing is printed that the person has not agreed to."""

import re
import subprocess
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from service.cases.models import Consent, Household, Need, Person, SupportCase
from service.cases.papers.anonymous import Profile, band_of, names_in, people_alike
from service.cases.papers.application import CONSENT, application_paper
from service.cases.papers.known import Known
from service.cases.papers.readings import UNREAD, with_readings
from service.cases.papers.sheet import sheets
from service.cases.plans.models import Plan
from service.cases.plans.paper import plan_paper
from service.cases.referrals.models import Referral
from service.followup.closing.models import AfterCare
from service.followup.closing.paper import notice_paper
from service.followup.sharing.paper import consent_paper
from service.kernel.audit import AuditEntry
from service.resources.models import Host
from service.web.print.document import Document, NewPage, document_data
from service.web.print.render import render_pdf
from service.web.print.sheets import Letterhead
from tests.cast import NOW, TODAY, World, open_case

HEAD = Letterhead("用紙", "汐見市", "社会福祉協議会", "取扱注意", "青木", "令和8年11月24日")
ON_CONSENT = ("intake.pdf", "national.pdf")
ALWAYS = ("application.pdf", "no-consent.pdf")
ADDRESS, PHONE = "汐見市岡本一丁目2-3", "0467-11-2222"


def text_of(pdf: bytes) -> str:
    """The text of a PDF without spaces."""
    done = subprocess.run(["pdftotext", "-layout", "-", "-"], input=pdf, capture_output=True, check=True)
    return re.sub(r"\s", "", done.stdout.decode())


def pages_of(pdf: bytes) -> int:
    done = subprocess.run(["pdfinfo", "-"], input=pdf, capture_output=True, check=True)
    return int(re.search(r"Pages:\s+(\d+)", done.stdout.decode())[1])  # type: ignore[index]


@pytest.fixture
def known_person(town_with_a_case: World) -> World:
    """佐倉 with an address, a sheet and two answers; her mother lives with her."""
    world = town_with_a_case
    with world.writing() as session:
        person = session.get_one(Person, world.ids["佐倉"])
        person.name, person.kana, person.address, person.phone = "𠮷田 みお", "よしだ みお", ADDRESS, PHONE
        case = session.scalars(select(SupportCase).where(SupportCase.household_id == person.household_id)).one()
        mother = Person(
            household_id=person.household_id, position=1, relation="母", name="吉田 よう", birth_on=date(1976, 2, 29)
        )
        sheet = Referral(
            case_id=case.id, came_by="phone", received_on=TODAY, received_at=NOW, from_agency="包括", from_person="大野",
            troubles=["isolation", "family"], pressing="isolation", story="家から出にくい", acknowledge_due_on=TODAY, screening_due_on=TODAY,
        )  # fmt: skip
        session.add_all([
            mother, sheet, Need(person_id=person.id, attribute="session", value=90, strength="hard", why="それ以上は疲れる"),
            Need(person_id=person.id, attribute="smoke", value=None, strength="hard"),
        ])  # fmt: skip
        session.flush()
        world.ids |= {"母": mother.id, "ケース": case.id}
    return world


def printed(world: World, name: str, who: str = "佐倉", status: int = 200) -> str:
    with world.visit() as aoki:
        answer = aoki.get(f"/people/{world.ids[who]}/papers/{name}")
    assert answer.status_code == status
    return text_of(answer.content) if status == 200 else str(answer.text)


def say(world: World, state: str, until: date | None = None, who: str = "佐倉") -> None:
    with world.writing() as session:
        session.add(Consent(person_id=world.ids[who], scope="service", state=state, until=until, decided_on=TODAY,
                            recorded_at=NOW + timedelta(minutes=5), recorded_by="青木"))  # fmt: skip


@pytest.mark.parametrize("name", [*ON_CONSENT, *ALWAYS])
def test_what_is_known_is_filled_in_and_nothing_unknown_has_a_word(known_person: World, name: str) -> None:
    text = printed(known_person, name)
    assert "𠮷田みお" in text
    assert ADDRESS in text
    assert "None" not in text
    assert "〓" not in text


def test_the_sheet_in_the_order_of_the_ministry_has_four_pages_with_what_we_know(known_person: World) -> None:
    with known_person.visit() as aoki:
        pdf = aoki.get(f"/people/{known_person.ids['佐倉']}/papers/national.pdf").content
    text = text_of(pdf)
    assert pages_of(pdf) == 4
    assert "家から出にくい" in text
    assert "それ以上は疲れる" in text
    assert "◎孤立" in text
    assert "吉田よう" in text


def test_another_order_of_the_sheet_is_another_file_and_no_other_code() -> None:
    fields = [field for sheet in sheets().values() for block in sheet["block"] for field in block.get("fields", ())]
    assert sum(field.get("must", False) for field in fields) > 15
    assert [sum(block["kind"] == "page" for block in sheet["block"]) for sheet in sheets().values()] == [0, 3]


@pytest.mark.parametrize("state", ["refused", "withdrawn", "asked"])
def test_after_a_no_only_the_papers_that_need_no_yes_are_printed(known_person: World, state: str) -> None:
    say(known_person, state)
    for name in ON_CONSENT:
        assert "刷れません" in printed(known_person, name, status=409)
    for name in ALWAYS:
        printed(known_person, name)
    anonymous = 200 if state == "asked" else 409
    with known_person.visit() as aoki:
        assert aoki.get(f"/people/{known_person.ids['佐倉']}/papers/anonymous").status_code == anonymous
        assert "刷れません" in aoki.get(f"/people/{known_person.ids['佐倉']}/papers").text


def test_a_consent_past_its_day_prints_no_more_than_none(known_person: World) -> None:
    say(known_person, "given", TODAY - timedelta(days=1))
    assert "期限切れ" in printed(known_person, "national.pdf", status=409)


def test_of_a_member_who_took_it_back_the_sheet_says_only_that_somebody_is_there(known_person: World) -> None:
    assert "吉田よう" in printed(known_person, "intake.pdf")
    say(known_person, "withdrawn", who="母")
    text = printed(known_person, "intake.pdf")
    assert "吉田よう" not in text
    assert "同意がないため書きません" in text


def test_a_locked_case_keeps_address_and_telephone_off_every_paper(known_person: World) -> None:
    with known_person.writing() as session:
        session.get_one(SupportCase, known_person.ids["ケース"]).locked = True
    for name in (*ON_CONSENT, *ALWAYS):
        text = printed(known_person, name)
        assert "非開示" in text
        assert ADDRESS not in text
        assert PHONE not in text


def test_every_print_is_recorded(known_person: World) -> None:
    names = ("application", "no_consent", "intake", "national")
    for name in (*ALWAYS, *ON_CONSENT):
        printed(known_person, name)
    with known_person.reading() as session:
        rows = session.scalars(select(AuditEntry.object_type).where(AuditEntry.action == "print")).all()
    assert list(rows) == list(names)


def test_every_paper_is_two_clicks_from_the_case(known_person: World) -> None:
    with known_person.visit() as aoki:
        assert f"/people/{known_person.ids['佐倉']}/papers" in aoki.get(f"/people/{known_person.ids['佐倉']}").text
        page = aoki.get(f"/people/{known_person.ids['佐倉']}/papers").text
        for href in re.findall(r'href="([^"]+\.pdf)"', page):
            assert aoki.get(href).status_code == 200, href


def test_the_paper_without_a_consent_has_no_line_to_sign_on_and_asks_for_grounds(known_person: World) -> None:
    text = printed(known_person, "no-consent.pdf")
    assert "署名のない用紙です" in text
    assert "代わりの方" not in text
    assert "社会福祉法第106条の6" in text


def unread(document: Document) -> Iterator[str]:
    """Words of ours with no reading above them; what somebody typed is left as it was typed."""
    data: dict[str, Any] = document_data(document)
    texts = [data["said_title"], data["intro"]]
    for block in data["blocks"]:
        texts += [
            block["title"],
            *block.get("lines", ()),
            *block.get("words", ()),
            *block.get("heads", ()),
            *block.get("paragraphs", ()),
        ]
        texts += [each["label"] for each in (*block.get("facts", ()), *block.get("checks", ()))]
    yield from (word for text in texts for word, reading in text if not reading and UNREAD.search(word))


def test_no_word_of_ours_on_a_paper_for_the_person_lacks_its_reading(known_person: World) -> None:
    care = AfterCare(closed_on=date(2028, 2, 29), contact_name="いしい", is_agreed=True, offsets=["1m"], how="", checked={})
    with known_person.reading() as session:
        case = session.get_one(SupportCase, known_person.ids["ケース"])
        notice = notice_paper(
            known_person.town, known_person.actor("青木"), case, Person(name="佐倉", kana="さくら"), care, NOW
        )
    assert list(unread(application_paper(Known({}, {}, {}), HEAD))) == []
    assert list(unread(notice)) == []
    printed = text_of(render_pdf("document", document_data(notice)))
    assert [empty for empty in ("あなたの", "連絡のしかた") if empty in printed] == []
    plan = Plan(kind="outreach", seq=1, made_on=TODAY, goals=[], tasks=[], person_words="", person_part="", participation="")
    with known_person.reading() as session:
        case = session.get_one(SupportCase, known_person.ids["ケース"])
        paper = plan_paper(
            known_person.town, known_person.actor("青木"), case, Person(name="佐倉", kana="さくら"), plan, NOW
        )
    assert list(unread(paper)) == []
    host = Host(id="h", name="海の台所", kana="うみのだいどころ")
    sharing = consent_paper(
        Person(name="佐倉", kana="さくら", consents=[]), host, known_person.town, known_person.actor("青木"), NOW
    )
    assert list(unread(sharing)) == []
    assert all("《" in with_readings(text) for text in CONSENT)


@pytest.mark.parametrize(
    ("day", "said"),
    [(date(2028, 2, 29), "令和10年2月29日(火)"), (date(2019, 5, 1), "令和元年5月1日(水)"), (date(2019, 4, 30), "平成31年4月30日(火)"),
     (date(2027, 1, 31), "令和9年1月31日(日)")],
)  # fmt: skip
def test_days_are_printed_as_the_calendar_has_them(known_person: World, day: date, said: str) -> None:
    care = AfterCare(closed_on=day, contact_name="石井", contact_agency="包括", contact_phone="0467", is_agreed=False, offsets=[],
                     how="", checked={"lines": [["本人の意向", "また来たい"]]})  # fmt: skip
    with known_person.reading() as session:
        case, person = (
            session.get_one(SupportCase, known_person.ids["ケース"]),
            session.get_one(Person, known_person.ids["佐倉"]),
        )
        paper = notice_paper(known_person.town, known_person.actor("青木"), case, person, care, NOW)
    text = text_of(render_pdf("document", document_data(paper)))
    assert said.replace("(", "（").replace(")", "）") in text.replace("(", "（").replace(")", "）")
    assert "また来たい" in text
    assert "石井" in text


def test_a_page_begins_where_the_sheet_says_so() -> None:
    pdf = render_pdf("document", document_data(Document(HEAD, (NewPage(), NewPage()))))
    assert pdf.startswith(b"%PDF")


def anonymous(world: World, **typed: Any) -> Any:
    with world.visit() as aoki:
        return aoki.submit(f"/people/{world.ids['佐倉']}/papers/anonymous.pdf", typed)


def crowd(world: World, size: int) -> None:
    with world.writing() as session:
        for number in range(size):
            open_case(session, world.ids["青木"], f"隣人{number} 一")


def test_the_nameless_paper_warns_where_fewer_than_five_fit(known_person: World) -> None:
    told = {"age_band": "20代", "district": "岡本"}
    refused = anonymous(known_person, **told)
    assert refused.status_code == 422
    assert "<b>1</b>人" in refused.text
    assert "5人より少ない" in refused.text
    assert anonymous(known_person, **told, is_certain="y").status_code == 200
    crowd(known_person, 4)
    text = text_of(anonymous(known_person, **told).content)
    assert "20代" in text
    assert "岡本" in text


def test_the_nameless_paper_has_no_word_of_the_record_and_no_name_of_the_household(known_person: World) -> None:
    text = text_of(
        anonymous(known_person, age_band="20代", troubles=["isolation"], words="静かな所で", is_certain="y").content
    )
    assert "静かな所で" in text
    assert "孤立" in text
    for secret in ("家から出にくい", "みお", "包括", "大野", ADDRESS, "岡本", "社会福祉協議会"):
        assert secret not in text
    for wrong in ("吉田さんは", "ミオさん", f"住まいは{ADDRESS}", f"電話{PHONE}", "よしだみお"):
        refused = anonymous(known_person, words=wrong, is_certain="y")
        assert refused.status_code == 422, wrong
        assert "消してください" in refused.text
        assert wrong in refused.text


def test_a_district_of_somebody_else_is_never_printed_as_this_ones(known_person: World) -> None:
    text = text_of(anonymous(known_person, district="よその町", age_band="90代", is_certain="y").content)
    assert "よその町" not in text
    assert "90代" not in text


def test_a_name_of_one_letter_is_found_where_somebody_is_called_by_it() -> None:
    people, case = [Person(name="森 一", kana="", phone="", address="")], SupportCase(number="R8-001")
    assert names_in("森の中で、一番静かな所", people, case) == []
    assert names_in("森さんは", people, case) == ["森"]


def test_how_many_fit_is_counted_over_every_open_case(known_person: World) -> None:
    with known_person.writing() as session:
        other = open_case(session, known_person.ids["石井"], "田村 りく", locked=True)
        gone = open_case(session, known_person.ids["石井"], "浜 なぎ")
        case = session.scalars(select(SupportCase).join(Household).where(Household.id == gone.household_id)).one()
        case.status = "closed"
        assert other.birth_on
    with known_person.reading() as session:
        assert people_alike(session, Profile("20代"), TODAY) == 2
        assert people_alike(session, Profile("20代", "", {"isolation"}), TODAY) == 1
    assert [band_of(day, TODAY) for day in (None, date(1940, 1, 1), date(2020, 2, 29))] == ["", "80代以上", "10歳未満"]


def test_before_the_closing_there_is_no_notice(known_person: World) -> None:
    with known_person.visit() as aoki:
        assert "終結していない" in aoki.get(f"/people/{known_person.ids['佐倉']}/closing/notice.pdf").text


def test_after_it_was_taken_back_no_match_sounding_or_call_is_printed(known_person: World) -> None:
    for state in ("given", "withdrawn"):
        say(known_person, state)
        with known_person.visit() as aoki:
            for name in ("match/print.pdf", "match/sounding.pdf", "match/phone.pdf"):
                answer = aoki.get(f"/people/{known_person.ids['佐倉']}/{name}")
                assert answer.content.startswith(b"%PDF") is (state == "given"), name


def test_a_plan_to_sign_is_printed_with_the_application_alone(known_person: World) -> None:
    with known_person.writing() as session:
        plan = Plan(case_id=known_person.ids["ケース"], kind="outreach", seq=1, made_on=TODAY, made_at=NOW, made_by="青木")
        session.add(plan)
        session.flush()
        where = f"/people/{known_person.ids['佐倉']}/plans/{plan.id}/plan.pdf"
    with known_person.visit() as aoki:
        text = text_of(aoki.get(where).content)
        assert "アウトリーチ" in text
        assert "参加支援" in text
        assert "None" not in text
    say(known_person, "withdrawn")
    with known_person.visit() as aoki:
        assert aoki.get(where).status_code == 409
