"""A furnished town: something behind every address, and the means to see whether a request changed anything."""

import re
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Table, delete, insert, select, text
from sqlalchemy.orm import Session

from service.accounts.models import AccessSetting, Approval, User
from service.accounts.roles import AUDITOR, HOST
from service.accounts.sessions import digest, issue_token
from service.cases.course.models import CaseMember
from service.cases.feedback.models import Feedback
from service.cases.glass import BreakGlass
from service.cases.models import AvoidPair, AvoidRule, Consent, Person, Placement, SupportCase
from service.cases.plans.models import Plan
from service.cases.referrals.models import AdviceRequest, Referral, ReferralFile
from service.followup.feeds.addresses import make_feed
from service.followup.placements.ladder import LIMITS
from service.followup.placements.ladders import current_ladder, keep_ladder, seed_ladder
from service.followup.placements.models import HostWord, Sounding
from service.followup.planning.differing import Change, Slot, to_json
from service.followup.planning.models import PlanRun, StaffTime
from service.followup.planning.numbers import shipped
from service.followup.policies import PLANNER, presets
from service.followup.policies import RHYTHM as RHYTHM_POLICY
from service.followup.rhythms.forms import say_offsets
from service.followup.tasks.models import FollowUp, Suggestion
from service.followup.visits.models import Adjustment, Visit
from service.kernel.clock import day_in_japan
from service.kernel.db import Base, new_id
from service.kernel.outbox.posting import post
from service.matching.joint.asking import JointAsk
from service.matching.joint.gather import gather
from service.matching.joint.models import DONE, JointLeft, JointLine, JointRun
from service.matching.joint.stored import instance_of
from service.meetings.models import ActionItem, AgendaItem, Meeting, Seat
from service.reports.models import ReportDecision
from service.reports.numbers import REPORTS
from service.reports.periods import Period
from service.reports.releasing import ask_release
from service.resources.agencies.importing import BATCH as AGENCIES
from service.resources.agencies.models import Agency, ResourceDevelopment
from service.resources.doors import HostMember
from service.resources.exchange.sealing import TO_STAFF, seal_file
from service.resources.files import ExchangedFile, ImportBatch
from service.resources.links import OPENINGS, make_agency_link, make_link, signed_agency_link
from service.resources.models import HostPerson, Opening, Remark, ResourceGap, VocabularyEntry
from service.resources.policies import CALENDAR, keep, town_calendar
from service.resources.town_words import TOWN
from service.web.permission import PUBLIC, handlers_of
from tests.cast import NOW, OTHERS, TODAY, World, add_host, hire_staff, open_case
from tests.resources.kodomo_rows import GOOD, csv_of

NOT_DATA = {"audit_entry", "auth_session", "once_key", "sign_in_brake"}
"""Tables that record what people did rather than what the town knows."""

ABSENT = "0" * 31 + "f"
RELATIONS = ("own", "other", "locked-own", "locked-other", "there", "other-host", "member", "not", "absent", "-")
"""Whose case it is, seen by 青木: hers, 石井's, and the same when locked; of the catalogue: there or absent.
On the hosts' pages `there` is of the host that 店主 belongs to, `other-host` of another one. On the pages of other agencies
`member` is a case 宮本 works on, `not` one that is nobody's of hers."""
HOST_PAGES = "/host/"
WORDS_OF_ADDRESSES = {"act": "decline", "step": "plan", "move": "cancel"}
"""What stands in an address where a word is asked for rather than an id."""


@dataclass(frozen=True)
class House:
    """The town with the ids that stand for each relation."""

    world: World
    ids: Mapping[str, Mapping[str, str]]

    def address(self, path: str, relation: str) -> str:
        """An address with real ids in its places; the first is absent where that is asked."""
        places = re.findall(r"{(\w+)}", path)
        known = {
            **self.ids["own"],
            **self.ids["there"],
            "file_path": "app.css",
            "path": "nothing",
            **WORDS_OF_ADDRESSES,
            **self.ids["member"],
            **self.ids.get(relation, {}),
        }
        if relation == "absent":
            known[places[0]] = ABSENT
        return path.format(**{place: known[place] for place in places})


