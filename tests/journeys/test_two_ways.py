"""The two whole ways of the service over HTTP: with consent until a year after the closing, and without consent."""

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from service.cases.consent import PLAN, SERVICE
from service.cases.feedback.models import Feedback
from service.cases.models import Placement
from service.cases.referrals.models import Referral
from service.followup.placements.models import Sounding
from service.followup.visits.models import Visit
from tests.cast import World
from tests.journeys.walking import SHEET, Walk, ready

READY = {"insured_here": "y", "has_emergency_contact": "y", "costs_explained": "y"}
BOTH = {"met": "both", "person_says": "want", "host_says": "can", "person_face": "4", "host_face": "4", "state": "stable"}
CLOSING = {
    "evaluation": "週に一度、外に出た", "person_wish": "このまま通いたい", "host_wish": "来てもらえて助かる", "stays": "stays",
    "decision": "終結を決定", "report": "due", "consent": "given", "consent_method": "paper", "contact_name": "石井 大輔",
    "contact_agency": "社協", "contact_phone": "0467-00-5106", "how": "はがきで", "offsets": "1か月・3か月・6か月・12か月",
}  # fmt: skip
JUDGED = {"criteria": "is_complex", "is_tried": "y", "result": "juso", "decider": "真鍋", "told_state": "given"}


@pytest.fixture
def walk(world: World, monkeypatch: pytest.MonkeyPatch) -> Walk:
    return ready(world, monkeypatch)


def handed_over(walk: Walk) -> None:
    """大野 sends a sheet; it is acknowledged and decided that the case is one of ours."""
    with walk.by("大野"):
        walk.does("/refer/new", **SHEET)
    with walk.by("真鍋"):
        walk.does(f"{walk.sheet}/acknowledge", _version=str(walk.one(Referral).version))
        walk.does(
            f"{walk.sheet}/screen", _version=str(walk.case.version), decided_on=walk.today,
            told_text="重層のケースとしてお受けします", **JUDGED,
        )  # fmt: skip
    assert walk.case.status == "intent_check"


def agreed_and_planned(walk: Walk) -> None:
    """From the consent to a plan that a 重層的支援会議 with the city at the table has approved."""
    walk.agree(SERVICE)
    walk.step("apply")
    walk.step("assess")
    walk.answers_all()
    walk.step("plan")
    walk.drafts("週に一度、外に出る")
    walk.step("submit")
    walk.on(walk.day + timedelta(days=9))
    here = walk.meets("juso", "plan", "approve", absent=["青木"])
    assert walk.tells_everybody("プランが決まりました") == 2
    walk.finishes(here)
    walk.step("agree")
    walk.agree(PLAN)
    walk.step("start")


def settled(walk: Walk) -> None:
    """From the match to 定着: asked without a name, answered, offered, seen, tried, begun, and looked after."""
    opening, host = walk.world.ids["枠"], walk.world.ids["海の台所"]
    assert "海の台所" in walk.reads(f"{walk.person}/match")
    walk.does(f"{walk.person}/match/runs", reason="初回")
    walk.does(f"{walk.person}/placements", opening=opening, note="本人が選んだ")
    walk.act("sound", channel="phone")
    assert "浜田" not in walk.one(Sounding).text
    walk.act("answer", answer="conditional", conditions="午後なら", answered_by="店主")
    walk.act("offer")
    walk.act("reply", said="want", words="本の匂いが好き", on=walk.today)
    walk.does(
        f"/hosts/{host}/assessments", tasks="本の整理", people="店主と二人", place="静か", rules="なし", insurance="加入"
    )
    walk.does(
        f"{walk.person}/share/{host}", items=["name", "days"], method="paper", given_by="本人", decided_on=walk.today
    )  # fmt: skip
    walk.act("visit", on=walk.today, accompanied="青木")
    walk.act("trial", on=walk.today, days="月曜に2回", **READY)
    walk.act("start", on=walk.today, person_wants="y", host_accepts="y", slots="0:780", tasks="本の整理")
    for days in (33, 63, 94):
        walk.on(walk.day.replace(year=2026, month=12, day=3) + timedelta(days=days))
        due = [row for row in walk.due("visit_and_interview") if row.early_on <= walk.day]
        walk.records(due[0], **BOTH)
    walk.act("settle")
    walk.act("stable")
    assert walk.one(Placement).step == "stable"


def closed(walk: Walk) -> None:
    """The plan is looked back on, the meeting decides, and the person is not left without a name to call."""
    walk.evaluates("close")
    walk.step("review", note="定着したため")
    here = walk.meets("juso", "close", "close")
    walk.tells_everybody("終結することになりました")
    walk.finishes(here)
    page = walk.reads(f"{walk.person}/closing")
    assert "資源とつながっている" in page
    walk.does(
        f"{walk.person}/closing", _version=str(walk.case.version), evaluated_on=walk.today, decided_on=walk.today, **CLOSING
    )
    assert walk.tells_everybody("支援を終えました。ご紹介ありがとうございました") == 1


