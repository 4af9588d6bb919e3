"""Household, people, the support case, consent, needs and what must be avoided."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from service.accounts.models import User
from service.kernel.db import Base, Id, Identified, Versioned


class Household(Versioned, Base):
    """The people who live together; the case is theirs."""

    __tablename__ = "household"

    label: Mapped[str]
    district: Mapped[str] = mapped_column(default="")
    timing_note: Mapped[str] = mapped_column(default="")
    seating: Mapped[str] = mapped_column(default="")
    """Of places for several members: "together" at the same host, "apart" at different ones, or nothing said."""
    people: Mapped[list["Person"]] = relationship(
        lazy="raise", order_by="Person.position, Person.id", back_populates="household"
    )


class SupportCase(Versioned, Base):
    """One household's support episode. A locked one (DV, 支援措置) is seen by its named staff alone."""

    __tablename__ = "support_case"

    number: Mapped[str] = mapped_column(unique=True)
    household_id: Mapped[str] = mapped_column(Id, ForeignKey("household.id"), index=True)
    status: Mapped[str] = mapped_column(default="assessing")
    opened_on: Mapped[date]
    lead_agency: Mapped[str]
    assigned_id: Mapped[str] = mapped_column(Id, ForeignKey("user.id"), index=True)
    backup_id: Mapped[str | None] = mapped_column(Id, ForeignKey("user.id"))
    """Who goes when the assigned coordinator cannot."""
    locked: Mapped[bool] = mapped_column(default=False)
    is_urgent: Mapped[bool] = mapped_column(default=False)
    is_abuse: Mapped[bool] = mapped_column(default=False)
    """虐待: kept off the agenda of a 重層的支援会議."""
    review_on: Mapped[date | None]
    """When a case without consent, or a suspended one, is looked at again."""
    body: Mapped[str] = mapped_column(default="")
    """The meeting body that carries a case without consent."""
    plan_start_on: Mapped[date | None]
    """支援開始: monitoring and the review of the plan count from it."""
    closed_on: Mapped[date | None]
    earlier_id: Mapped[str | None] = mapped_column(Id, ForeignKey("support_case.id"))
    """The episode before this one."""
    household: Mapped[Household] = relationship(lazy="raise")
    assigned: Mapped[User] = relationship(lazy="raise", foreign_keys=assigned_id)
    stand_ins: Mapped[list["StandIn"]] = relationship(lazy="raise", order_by="StandIn.since, StandIn.id")


class StandIn(Identified, Base):
    """A colleague who covers for the assigned coordinator, with the reason."""

    __tablename__ = "stand_in"

    case_id: Mapped[str] = mapped_column(Id, ForeignKey("support_case.id"), index=True)
    user_id: Mapped[str] = mapped_column(Id, ForeignKey("user.id"))
    since: Mapped[datetime]
    reason: Mapped[str]


class Person(Versioned, Base):
    """A member of a household; `principal` is the one the support is about."""

    __tablename__ = "person"
    keeps_values = False

    household_id: Mapped[str] = mapped_column(Id, ForeignKey("household.id"), index=True)
    position: Mapped[int] = mapped_column(default=0)
    principal: Mapped[bool] = mapped_column(default=False)
    relation: Mapped[str] = mapped_column(default="本人")
    name: Mapped[str]
    kana: Mapped[str] = mapped_column(default="")
    search_text: Mapped[str] = mapped_column(default="")
    birth_on: Mapped[date | None]
    gender: Mapped[str | None]
    address: Mapped[str] = mapped_column(default="")
    lat: Mapped[float | None]
    lon: Mapped[float | None]
    coordinate_level: Mapped[str] = mapped_column(default="")
    coordinate_source: Mapped[str] = mapped_column(default="")
    phone: Mapped[str] = mapped_column(default="")
    contact_note: Mapped[str] = mapped_column(default="")
    situation: Mapped[str] = mapped_column(default="")

    household: Mapped[Household] = relationship(lazy="raise", back_populates="people")
    needs: Mapped[list["Need"]] = relationship(lazy="raise", order_by="Need.attribute, Need.id")
    consents: Mapped[list["Consent"]] = relationship(lazy="raise", order_by="Consent.recorded_at")
    avoid_rules: Mapped[list["AvoidRule"]] = relationship(lazy="raise", order_by="AvoidRule.id")
    travel_times: Mapped[list["TravelTime"]] = relationship(lazy="raise", order_by="TravelTime.id")


class Consent(Identified, Base):
    """One answer to one question of consent; a later row of the same scope is the one in force."""

    __tablename__ = "consent"

    person_id: Mapped[str] = mapped_column(Id, ForeignKey("person.id"), index=True)
    scope: Mapped[str]
    state: Mapped[str]
    method: Mapped[str] = mapped_column(default="")
    given_by: Mapped[str] = mapped_column(default="本人")
    decided_on: Mapped[date | None]
    reason: Mapped[str] = mapped_column(default="")
    host_id: Mapped[str | None] = mapped_column(Id, ForeignKey("host.id"), index=True)
    """Whom a `host_share` is about: this host alone."""
    items: Mapped[list[str]] = mapped_column(default=list)
    until: Mapped[date | None]
    explained_by: Mapped[str] = mapped_column(default="")
    witness: Mapped[str] = mapped_column(default="")
    paper_on: Mapped[date | None]
    """When the signed paper came in; an oral consent without it is 書面未了."""
    document_version: Mapped[str] = mapped_column(default="")
    """Of the words that were agreed to."""
    recorded_at: Mapped[datetime]
    recorded_by: Mapped[str]