def furnish(world: World) -> House:
    """Four households, a host with all it can have, a file waiting to be confirmed, and an unmet need."""
    with world.writing() as session:
        keep_ladder(session, world.actor("青木"), current_ladder(session), NOW)
        for name, body in (
            (RHYTHM_POLICY, presets()["default"].to_json()), (CALENDAR, {"closed": {}}), (PLANNER, shipped().to_json()), (TOWN, {"own": {}})
        ):  # fmt: skip
            keep(session, world.actor("北条"), name, body, NOW)
        open_case(session, world.ids["青木"], "石田 けい")
        host, opening = add_host(session, step_free=True)
        there = {
            "host_id": host.id,
            "opening_id": opening.id,
            "site_id": opening.site_id,
            "key": "step_free",
            "preset_key": "itaku",
        }
        session.add(HostPerson(host_id=host.id, name="佐藤", role="店主"))
        session.add(Remark(host_id=host.id, at=NOW, author="青木", text="昼は混む"))
        batch = ImportBatch(kind="kodomo-shokudo", filename="a.csv", digest="d", content=csv_of([GOOD]), read_at=NOW,
                            read_by="青木")  # fmt: skip
        gap = ResourceGap(recorded_at=NOW, recorded_by="青木", code="R-DAY", summary="足りない", age_band="20〜39歳",
                          district="岡本")  # fmt: skip
        message = post(session, key="fresh:1", kind="fresh", to_type="host", to_id=host.id, subject="今月の確認", body="いかがですか",
                       by="青木", now=NOW)  # fmt: skip
        session.add_all([batch, gap])
        session.flush()
        there |= {"batch_id": batch.id, "message_id": message.id}
        there |= _directory(session, gap.id)
        there |= _exchanged(session, world, there)
        ids = {"there": there, "-": {}}
        for relation, name, assigned, locked in (
            ("own", "佐倉 みお", "青木", False),
            ("other", "田村 りく", "石井", False),
            ("locked-own", "白石 ゆう", "青木", True),
            ("locked-other", "黒木 なお", "石井", True),
        ):
            ids[relation] = _household(session, world.ids[assigned], name, locked, host.id)
        there |= _joint_run(session, world, ids)
        _, shelf = add_host(session, "海の文庫", step_free=True)
        word = HostWord(host_id=shelf.host_id, kind="worry", on=TODAY, text="人手が足りない", at=NOW, by="店主")
        session.add(word)
        session.flush()
        there["word_id"] = word.id
        for relation in ("own", "other", "locked-own", "locked-other"):
            ids[relation]["placement_id"] = _candidate(session, ids[relation]["rival_id"], shelf.id)
            ids[relation]["follow_up_id"] = _follow_up(session, ids[relation]["person_id"], shelf.host_id, "other")
            ids[relation]["suggestion_id"] = _suggestion(session, ids[relation]["follow_up_id"])
            ids[relation]["record_id"] = _record(session, ids[relation]["follow_up_id"], world.ids["青木"])
            ids[relation] |= _sheet(session, ids[relation]["person_id"], ids[relation]["rival_id"])
            ids[relation] |= _arranged(session, ids[relation]["placement_id"])
        world.ids |= hire_staff(session, OTHERS)
        there |= _meeting(session, world.ids["土屋"]) | {
            "own_referral_id": _sent(session, world.ids["大野"], ids["other"]["rival_id"])
        }
        there |= {"own_file_id": _paper_of(session, there["own_referral_id"])}
        there |= _invited(session, world.ids["大野"])
        there |= _doors(session, world, there) | _asked(session, world.ids["大野"])
        for relation in ("own", "other", "locked-own", "locked-other"):
            ids[relation] |= _member(session, world, ids[relation]["person_id"])
        ids["member"] = {"case_id": _case_of(session, ids["own"]["person_id"]).id}
        ids["not"] = {"case_id": _case_of(session, ids["own"]["rival_id"]).id}
        there |= _opened(session, world, ids["other"]["rival_id"], ids["locked-other"]["person_id"])
        there |= _plan(session, world, ids["own"]["person_id"], shelf.host_id)
        there |= _face_of(session, world, opening, "来島 はる", ("店主", "手伝い"))
        taken = StaffTime(
            user_id=world.ids["青木"], kind="leave", start_at=NOW + timedelta(days=8000), end_at=NOW + timedelta(days=9000)
        )
        session.add(taken)
        session.flush()
        there["time_id"] = taken.id
        there |= _figures(session, world) | _accounts(session, world)
        there["session_id"] = digest(issue_token(session, session.get_one(User, world.ids["青木"]), datetime.now(UTC)))
        there["feed"] = f"{make_feed(session, world.ids['石井'], datetime.now(UTC))}.ics"
        _, other = add_host(session, "川の工房", step_free=True)
        ids["other-host"] = _face_of(session, world, other, "川端 よう", ("川の主",))
        ids["other-host"]["opening_id"] = other.id
    return House(world, ids)


def _sheet(session: Session, person_id: str, rival_id: str) -> dict[str, str]:
    """A つなぐシート about the acquaintance, acknowledged and to be decided; what is still owed; a plan of the person's own."""
    first, second = (_case_of(session, each) for each in (rival_id, person_id))
    first.status = "screening"
    sheet = Referral(case_id=first.id, came_by="phone", received_on=TODAY, received_at=NOW, from_agency="包括", from_person="大野",
                     acknowledge_due_on=TODAY, screening_due_on=TODAY, acknowledged_on=TODAY)  # fmt: skip
    owed = Feedback(case_id=first.id, about="screening", to_role="referrer", to_name="大野", due_on=TODAY, made_at=NOW)
    plan = Plan(case_id=second.id, kind="participation", seq=1, status="active", made_on=TODAY, made_at=NOW, made_by="青木")
    draft = Plan(case_id=second.id, kind="participation", seq=2, made_on=TODAY, made_at=NOW, made_by="青木")
    session.add_all([sheet, owed, plan, draft])
    session.flush()
    return {"referral_id": sheet.id, "file_id": _paper_of(session, sheet.id), "feedback_id": owed.id, "own_plan_id": plan.id}


def _sent(session: Session, user_id: str, person_id: str) -> str:
    """A sheet a つなぎ元 has sent by their own sign-in."""
    sheet = Referral(case_id=_case_of(session, person_id).id, came_by="own", received_on=TODAY, received_at=NOW,
                     from_agency="包括", from_person="大野", referrer_id=user_id, acknowledge_due_on=TODAY,
                     screening_due_on=TODAY, acknowledged_on=TODAY)  # fmt: skip
    session.add(sheet)
    session.flush()
    return sheet.id


def _paper_of(session: Session, sheet_id: str) -> str:
    """A paper beside a sheet."""
    row = ReferralFile(
        referral_id=sheet_id, name="資料.pdf", kind="pdf", size=8, content=b"%PDF-1.7", added_at=NOW, added_by="大野"
    )
    session.add(row)
    session.flush()
    return row.id


def _asked(session: Session, user_id: str) -> dict[str, str]:
    """What a つなぎ元 asked without a sheet."""
    row = AdviceRequest(asked_by_id=user_id, asked_at=NOW, from_agency="包括", from_person="大野", asked="声のかけ方")
    session.add(row)
    session.flush()
    return {"request_id": row.id}


def _doors(session: Session, world: World, there: Mapping[str, str]) -> dict[str, str]:
    """A door by which a sheet was sent, and one that can be shut."""
    used, unused = (make_agency_link(session, world.town.key, there["agency_id"], "青木", NOW) for _ in range(2))
    links = [signed_agency_link(session, world.town.key, token) for token in (used, unused)]
    for link, about in zip(links, (there["own_referral_id"], ""), strict=True):
        assert link is not None
        link.about_id, link.expires_at = about, NOW + timedelta(days=3650)
    session.flush()
    return {"door": used, "unused_door": unused, "door_id": str(links[1] and links[1].id)}


def _case_of(session: Session, person_id: str) -> SupportCase:
    household = select(Person.household_id).where(Person.id == person_id).scalar_subquery()
    return session.scalars(select(SupportCase).where(SupportCase.household_id == household)).one()


def _directory(session: Session, gap_id: str) -> dict[str, str]:
    """An agency, a list of agencies waiting to be confirmed, and what is undertaken about the unmet need."""
    agency = Agency(name="こども相談課", kind="section", section="こども相談課", search_text="コドモ")
    batch = ImportBatch(kind=AGENCIES, filename="b.csv", digest="g", content=AGENCY_LIST, read_at=NOW, read_by="青木")
    row = ResourceDevelopment(gap_id=gap_id, what="電話する", who="青木", until_on=TODAY, made_at=NOW, made_by="青木")
    session.add_all([agency, batch, row])
    session.flush()
    return {"agency_id": agency.id, "list_id": batch.id, "gap_id": gap_id, "development_id": row.id}


