"""Put the fictional 汐見市 into an empty town: rows from `demo/*.json`, their days counted from the day of loading."""

import hashlib
import json
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Column, Date, Table
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from service.accounts.doors import GLASS_MINUTES
from service.accounts.models import AccessSetting, User
from service.accounts.sessions import hash_password
from service.cases.course.models import ProgressNote
from service.cases.feedback.models import Feedback
from service.cases.feedback.owing import OWED
from service.cases.models import (
    AvoidPair,
    AvoidRule,
    Consent,
    Household,
    Need,
    Person,
    Placement,
    PlacementMove,
    PlacementSession,
    StandIn,
    SupportCase,
    TravelTime,
)
from service.cases.plans.models import Evaluation, Plan, PlanGoal, PlanTask
from service.cases.referrals.models import AdviceRecord, Referral, ReferralStep, Screening
from service.followup.closing.models import AfterCare
from service.followup.placements.models import ContactWithBoth, HostWord, Offer, Sounding
from service.followup.planning.numbers import shipped
from service.followup.policies import PLANNER
from service.followup.rhythms.keeping import keep_all
from service.followup.tasks.models import FollowUp
from service.followup.visits.models import Visit
from service.kernel.calendar import Calendar
from service.kernel.clock import day_in_japan
from service.kernel.dates import fiscal_year
from service.kernel.db import Base, UtcDateTime
from service.kernel.kana import fold_text
from service.kernel.vocab import load_vocabulary
from service.matching.joint.models import JointSetting
from service.meetings.models import (
    ActionItem,
    AgendaItem,
    Meeting,
    MeetingSeries,
    Seat,
    SecrecyAcknowledgement,
)
from service.resources.agencies.catalogue import index_agency
from service.resources.agencies.models import Agency, ResourceDevelopment
from service.resources.catalogue import index_host
from service.resources.doors import HostMember
from service.resources.models import (
    Condition,
    Host,
    HostAssessment,
    HostPerson,
    Opening,
    OpeningSlot,
    Remark,
    ResourceGap,
    Site,
)
from service.resources.policies import PolicyVersion, town_calendar
from service.resources.town_words import TownSettings, town_settings

DEMO: Final = Path(__file__).with_name("demo")
PASSWORD: Final = "shiomi-demo"  # noqa: S105 — told to everybody who loads the demo
REIWA_ZERO: Final = 2018
# Each group is saved before the next: its rows are what the next one points at.
GROUPS: Final[tuple[tuple[type[Base], ...], ...]] = (
    (User, Host, Household, JointSetting, Agency),
    (Site, SupportCase, Person),
    (Opening, HostPerson, HostMember, Remark, HostAssessment, ResourceGap, StandIn, Consent, Need),
    (OpeningSlot, Condition, Sounding, AvoidRule, TravelTime, AvoidPair, Placement, ResourceDevelopment),
    (PlacementSession, PlacementMove, Offer, ContactWithBoth, HostWord),
    (Referral, Screening, AdviceRecord, ProgressNote, Feedback, Plan, AfterCare, FollowUp, MeetingSeries),
    (ReferralStep, PlanGoal, PlanTask, Evaluation, Visit, Meeting),
    (Seat, SecrecyAcknowledgement, AgendaItem),
    (ActionItem,),
)

Row = dict[str, Any]


def load_demo(session: Session, now: datetime) -> str:
    """Add the demo to a town without hosts and staff; says what was added and how to sign in.

    The same rows get the same ids in every town. Days, ages and case numbers follow from `now`.
    """
    today = day_in_japan(now)
    rows = {model: [_values(model, row, now, today) for row in _read(model)] for group in GROUPS for model in group}
    _hash_passwords(rows[User])
    _number_cases(rows[SupportCase])
    _keep_days(rows, town_calendar(session, today), town_settings(session))
    for person in rows[Person]:
        person["search_text"] = fold_text(f"{person['name']}{person['kana']}")
    made = {model: [model(**values) for values in all_values] for model, all_values in rows.items()}
    _index_hosts(made)
    _index_agencies(made[Agency])
    for group in GROUPS:
        session.add_all(row for model in group for row in made[model])
        session.flush()
    # The town hall of 汐見市, so that a day begins and ends somewhere.
    office = shipped().changed({"office_lat": 35.3193, "office_lon": 139.5467})
    session.add(PolicyVersion(name=PLANNER, seq=1, body=office.to_json(), at=now, author="デモ"))
    # Everybody may try the demo with a password alone; a real town asks its staff for more.
    session.add(AccessSetting(glass_minutes=GLASS_MINUTES, second_factor=[]))
    keep_all(session, now)
    count = {model: len(all_values) for model, all_values in rows.items()}
    return (
        f"汐見市（架空）: 受け入れ先 {count[Host]}・枠 {count[Opening]}・世帯 {count[Household]}・人 {count[Person]} を入れました。"
        f"サインイン: {' / '.join(user['login_name'] for user in rows[User])}、パスワード {PASSWORD}"
    )