def test_from_a_sheet_to_a_year_after_the_closing(walk: Walk) -> None:
    handed_over(walk)
    with walk.by("青木"):
        agreed_and_planned(walk)
        settled(walk)
        closed(walk)
        closed_on = walk.day
        for months, connected in ((1, "yes"), (3, "yes"), (6, "thin"), (12, "yes")):
            contact = walk.due("post_closure_contact")[0]
            assert abs((contact.raw_on - closed_on).days - round(months * 30.44)) <= 3
            walk.on(contact.due_on)
            assert "浜田" in walk.reads("/followup/after")
            walk.records(contact, met="person", person_says="want", connected=connected, note="はがきの返事")
        assert walk.due() == []
    with walk.world.reading() as session:
        kept = session.scalars(select(Visit.connected).where(Visit.connected != "").order_by(Visit.done_on)).all()
        owed = session.scalar(select(func.count()).where(Feedback.state == "owed"))
    assert list(kept) == ["yes", "yes", "thin", "yes"]
    assert owed == 0
    with walk.by("大野"):
        mine = walk.reads(f"/refer/{walk.one(Referral).id}")
    for told in ("重層のケースとしてお受けします", "プランが決まりました", "終結することになりました", "支援を終えました"):
        assert told in mine


def nothing_of_the_other_track(walk: Walk) -> None:
    """No plan, no candidate, no sounding, no match, no 重層的支援会議 — by any form there is."""
    opening = walk.world.ids["枠"]
    refused = {
        f"{walk.person}/plans": {"_version": "0", "kind": "participation", "goal0_text": "外に出る"},
        f"{walk.person}/placements": {"opening": opening, "note": "内緒で"},
        f"{walk.person}/match/runs": {"reason": "ためしに"},
        f"{walk.person}/week/accept": {"time": f"{opening}:0:780", "ask": "1"},
    }
    for path, typed in refused.items():
        answer = walk.tries(path, **typed)
        assert answer.status_code in (403, 404, 409, 422), (path, answer.status_code)
    for step in ("apply", "assess", "plan", "submit", "agree", "start"):
        answer = walk.tries(f"{walk.person}/course/steps/{step}", _version=str(walk.case.version))
        assert answer.status_code in (404, 409), step
    text = walk.reads(f"{walk.person}/match")
    assert "海の台所" not in text
    assert "照合できません" in text or "同意" in text
    for model in (Placement, Sounding):
        with walk.world.reading() as session:
            assert session.scalar(select(func.count()).select_from(model)) == 0


def reaches_out(walk: Walk, method: str, reaction: str) -> None:
    """One contact before consent, with what is tried next."""
    said = {"on": walk.today, "method": method, "reaction": reaction, "text": "手紙を置いた", "next_step": "来月もう一度"}
    walk.does(f"{walk.person}/course/outreach", **{f"o-{name}": value for name, value in said.items()})


def without_consent(walk: Walk) -> None:
    """On the way without consent: contacts, a 支援会議 under secrecy, and a day to look again."""
    handed_over(walk)
    with walk.by("青木"):
        late = walk.tries(
            f"{walk.person}/course/steps/no_consent", _version=str(walk.case.version),
            **{"no_consent-reason": "refused", "no_consent-review_on": "R9.3.1"},
        )  # fmt: skip
        assert late.status_code == 409
        walk.step("no_consent", reason="unreachable", review_on="R9.1.20", body="city")
        nothing_of_the_other_track(walk)
        reaches_out(walk, "letter", "none")
        reaches_out(walk, "visit", "met")
    with walk.by("真鍋"):
        here = walk.meets("support", "share", "share")
        assert walk.tells_everybody("手紙と訪問を続けます") >= 1
        walk.finishes(here)


def test_without_consent_nothing_is_matched_and_a_late_yes_opens_the_way(walk: Walk) -> None:
    without_consent(walk)
    walk.on(date(2027, 1, 18))
    with walk.by("青木"):
        walk.step("review_without", review_on="R9.3.15", body="city")
        nothing_of_the_other_track(walk)
        walk.on(date(2027, 3, 10))
        reaches_out(walk, "visit", "answered")
        walk.agree(SERVICE)
        walk.step("apply")
        assert walk.case.status == "applied"
        assert "海の台所" in walk.reads(f"{walk.person}/match")
    with walk.by("大野"):
        mine = walk.reads(f"/refer/{walk.one(Referral).id}")
    assert "手紙と訪問を続けます" in mine
    assert "手紙を置いた" not in mine


def test_without_consent_a_year_of_contacts_is_a_year_of_days_to_look_again(walk: Walk) -> None:
    without_consent(walk)
    with walk.by("青木"):
        for _ in range(6):
            review_on = walk.case.review_on
            assert review_on is not None
            assert (review_on - walk.day).days <= 60
            walk.on(review_on)
            reaches_out(walk, "letter", "none")
            following = walk.day + timedelta(days=60)
            walk.step("review_without", review_on=f"R{following.year - 2018}.{following.month}.{following.day}", body="city")
        assert walk.day > date(2027, 11, 1)
        assert walk.reads(f"{walk.person}/course").count("手紙を置いた") >= 6
        nothing_of_the_other_track(walk)
        late = walk.tries(
            f"{walk.person}/closing", _version=str(walk.case.version), evaluated_on=walk.today, decided_on=walk.today, **CLOSING
        )  # fmt: skip
        assert late.status_code == 409
        assert "支援に入る前のケースは終結できません" in late.text