class Need(Versioned, Base):
    """What a person needs or wishes on one attribute; value null is the answer 「特になし」, no row is not asked."""

    __tablename__ = "need"
    keeps_values = True

    person_id: Mapped[str] = mapped_column(Id, ForeignKey("person.id"), index=True)
    attribute: Mapped[str]
    value: Mapped[Any] = mapped_column(nullable=True)
    strength: Mapped[str]
    why: Mapped[str] = mapped_column(default="")

    @property
    def subject_id(self) -> str:
        """The person whose history this belongs to."""
        return self.person_id


class AvoidRule(Identified, Base):
    """Whom or where the person must not meet; shown as 「接触回避」 to all but those named on the case."""

    __tablename__ = "avoid_rule"

    person_id: Mapped[str] = mapped_column(Id, ForeignKey("person.id"), index=True)
    kind: Mapped[str]
    host_id: Mapped[str | None] = mapped_column(Id, ForeignKey("host.id"))
    host_person_id: Mapped[str | None] = mapped_column(Id, ForeignKey("host_person.id"))
    lat: Mapped[float | None]
    lon: Mapped[float | None]
    radius_km: Mapped[float | None]
    note: Mapped[str] = mapped_column(default="")


class TravelTime(Identified, Base):
    """Minutes really needed from a person's home to a site, typed by the coordinator."""

    __tablename__ = "travel_time"

    person_id: Mapped[str] = mapped_column(Id, ForeignKey("person.id"), index=True)
    site_id: Mapped[str] = mapped_column(Id, ForeignKey("site.id"))
    minutes: Mapped[int]
    recorded_by: Mapped[str]


class AvoidPair(Identified, Base):
    """Two people who must not be at the same place on the same day; pages say 「同席を避ける設定」 and no name."""

    __tablename__ = "avoid_pair"

    first_id: Mapped[str] = mapped_column(Id, ForeignKey("person.id"), index=True)
    second_id: Mapped[str] = mapped_column(Id, ForeignKey("person.id"), index=True)
    note: Mapped[str] = mapped_column(default="")


class LadderVersion(Identified, Base):
    """One version of a town's ladder, read in `followup/placements/ladder.py`; a placement keeps the one of its day."""

    __tablename__ = "ladder_version"

    seq: Mapped[int] = mapped_column(unique=True)
    body: Mapped[dict[str, Any]]
    at: Mapped[datetime]
    author: Mapped[str]


class Placement(Versioned, Base):
    """A person at an opening, from candidate to the end; `step` says how far, `since` from which day."""

    __tablename__ = "placement"

    person_id: Mapped[str] = mapped_column(Id, ForeignKey("person.id"), index=True)
    opening_id: Mapped[str] = mapped_column(Id, ForeignKey("opening.id"), index=True)
    step: Mapped[str]
    since: Mapped[date]
    origin: Mapped[str] = mapped_column(default="")
    """The line of the joint run or the week plan it came from; empty when decided by hand."""
    reason: Mapped[str] = mapped_column(default="")
    recorded_by: Mapped[str]
    ladder_version: Mapped[int] = mapped_column(default=0)
    """The town's ladder it began under; 0 is the seed's."""
    deadline_on: Mapped[date | None]
    reserved_until: Mapped[date | None]
    """From 本人に提示 on a place is held for the person, until this day."""
    before_hold: Mapped[str] = mapped_column(default="")
    """The step a resting placement comes back to."""
    started_on: Mapped[date | None]
    closing: Mapped[str] = mapped_column(default="")
    """Why it was declined (a reason of the ladder) or how it ended."""
    closed_by: Mapped[str] = mapped_column(default="")
    """Which side declined: person, host or coordinator."""
    rests_until: Mapped[date | None]
    """A declined pair is not proposed again until after this day …"""
    until_reassessed: Mapped[bool] = mapped_column(default=False)
    """… or until the person's needs were looked at again."""
    sessions: Mapped[list["PlacementSession"]] = relationship(
        lazy="raise", cascade="all, delete-orphan", order_by="PlacementSession.weekday, PlacementSession.start_min"
    )


class PlacementSession(Identified, Base):
    """One weekly (half=2) or fortnightly (half=1) time of a placement; no weekday = no fixed day."""

    __tablename__ = "placement_session"

    placement_id: Mapped[str] = mapped_column(Id, ForeignKey("placement.id"), index=True)
    weekday: Mapped[int | None]
    start_min: Mapped[int | None]
    end_min: Mapped[int | None]
    half: Mapped[int] = mapped_column(default=2)


class PlacementMove(Identified, Base):
    """One step of a placement: from where to where, who, when, and what was recorded; never changed afterwards."""

    __tablename__ = "placement_move"

    placement_id: Mapped[str] = mapped_column(Id, ForeignKey("placement.id"), index=True)
    at: Mapped[datetime]
    by: Mapped[str]
    from_step: Mapped[str]
    to_step: Mapped[str]
    label: Mapped[str]
    """What the step was called then."""
    note: Mapped[str] = mapped_column(default="")
    facts: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """What the step asks to be recorded: the answer in the person's own words, who went along, what was agreed."""