def demo_id(table: str, key: str) -> str:
    """The id of a row of the demo: of host A01, of site A01/0, of person S01 or S01/1."""
    return hashlib.sha256(f"汐見市/{table}/{key}".encode()).hexdigest()[:32]


def _read(model: type[Base]) -> list[Row]:
    rows: list[Row] = json.loads((DEMO / f"{model.__tablename__}.json").read_text("utf-8"))
    return rows


def _values(model: type[Base], row: Row, now: datetime, today: date) -> Row:
    table = model.__table__
    if not isinstance(table, Table):
        raise TypeError(f"{model.__name__} is not a plain table")
    return {name: _value(table, table.columns[name], raw, now, today) for name, raw in row.items()}


def _value(table: Table, column: Column[Any], raw: Any, now: datetime, today: date) -> Any:
    """A key becomes an id, a number of days a day or an instant; everything else stands as it is."""
    if column.name == "id":
        return demo_id(table.name, raw)
    if column.name == "placement_id" and table is Sounding.__table__:
        # A sounding names its placement without a key of the database: a host's own network has none.
        return demo_id("placement", raw)
    if column.name == "about_id":
        return demo_id("meeting", raw)
    for target in column.foreign_keys:
        return demo_id(target.column.table.name, raw)
    if column.name == "dates":
        return [_say_date(each, today) for each in raw]
    if isinstance(column.type, Date):
        return born_on(raw, today) if isinstance(raw, Mapping) else today + timedelta(days=raw)
    return now + timedelta(days=raw) if isinstance(column.type, UtcDateTime) else raw


def born_on(born: Mapping[str, int], today: date) -> date:
    """The birth date of somebody of `age` years whose last birthday lies `birthday` (≤ 0) days from today."""
    last = today + timedelta(days=born["birthday"])
    is_leap_day = (last.month, last.day) == (2, 29)
    return last.replace(year=last.year - born["age"], day=28 if is_leap_day else last.day)


def _say_date(coming: Mapping[str, Any], today: date) -> str:
    """The first such weekday from so many days ahead on, as an opening keeps it."""
    on = today + timedelta(days=coming["after"])
    on += timedelta(days=(coming["weekday"] - on.weekday()) % 7)
    return f"{on.isoformat()} {coming['hours']}"


def _hash_passwords(users: list[Row]) -> None:
    # One hash for all: the password is public, and hashing is slow on purpose.
    password_hash = hash_password(PASSWORD)
    for user in users:
        user["password_hash"] = password_hash


def _number_cases(cases: list[Row]) -> None:
    """R8-001 and on within each fiscal year, in the order in which the cases were opened."""
    numbered: dict[int, int] = {}
    for case in sorted(cases, key=lambda case: (case["opened_on"], case["id"])):
        year = fiscal_year(case["opened_on"]) - REIWA_ZERO
        numbered[year] = numbered.get(year, 0) + 1
        case["number"] = f"R{year}-{numbered[year]:03d}"


def _keep_days(rows: Mapping[type[Base], list[Row]], calendar: Calendar, rules: TownSettings) -> None:
    """What counts in open days or names a year follows from the day of loading; nobody meets on a closed day."""
    for sheet in rows[Referral]:
        sheet["acknowledge_due_on"] = calendar.add_open_days(sheet["received_on"], rules.number("acknowledge_days"))
        sheet["screening_due_on"] = calendar.add_open_days(sheet["received_on"], rules.number("screening_days"))
    for report in rows[Feedback]:
        if report.get("state", OWED) == OWED:
            report["due_on"] = calendar.add_open_days(day_in_japan(report["made_at"]), rules.number("feedback_days"))
    for meeting in rows[Meeting]:
        meeting["on"] = calendar.move(meeting["on"]).on
    for word in rows[SecrecyAcknowledgement]:
        word["fiscal_year"] = fiscal_year(word["on"])
    for contact in rows[FollowUp]:
        contact["key"] = f"{contact['case_id']}:{contact['person_id']}:{contact['rule']}:{contact['sequence']}"


def _index_hosts(made: Mapping[type[Base], list[Any]]) -> None:
    """Fill what hosts are found and ordered by, before they are saved for the first time."""
    activities = load_vocabulary().activities
    children: list[tuple[str, Callable[[Any], list[Any]]]] = [
        ("sites", _grouped(made[Site])), ("openings", _grouped(made[Opening]))
    ]  # fmt: skip
    for host in made[Host]:
        for name, of_host in children:
            set_committed_value(host, name, of_host(host))
        index_host(host, activities)


def _index_agencies(agencies: list[Any]) -> None:
    for agency in agencies:
        index_agency(agency)


def _grouped(rows: list[Any]) -> Callable[[Any], list[Any]]:
    of: dict[str, list[Any]] = {}
    for row in rows:
        of.setdefault(row.host_id, []).append(row)
    return lambda host: of.get(host.id, [])