def _meeting(session: Session, guest_id: str) -> dict[str, str]:
    """A 重層的支援会議 to come, with a seat, a guest's too, a matter of its own and a task."""
    meeting = Meeting(kind="juso", name="会議", convenor="社協", on=TODAY, made_at=NOW, made_by="青木", invited_on=TODAY,
                      window_until=TODAY + timedelta(days=3650))  # fmt: skip
    session.add(meeting)
    session.flush()
    session.add(Seat(meeting_id=meeting.id, user_id=guest_id, name="土屋", agency="訪問看護", role="guest"))
    seat = Seat(meeting_id=meeting.id, name="真鍋", agency="汐見市", is_municipal=True)
    item = AgendaItem(meeting_id=meeting.id, position=1, title="話し合い", purpose="share")
    settled = AgendaItem(meeting_id=meeting.id, position=2, title="前の話", purpose="share", decision="share")
    session.add_all([seat, item, settled])
    session.flush()
    action = ActionItem(item_id=settled.id, what="電話する", owner="青木", due_on=TODAY)
    session.add(action)
    session.flush()
    return {"meeting_id": meeting.id, "seat_id": seat.id, "item_id": item.id, "action_id": action.id}


def _invited(session: Session, user_id: str) -> dict[str, str]:
    """A つなぎ元 is invited to a meeting to come."""
    meeting = Meeting(kind="juso", name="会議", convenor="社協", on=TODAY + timedelta(days=3650), made_at=NOW, made_by="青木",
                      status="invited", invited_on=TODAY)  # fmt: skip
    session.add(meeting)
    session.flush()
    seat = Seat(meeting_id=meeting.id, user_id=user_id, name="大野", agency="包括")
    session.add(seat)
    session.flush()
    return {"own_seat_id": seat.id}


def _member(session: Session, world: World, person_id: str) -> dict[str, str]:
    """宮本 of another agency works on a case."""
    row = CaseMember(
        case_id=_case_of(session, person_id).id, user_id=world.ids["宮本"], agency="訪問看護", since=NOW, added_by="青木"
    )
    session.add(row)
    session.flush()
    return {"case_member_id": row.id}


def _accounts(session: Session, world: World) -> dict[str, str]:
    """Somebody about whom 石井 has asked for a new password."""
    user = User(login_name="hatano", name="波多野", password_hash="x", roles=[AUDITOR])
    session.add(user)
    session.flush()
    question = Approval(kind="password-reset", user_id=user.id, reason="忘れた", asked_at=datetime.now(UTC), asked_by="石井",
                        asked_by_id=world.ids["石井"])  # fmt: skip
    session.add(question)
    session.flush()
    return {"account_id": user.id, "question_id": question.id}


def _opened(session: Session, world: World, person_id: str, locked_id: str) -> dict[str, str]:
    """A case 北条 holds open in an emergency, and what the town decided about its doors."""
    now = datetime.now(UTC)
    row = BreakGlass(case_id=_case_of(session, person_id).id, user_id=world.ids["北条"], opened_by="北条", reason="電話があった",
                     opened_at=now, until=now + timedelta(days=3650))  # fmt: skip
    session.add_all([row, AccessSetting(glass_minutes=60, second_factor=[])])
    session.flush()
    return {"glass_id": row.id, "locked_number": _case_of(session, locked_id).number, "member_user_id": world.ids["宮本"]}


def _figures(session: Session, world: World) -> dict[str, str]:
    """Figures of one quarter that have left the office, and of another that wait for a second person; 青木 asked for both."""
    keep(session, world.actor("北条"), REPORTS, {"few": 5}, NOW)
    out = ask_release(session, world.actor("青木"), Period(2025, 0, 3), NOW)
    session.add(ReportDecision(snapshot_id=out.id, released_period=out.period, at=NOW, by="北条", by_id=world.ids["北条"]))
    session.flush()
    return {"release_id": out.id, "waiting_id": ask_release(session, world.actor("青木"), Period(2025, 3, 3), NOW).id}


def _exchanged(session: Session, world: World, there: Mapping[str, str]) -> dict[str, str]:
    """A file from the hosts' network that waits to be confirmed, and one that was taken in."""
    nothing = {"taken": {"opening": 1}, "unchanged": 0, "clashes": [], "bad": [], "changes": []}
    batch = ImportBatch(kind="exchange", filename="a.txt", digest="e", content=file_from_hosts(world, there, free=1),
                        read_at=NOW, read_by="青木", outcome=nothing)  # fmt: skip
    file = ExchangedFile(direction=f"{TO_STAFF} in", digest="f", at=NOW, by="青木", counts=nothing)
    session.add_all([batch, file])
    session.flush()
    return {"exchange_id": batch.id, "exchanged_id": file.id}


def _candidate(session: Session, person_id: str, opening_id: str) -> str:
    placement = Placement(person_id=person_id, opening_id=opening_id, step="candidate", since=TODAY, recorded_by="青木",
                          reason="本人が選んだ")  # fmt: skip
    session.add(placement)
    session.flush()
    return placement.id


def _follow_up(session: Session, person_id: str, host_id: str, host_answer: str) -> str:
    """A visit planned for a day long to come; the host has offered another time, or was asked."""
    household = select(Person.household_id).where(Person.id == person_id).scalar_subquery()
    case = session.scalars(select(SupportCase).where(SupportCase.household_id == household)).one()
    on = TODAY + timedelta(days=1800)
    row = FollowUp(key=f"visit:{person_id}", case_id=case.id, person_id=person_id, host_id=host_id, rule="visit", sequence=1,
                   kind="host_visit", raw_on=on, due_on=on, early_on=on, late_on=on, minutes=45, staff_id=case.assigned_id,
                   on=on, start_min=600, created_at=NOW, host_answer=host_answer, host_offers=[[on.isoformat(), 660]],
                   escalation=1, escalated_at=NOW, earlier=[case.assigned_id, on.isoformat(), 540])  # fmt: skip
    session.add(row)
    session.flush()
    return row.id


def _record(session: Session, follow_up_id: str, by_id: str) -> str:
    """What was seen at a visit."""
    of = session.get_one(FollowUp, follow_up_id)
    row = Visit(follow_up_id=of.id, case_id=of.case_id, person_id=of.person_id, client_id=of.id, kind=of.kind, done_on=TODAY,
                recorded_at=NOW, recorded_by="青木", recorded_by_id=by_id, met_person=True, person_says="want", wish="続けたい")  # fmt: skip
    session.add(row)
    session.flush()
    return row.id


def _arranged(session: Session, placement_id: str) -> dict[str, str]:
    """Something to be arranged at the place the acquaintance may go to."""
    row = Adjustment(placement_id=placement_id, what="30分にする", who="店主", until_on=TODAY, made_at=NOW, made_by="青木")
    session.add(row)
    session.flush()
    return {"adjustment_id": row.id, "arranged_at_id": placement_id}


def _suggestion(session: Session, follow_up_id: str) -> str:
    """Letters alone, for a while."""
    of = session.get_one(FollowUp, follow_up_id)
    row = Suggestion(
        key=of.id, case_id=of.case_id, person_id=of.person_id, kind="letters_only", why="会いたくない", made_at=NOW
    )
    session.add(row)
    session.flush()
    return row.id


def _plan(session: Session, world: World, person_id: str, host_id: str) -> dict[str, str]:
    """青木's plan: a visit of hers that has no day yet would get one of the coming week."""
    now = datetime.now(UTC)
    today = day_in_japan(now)
    soon = [town_calendar(session, today).add_open_days(today, count) for count in range(3, 9)]
    on, case = next(day for day in soon if day.weekday() in (0, 2, 4)), _case_of(session, person_id)
    row = FollowUp(key=f"planned:{person_id}", case_id=case.id, person_id=person_id, host_id=host_id, rule="visit", sequence=2,
                   kind="host_visit", raw_on=on, due_on=on, early_on=today, late_on=on + timedelta(days=14), minutes=45,
                   staff_id=case.assigned_id, created_at=NOW)  # fmt: skip
    session.add(row)
    session.flush()
    change = Change(row.id, row.version, "new", None, Slot(world.ids["青木"], on, 810))
    costs = dict.fromkeys(("travel", "continuity", "timeliness", "unplanned", "moves"), 0.0)
    run = PlanRun(asked_by_id=world.ids["青木"], author="青木", asked_at=now, ask={}, state="done",
                  plan={"changes": to_json([change])}, counts={"moved": 1, "costs": costs})  # fmt: skip
    session.add(run)
    session.flush()
    return {"plan_id": run.id, "planned_id": row.id}


def _face_of(session: Session, world: World, opening: Opening, name: str, people: Sequence[str]) -> dict[str, str]:
    """What a host sees: somebody who visits and has agreed, a question, and people of its own who sign in."""
    person_id = open_case(session, world.ids["石井"], name).id
    placement = Placement(person_id=person_id, opening_id=opening.id, step="visit", since=TODAY, recorded_by="青木")
    sounding = Sounding(host_id=opening.host_id, opening_id=opening.id, text="20代の方です。", asked_at=NOW, asked_by="青木",
                        deadline_on=TODAY)  # fmt: skip
    share = Consent(person_id=person_id, scope="host_share", state="given", host_id=opening.host_id, items=["name", "days"],
                    decided_on=TODAY, recorded_at=NOW, recorded_by="青木")  # fmt: skip
    users = [User(login_name=f"host-{name}", name=name, password_hash="x", roles=[HOST]) for name in people]
    session.add_all([placement, sounding, share, *users])
    session.flush()
    members = [HostMember(host_id=opening.host_id, user_id=each.id, invited_by="青木", invited_at=NOW) for each in users]
    session.add_all(members)
    session.flush()
    world.ids |= {each.name: each.id for each in users}
    lasts = timedelta(days=3650)
    token = make_link(session, world.town.key, opening.host_id, OPENINGS, "青木", NOW, lasts=lasts)
    visit_id = _follow_up(session, person_id, opening.host_id, "asked")
    return {
        "placement_id": placement.id, "sounding_id": sounding.id, "member_id": members[-1].id, "token": token, "visit_id": visit_id
    }  # fmt: skip


def relation_of(path: str) -> str:
    """What a route is tried on where any that may be used will do: a case of one's own, or a thing of the town."""
    if path.startswith("/team/"):
        return "member"
    is_of_a_case = "{person_id}" in path or path.startswith(
        (
            "/placements/{placement_id}",
            "/followup/{follow_up_id}",
            "/visits/{record_id}",
            "/adjustments/{adjustment_id}",
            "/suggestions/{suggestion_id}",
            "/referrals/{referral_id}",
            "/feedback/{feedback_id}",
        )
    )
    return "own" if is_of_a_case else "there" if "{" in path else "-"


def who_uses(path: str) -> str:
    """Whose page it is."""
    owners = {
        "/host": "店主",
        "/refer": "大野",
        "/invitations": "大野",
        "/settings/people": "遠野",
        "/settings": "北条",
        "/break-glass": "北条",
        "/audit": "鏡",
        "/team": "宮本",
        "/reports/waiting": "北条",
    }
    return next((who for room, who in owners.items() if path == room or path.startswith(f"{room}/")), "青木")


def _joint_run(session: Session, world: World, ids: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    """青木's run: her 佐倉 has a proposal, and so has 石井's locked 黒木, whom she may not see; 白石 is left."""
    _, opening = add_host(session, "山の居場所", step_free=True)
    counts = {"people": 3, "openings": 1, "placed": 2, "without_consent": 0, "not_assessed": 0, "placed_before": 0}
    ask = JointAsk()
    problem = gather(session, world.town, world.actor("青木"), ask, TODAY).problem
    run = JointRun(asked_by_id=world.ids["青木"], author="青木", asked_at=NOW, filters=ask.filters,
                   instance=instance_of(problem, ask.settings.engine_settings), settings=ask.settings.to_json(),
                   state=DONE, counts=counts, is_proven=True,
                   attained=[{"name": "場所がある人の数", "value": 2.0, "bound": 2.0}])  # fmt: skip
    session.add(run)
    session.flush()
    lines = [JointLine(run_id=run.id, position=at, person_id=ids[whose]["person_id"], opening_id=opening.id,
                       sessions=[[0, 780, 960, 2]], points=500, minutes=7, asks=True, free=3)
             for at, whose in enumerate(("own", "locked-other"))]  # fmt: skip
    left = JointLeft(run_id=run.id, position=0, person_id=ids["locked-own"]["person_id"], waiting_days=0,
                     why={"obstacles": [{"codes": ["R-STEPFREE"], "openings": 1, "asks": False}], "taken": []})  # fmt: skip
    session.add_all([*lines, left])
    session.flush()
    return {"run_id": run.id, "line_id": lines[0].id, "row_id": lines[0].id, "week_opening_id": opening.id}


def _household(session: Session, assigned: str, name: str, locked: bool, host_id: str) -> dict[str, str]:
    person = open_case(session, assigned, name, locked=locked, step_free=True)
    rule = AvoidRule(person_id=person.id, kind="host", host_id=host_id, note="以前のトラブル")
    rival = open_case(session, assigned, f"{name.split()[0]}の知人", locked=locked)
    pair = AvoidPair(first_id=person.id, second_id=rival.id, note="けんか")
    said = Consent(person_id=person.id, scope="contact_after_close", state="given", method="oral", decided_on=TODAY,
                   recorded_at=NOW, recorded_by="青木")  # fmt: skip
    session.add_all([rule, pair, said])
    session.flush()
    return {
        "person_id": person.id, "rule_id": rule.id, "pair_id": pair.id, "rival_id": rival.id, "consent_id": said.id,
    }  # fmt: skip


def routes_of(world: World) -> list[tuple[str, str]]:
    """Every (method, path) of the app."""
    return sorted((method, path) for path, handler in handlers_of(world.app) for method in handler.http_methods)


def public_routes_of(world: World) -> set[tuple[str, str]]:
    """The ones for anybody."""
    return {(m, path) for path, h in handlers_of(world.app) if h.opt["perm"] == PUBLIC for m in h.http_methods}


# What a form of each route says when it is filled in well; {…} is an id of the furnished town.
CALL = {"answered_by": "店主", "a-step_free": "yes"}
LADDER = {
    "_version": "1",
    **{f"step-{each.key}": each.label for each in seed_ladder().steps},
    **{f"reason-{each.key}": each.label for each in seed_ladder().declines},
    **{f"days-{each.key}": "30" for each in seed_ladder().declines},
    **{f"limit-{name}": str(getattr(seed_ladder(), name)) for name in LIMITS},
}
CARE = {
    "contact_name": "石井",
    "contact_agency": "地域包括",
    "contact_phone": "0467-3",
    "offsets": "1か月・3か月",
    "_version": "1",
}
CLOSING = {
    **CARE, "evaluated_on": "R8.11.1", "evaluation": "通えた", "person_wish": "続けたい", "host_wish": "助かる", "stays": "stays",
    "decided_on": "R8.11.1", "decision": "終結", "report": "due", "consent": "given", "consent_method": "paper",
}  # fmt: skip
RHYTHM = {
    "pause_days": "14",
    **{
        f"{name}-{rule.key}": value
        for rule in presets()["default"].rules
        for name, value in (
            ("offsets", say_offsets(rule.offsets)),
            ("before", "7"),
            ("after", "7"),
            ("minutes", "45"),
            ("priority", "2"),
        )
    },
}
AGENCY_LIST = "名称,担当課,電話\n福祉総務課,福祉総務課,0467-00-5107\n".encode()
BODIES: dict[str, dict[str, str]] = {
    "/reports/releases": {"period": "2025"},
    "/reports/waiting/{waiting_id}/publish": {},
    "/reports/waiting/{waiting_id}/refuse": {"reason": "年度末の入力がまだ"},
    "/settings/reports": {"few": "10", "_version": "1"},
    "/agencies/import/{list_id}/cancel": {},
    "/agencies/import/{list_id}/confirm": {},
    "/agencies/new": {"name": "保健所", "kind": "health", "fields": "health", "confirmed_on": "R8.11.1"},
    "/agencies/{agency_id}/confirm": {"_version": "1"},
    "/agencies/{agency_id}/edit": {"name": "こども相談課", "kind": "section", "phone": "0467-1", "_version": "1"},
    "/agencies/{agency_id}/use": {"active": "0", "_version": "1"},
    "/gaps/{gap_id}/close": {"reopen": "1", "_version": "1"},
    "/gaps/{gap_id}/developments": {"what": "電話する", "who": "青木", "until_on": "R9.1.12"},
    "/gaps/{gap_id}/developments/{development_id}": {"state": "not_now", "result": "人手がない", "_version": "1"},
    "/joint": {"load": "1", "hosts": "1", "wait": "0", "ask": "1", "aim": "points"},
    "/joint/{run_id}/accept": {"line": "{line_id}"},
    "/joint/{run_id}/again": {"line": "{line_id}"},
    "/joint/{run_id}/cancel": {},
    "/joint/{run_id}/lines/{line_id}/decline": {"reason": "travel", "note": "乗りかえが三回"},
    "/joint/{run_id}/lines/{line_id}/take-back": {},
    "/host/card": {"contact_person": "海野", "description": "本のある台所", "_version": "1"},
    "/host/card/conditions": {"a-step_free": "no", "was-step_free": "[true, false, true]"},
    "/host/confirm": {},
    "/host/openings/{opening_id}": {"free": "2", "slots-0-days": "1", "slots-0-start": "9:00", "slots-0-end": "11:00", "_version": "1"},
    "/host/openings/{opening_id}/free": {"step": "+1", "_version": "1"},
    "/host/openings/{opening_id}/pause": {"reason": "busy", "until": "week", "date": "", "_version": "1"},
    "/host/openings/{opening_id}/resume": {"_version": "1"},
    "/host/people/{placement_id}/face": {"face": "4"},
    "/host/people/{placement_id}/report": {"kind": "absence", "text": "かぜ"},
    "/host/report": {"text": "人手が足りません"},
    "/host/soundings/{sounding_id}": {"answer": "conditional", "conditions": "午後なら", "reason": "", "_version": "1"},
    "/host/visits/{visit_id}": {"answer": "yes", "_version": "1"},
    "/host/staff/invite": {},
    "/host/staff/withdraw": {},
    "/host/staff/{member_id}/disable": {},
    "/calendar/address": {},
    "/calendar/address/end": {},
    "/calendar/busy/end": {},
    "/followup/plan": {},
    "/followup/plan/{plan_id}/accept": {"line": "{planned_id}"},
    "/followup/plan/{plan_id}/cancel": {},
    "/followup/{follow_up_id}/cancel": {"reason": "入院", "_version": "1"},
    "/followup/{follow_up_id}/confirm": {"_version": "1"},
    "/followup/{follow_up_id}/handled": {"note": "相談した", "_version": "1"},
    "/followup/{follow_up_id}/help": {"remedy": "widen", "_version": "1"},
    "/followup/{follow_up_id}/move": {"day": "2031-01-06", "time": "13:30", "_version": "1"},
    "/followup/{follow_up_id}/put": {"day": "2031-01-06", "time": "13:30", "_version": "1"},
    "/followup/{follow_up_id}/put-back": {"_version": "1"},
    "/followup/{follow_up_id}/record": {"met": "person", "person_says": "want", "done_on": "2026-11-24"},
    "/followup/{follow_up_id}/tries": {"channel": "phone", "result": "no_answer", "_version": "1"},
    "/followup/{follow_up_id}/undo": {"_version": "1"},
    "/settings/calendar": {"day": "2031-07-01", "name": "市制記念日", "_version": "1"},
    "/settings/planner": {"_version": "1", "limits.most_visits": "4"},
    "/settings/town": {"_version": "1", "acknowledge_days": "4"},
    "/settings/presets/{preset_key}": {"_version": "1"},
    "/settings/rhythms": RHYTHM | {"_version": "1"},
    "/settings/rhythms/preview": RHYTHM,
    "/suggestions/{suggestion_id}/accept": {},
    "/suggestions/{suggestion_id}/refuse": {"note": "様子を見る"},
    "/visits/{record_id}/correct": {"met": "person", "person_says": "want", "done_on": "2026-11-24", "_version": "1"},
    "/referrals/new": {
        "came_by": "phone", "received_on": "R8.11.20", "from_agency": "包括", "from_person": "大野", "from_phone": "0467-1",
        "name": "浜田 とも", "troubles": "care", "tried": "訪問",
    },
    "/adjustments/{adjustment_id}": {"what": "席を奥にする", "who": "店主", "until_on": "R8.12.1", "_version": "1"},
    "/adjustments/{adjustment_id}/end": {"state": "done", "ended_on": "2026-11-24", "outcome": "落ち着いた", "_version": "1"},
    "/people/{person_id}/adjustments": {
        "placement": "{arranged_at_id}", "what": "声かけを少なく", "who": "店主", "until_on": "R8.12.1",
    },
    "/referrals/search": {"q": "佐倉"},
    "/invitations/{own_seat_id}": {"reply": "yes", "_version": "1"},
    "/meetings/{meeting_id}/seats/referrers": {},
    "/refer/advice": {"from_agency": "包括", "asked": "声のかけ方"},
    "/advice/requests/{request_id}/answer": {"advice": "待つ", "_version": "1"},
    "/refer/new": {
        "from_agency": "包括", "from_person": "大野", "from_phone": "0467-1", "troubles": "care", "tried": "訪問",
    },
    "/refer/{own_referral_id}/answer": {"text": "弟がいます"},
    "/refer/{own_referral_id}/withdraw": {"why": "もとの窓口で続ける", "_version": "1"},
    "/d/{door}": {"from_person": "大野", "from_phone": "0467-1", "troubles": "care", "tried": "訪問"},
    "/d/{door}/answer": {"text": "弟がいます"},
    "/d/{door}/withdraw": {"why": "もとの窓口で続ける", "_version": "1"},
    "/referrals/doors": {"agency": "こども相談課"},
    "/referrals/doors/sheet.pdf": {"door": "{unused_door}"},
    "/referrals/doors/{door_id}/revoke": {},
    "/referrals/{referral_id}/acknowledge": {"_version": "1"},
    "/referrals/{referral_id}/step": {"step-kind": "question", "step-on": "R8.11.20", "step-text": "電話した"},
    "/referrals/{referral_id}/screen": {
        "criteria": "is_complex", "is_tried": "y", "result": "juso", "decider": "真鍋", "decided_on": "R8.11.24",
        "told_state": "owed", "_version": "2",
    },
    "/advice": {"way": "given", "on": "R8.6.1", "to_agency": "包括", "asked": "聞き方", "advice": "待つこと"},
    "/feedback/{feedback_id}": {"told_state": "given", "told_text": "決まりました", "_version": "1"},
    "/people/{person_id}/course/notes": {"on": "R8.11.20", "method": "phone", "text": "電話があった"},
    "/people/{person_id}/course/outreach": {
        "o-on": "R8.11.20", "o-method": "letter", "o-reaction": "none", "o-text": "手紙を置いた", "o-next_step": "来月もう一度",
    },
    "/people/{person_id}/course/steps/{step}": {"_version": "1"},
    "/people/{person_id}/plans": {"_version": "1", "kind": "participation", "goal0_text": "外に出る"},
    "/people/{person_id}/plans/evaluate/{own_plan_id}": {
        "e-on": "R8.11.20", "e-person_words": "よかった", "e-next_step": "replan",
    },
    "/meetings/new": {"kind": "juso", "name": "会議", "on": "R8.12.1", "convenor": "社協"},
    "/meetings/series": {"kind": "juso", "name": "定例", "frequency": "monthly", "nth": "2", "weekday": "2"},
    "/meetings/{meeting_id}/actions/{action_id}": {"outcome": "済んだ", "_version": "1"},
    "/meetings/{meeting_id}/items": {"item-purpose": "share", "item-title": "次の話"},
    "/meetings/{meeting_id}/items/{item_id}/decide": {
        "{item_id:.8}-decision": "share", "{item_id:.8}-text": "決めた", "_version": "1",
    },
    "/meetings/{meeting_id}/items/{item_id}/remove": {},
    "/meetings/{meeting_id}/minutes.pdf": {"for": "包括"},
    "/meetings/{meeting_id}/seats": {"seat-name": "大野", "seat-agency": "包括", "seat-role": "member"},
    "/meetings/{meeting_id}/seats/{seat_id}/remove": {},
    "/meetings/{meeting_id}/seats/{seat_id}/swear": {"method": "paper"},
    "/meetings/{meeting_id}/{move}": {"why": "台風", "_version": "1"},
    "/followup/{follow_up_id}/ask-host": {"_version": "1"},
    "/followup/{follow_up_id}/take-offer": {"_version": "1", "number": "0"},
    "/exchange/export": {},
    "/exchange/{exchange_id}/cancel": {},
    "/exchange/{exchange_id}/confirm": {},
    "/hosts/import/{batch_id}/cancel": {},
    "/hosts/import/{batch_id}/confirm": {},
    "/hosts/new": {"name": "山の工房", "kind": "ibasho", "activity": "木工", "address": "汐見市岡本一丁目", "times": "月 13:00-15:00"},
    "/hosts/{host_id}/assessments": {"tasks": "皿洗い"},
    "/hosts/{host_id}/conditions": {"answered_by": "店主", "a-step_free": "no"},
    "/hosts/{host_id}/edit": {"name": "海の台所", "kind": "ibasho", "status": "active", "phone": "0467-1", "_version": "1"},
    "/hosts/monthly": {},
    "/hosts/{host_id}/fax": {"told_by": "店主", "v-{opening_id}": "1", "s-{opening_id}": "same"},
    "/hosts/{host_id}/openings": {"title": "夜の部"},
    "/hosts/{host_id}/people": {"name": "鈴木", "role": "常連"},
    "/hosts/{host_id}/remarks": {"text": "親切"},
    "/hosts/{host_id}/sites/new": {"name": "別館", "address": "汐見市岡本一丁目"},
    "/hosts/{host_id}/sites/{site_id}": {"name": "本館", "address": "汐見市岡本一丁目", "_version": "1"},
    "/hosts/{host_id}/sites/{site_id}/pin": {"at": "35.3262,139.5325", "_version": "1"},
    "/l/{token}": {"what": "same"},
    "/openings/{opening_id}/confirm": {"_version": "1"},
    "/openings/{opening_id}/edit": {"status": "open", "title": "海の台所", "free": "2", "_version": "1"},
    "/outbox/{message_id}/again": {"_version": "1"},
    "/outbox/{message_id}/cancel": {"_version": "1"},
    "/outbox/{message_id}/handed-over": {"_version": "1"},
    "/outbox/{message_id}/text": {},
    "/people/new": {"name": "新井 そら"},
    "/people/search": {"q": "佐倉"},
    "/people/{person_id}/assessment": {"a-step_free": "no", "v-step_free": "1", "s-step_free": "hard"},
    "/people/{person_id}/assessment/{key}": {"a-step_free": "no", "v-step_free": "1", "s-step_free": "hard"},
    "/people/{person_id}/avoid": {"kind": "host", "target": "host:{host_id}", "note": "けんか"},
    "/people/{person_id}/avoid/{rule_id}/remove": {},
    "/people/{person_id}/apart": {"who": "石田", "note": "以前のけんか"},
    "/people/{person_id}/apart/{pair_id}/remove": {},
    "/people/{person_id}/placements": {"opening": "{opening_id}", "note": "本人が選んだ"},
    "/people/{person_id}/placements/stages": {"days_per_week": "1", "minutes": "60"},
    "/people/{person_id}/placements/stages/next": {"position": "0"},
    "/people/{person_id}/seating": {"seating": "apart"},
    "/people/{person_id}/consent/{consent_id}/paper": {},
    "/people/{person_id}/papers/anonymous.pdf": {"is_certain": "y"},
    "/people/{person_id}/consent": {"scope": "service", "state": "given", "method": "paper", "given_by": "本人", "decided_on": "R8.11.1"},
    "/people/{person_id}/share/{host_id}": {"items": "name", "method": "paper", "given_by": "本人", "decided_on": "R8.11.1"},
    "/people/{person_id}/share/{host_id}/withdraw": {"given_by": "本人", "reason": "気が変わった"},
    "/followup/search": {"q": "佐倉", "who": "all"},
    "/followup/times": {"kind": "leave", "first": "R9.1.12"},
    "/followup/times/{time_id}/remove": {},
    "/people/{person_id}/followups": {"plan_start": "R8.11.24", "_version": "1"},
    "/people/{person_id}/closing": CLOSING,
    "/people/{person_id}/closing/care": CARE,
    "/people/{person_id}/closing/reopen": {"again-words": "また話したいと電話があった"},
    "/people/{person_id}/closing/report": {"report-on": "R8.11.1", "_version": "1"},
    "/people/{person_id}/closing/stop": {"stop-words": "もう大丈夫", "_version": "1"},
    "/people/{person_id}/edit": {"name": "佐倉 みお", "phone": "0467-2", "_version": "1"},
    "/people/{person_id}/match/gaps": {"code": "R-STEPFREE"},
    "/people/{person_id}/match/needs": {"s-step_free": "off"},
    "/people/{person_id}/match/phone/{opening_id}": CALL,
    "/people/{person_id}/lock": {"locked": "1", "_version": "1"},
    "/people/{person_id}/match/runs": {"reason": "初回"},
    "/people/{person_id}/match/travel": {"site": "{site_id}", "minutes": "15"},
    "/people/{person_id}/week/accept": {"time": "{week_opening_id}:0:780", "ask": "1"},
    "/people/{person_id}/stand-in": {"reason": "休暇のため"},
    "/placements/search": {"q": "佐倉"},
    "/placements/{placement_id}/words/seen": {},
    "/words/{word_id}/seen": {},
    "/placements/{placement_id}/{act}": {"reason": "busy_season", "_version": "1"},
    "/people/{person_id}/members": {"who": "{member_user_id}", "agency": "{agency_id}"},
    "/people/{person_id}/members/{case_member_id}/end": {},
    "/break-glass": {"number": "{locked_number}", "reason": "電話があった"},
    "/break-glass/{glass_id}/end": {},
    "/settings/access": {"minutes": "30", "_version": "1"},
    "/search": {"q": "海の"},
    "/settings/ladder": LADDER,
    "/settings/joint": {"h-月AM": "2", "c-aoki": "3", "w-travel": "道のりがむずかしい", "offer": "travel", "new": "家族の都合"},
    "/settings/vocabulary/new": {
        "label": "駐車場", "key": "parking", "code": "R-PARKING", "section": "place", "kind": "needs_value",
        "person_type": "flag", "host_type": "flag", "strength": "wish", "question": "駐車場はありますか",
        "reason": "駐車場がありません",
    },
    "/settings/vocabulary/{key}": {
        "label": "段差なし", "strength": "hard", "order": "30", "question": "段差はありませんか", "reason": "段差があります",
        "_version": "{seq}",
    },
    "/sign-in": {"login_name": "aoki", "password": "wrong"},
    "/sign-in/code": {"code": "123456", "next": "/"},
    "/sign-in/set-up": {"code": "123456", "next": "/"},
    "/account/password": {"n-password": "wrong", "n-new": "ゆうなぎの浜辺で本を読む", "n-again": "ゆうなぎの浜辺で本を読む"},
    "/account/second-factor": {"p-password": "wrong", "p-code": "123456", "what": "anew"},
    "/account/second-factor/prove": {"code": "123456"},
    "/account/sessions/end-others": {},
    "/account/sessions/{session_id}/end": {},
    "/sign-out": {},
    "/join": {"login_name": "hatano", "code": "wrong", "new": "ゆうなぎの浜辺で本を読む", "again": "ゆうなぎの浜辺で本を読む"},
    "/settings/people/invite": {
        "name": "三田 ゆり", "login_name": "mita", "roles": "coordinator", "reason": "新しい担当",
    },
    "/settings/people/{account_id}/ask": {"what": "roles", "roles": "auditor", "reason": "異動"},
    "/settings/people/{account_id}/stop": {},
    "/settings/people/questions/{question_id}": {"agreed": "no", "words": "まだ早い"},
}  # fmt: skip
A_CALENDAR = b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nEND:VCALENDAR\r\n"
UPLOADS: dict[str, dict[str, str]] = {
    "/calendar/busy": {},
    "/refer/{own_referral_id}/files": {},
    "/exchange": {},
    "/agencies/import": {},
    "/settings/calendar/check": {},
    "/hosts/import": {"kind": "kodomo-shokudo"},
}


def upload_of(house: House, path: str) -> tuple[str, bytes, str]:
    """The file that is sent to a route."""
    if path == "/exchange":
        return "a.txt", file_from_hosts(house.world, house.ids["there"], free=2), "text/plain"
    if path == "/agencies/import":
        return "b.csv", AGENCY_LIST, "text/csv"
    if path == "/settings/calendar/check":
        return "syukujitsu.csv", "国民の祝日・休日月日,国民の祝日・休日名称\r\n2026/1/1,元日\r\n".encode("cp932"), "text/csv"
    if path.endswith("/files"):
        return "a.pdf", b"%PDF-1.7", "application/pdf"
    if path == "/calendar/busy":
        return "a.ics", A_CALENDAR, "text/calendar"
    return "a.csv", csv_of([GOOD]), "text/csv"


def file_from_hosts(world: World, there: Mapping[str, str], free: int) -> bytes:
    """A file of the hosts' network: one opening has so many places now."""
    assert world.town.exchange_key is not None
    item = {"kind": "opening", "id": there["opening_id"], "host": there["host_id"], "at": NOW.isoformat(),
            "parts": {"free": [[free]]}}  # fmt: skip
    return seal_file(world.town.exchange_key, world.town.code, TO_STAFF, NOW, [item])


def body_of(house: House, path: str, relation: str = "own") -> dict[str, str]:
    """The filled-in form of a route, with ids of this town and of whose case it is."""
    with house.world.reading() as session:
        query = select(VocabularyEntry.seq).where(VocabularyEntry.key == house.ids["there"]["key"])
        whose = house.ids.get(relation, {}) if relation != "other-host" else {}
        ids = (
            house.ids["own"]
            | house.ids["there"]
            | whose
            | {"seq": str(session.scalars(query.order_by(VocabularyEntry.seq.desc())).first())}
        )
    # Only ids stand in braces; what was typed has none.
    return {name.format(**ids): value.format(**ids) for name, value in (BODIES | UPLOADS)[path].items()}


LINKS = ("/d/{", "/l/{")


def forget_guesses(world: World, path: str) -> None:
    """Whoever tries every address in turn opens many links that lead nowhere; that they have to wait is tried elsewhere."""
    if path.startswith(LINKS):
        with world.behind() as database:
            database.execute(text("delete from sign_in_brake"))


def ask(visitor: Any, house: House, method: str, path: str, relation: str, **more: Any) -> Any:
    """Send what a page of ours would send to this route."""
    forget_guesses(house.world, path)
    address = house.address(path, relation)
    if method in ("GET", "HEAD"):
        return visitor.request(method, address, **more)
    if path in UPLOADS:
        more.setdefault("files", {"file": upload_of(house, path)})
    return visitor.submit(address, body_of(house, path, relation) | {"_once": new_id()}, **more)


# Did anything change?


def data_of(world: World) -> dict[str, list[str]]:
    """Every row of every table the town's knowledge is in."""
    return {name: rows for name, rows in world.rows().items() if name not in NOT_DATA}


def kept_as_it_was(world: World) -> AbstractContextManager[None]:
    """Put the town back afterwards, so that many requests can start from the same town."""
    return _kept_rows(world) if world.on_postgresql else _kept_file(world)


@contextmanager
def _kept_file(world: World) -> Iterator[None]:
    file = str(world.town.database.reading.url.database)
    with closing(sqlite3.connect(":memory:")) as copy:
        with closing(sqlite3.connect(file)) as database:
            database.backup(copy)
        try:
            yield
        finally:
            with closing(sqlite3.connect(file)) as database:
                copy.backup(database)


@contextmanager
def _kept_rows(world: World) -> Iterator[None]:
    with world.behind() as database:
        before = {table: _rows_of(database, table) for table in Base.metadata.sorted_tables}
    try:
        yield
    finally:
        with world.behind() as database:
            # Whoever puts everything back as it was asks neither the triggers nor the foreign keys.
            database.execute(text("set local session_replication_role = replica"))
            for table, rows in before.items():
                if _rows_of(database, table) != rows:
                    database.execute(delete(table))
                    if rows:
                        database.execute(insert(table), rows)


def _rows_of(database: Connection, table: Table) -> list[dict[str, Any]]:
    return sorted((dict(row) for row in database.execute(select(table)).mappings()), key=str)


def without_marks(text: str) -> str:
    """An answer without what differs by design each time: tokens, keys used once, numbers for the log."""
    return re.sub("[0-9a-f]{32,}|<b>[0-9a-f]{8}</b>", "*", text)
