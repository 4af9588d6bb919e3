"""What follow-up keeps beside a placement: soundings, offers, check-ins, words of hosts."""

from datetime import date, datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from service.kernel.db import Base, Id, Identified, Versioned

OPEN, ANSWERED, VOID = "open", "answered", "void"
ASKED_COORDINATOR, ASKED_HOST = "coordinator", "host"
YES, CONDITIONAL, NO = "yes", "conditional", "no"
ANSWERS = {YES: "可", CONDITIONAL: "条件付き", NO: "難しい"}
FACE, WORRY, ABSENCE = "face", "worry", "absence"
FACES = {1: "とてもつらい", 2: "つらい", 3: "ふつう", 4: "よい", 5: "とてもよい"}


class Sounding(Versioned, Base):
    """A host asked without a name: the very words it was told, until when it may answer, and what it said.

    No foreign key leads to the placement: on the hosts' own network there is none, only the words.
    """

    __tablename__ = "sounding"

    placement_id: Mapped[str] = mapped_column(Id, default="", index=True)
    host_id: Mapped[str] = mapped_column(Id, ForeignKey("host.id"), index=True)
    opening_id: Mapped[str] = mapped_column(Id, ForeignKey("opening.id"))
    text: Mapped[str]
    channel: Mapped[str] = mapped_column(default="phone")
    asked_at: Mapped[datetime]
    asked_by: Mapped[str]
    deadline_on: Mapped[date]
    state: Mapped[str] = mapped_column(default=OPEN)
    answer: Mapped[str] = mapped_column(default="")
    conditions: Mapped[str] = mapped_column(default="")
    """What a 条件付き is tied to, or what is to be known besides, in the host's words."""
    reason: Mapped[str] = mapped_column(default="")
    """Why a 難しい: a reason of the ladder."""
    answered_at: Mapped[datetime | None]
    answered_by: Mapped[str] = mapped_column(default="")


class Offer(Versioned, Base):
    """A place shown to the person, and the answer in the person's own words; 「今はやめておく」 is one of them."""

    __tablename__ = "offer"

    placement_id: Mapped[str] = mapped_column(Id, ForeignKey("placement.id"), index=True)
    shown_on: Mapped[date]
    shown_by: Mapped[str]
    answer: Mapped[str] = mapped_column(default="")
    """want, not_now, no, or nothing yet."""
    words: Mapped[str] = mapped_column(default="")
    answered_on: Mapped[date | None]


class ContactWithBoth(Identified, Base):
    """A talk with both sides after the start: does the person wish to go on, can the host, is anything open."""

    __tablename__ = "contact_with_both"

    placement_id: Mapped[str] = mapped_column(Id, ForeignKey("placement.id"), index=True)
    done_on: Mapped[date]
    recorded_at: Mapped[datetime]
    recorded_by: Mapped[str]
    person_says: Mapped[str]
    """続けたい want, 迷う wavering, やめたい stop."""
    host_says: Mapped[str]
    """続けられる can, 迷う wavering, 難しい cannot."""
    has_problem: Mapped[bool] = mapped_column(default=False)
    person_face: Mapped[int | None]
    host_face: Mapped[int | None]
    note: Mapped[str] = mapped_column(default="")
    adjustment: Mapped[str] = mapped_column(default="")


class HostWord(Identified, Base):
    """What a host lets us know of its own accord: a face, a worry, an absence."""

    __tablename__ = "host_word"

    host_id: Mapped[str] = mapped_column(Id, ForeignKey("host.id"), index=True)
    placement_id: Mapped[str | None] = mapped_column(Id, ForeignKey("placement.id"), index=True)
    kind: Mapped[str]
    on: Mapped[date]
    face: Mapped[int | None]
    text: Mapped[str] = mapped_column(default="")
    at: Mapped[datetime]
    by: Mapped[str]
    seen_at: Mapped[datetime | None]
    seen_by: Mapped[str] = mapped_column(default="")


class StallQuestion(Identified, Base):
    """A placement that stands still: somebody concerned is asked before anybody is alarmed."""

    __tablename__ = "stall_question"

    placement_id: Mapped[str] = mapped_column(Id, ForeignKey("placement.id"), index=True)
    asked_at: Mapped[datetime]
    asked_of: Mapped[str]
    """coordinator or host."""
    answer: Mapped[str] = mapped_column(default="")
    note: Mapped[str] = mapped_column(default="")
    answered_at: Mapped[datetime | None]
    answered_by: Mapped[str] = mapped_column(default="")


class StepUp(Identified, Base):
    """One stage of a person's way from little to more: so many days a week, so long, from when."""

    __tablename__ = "step_up"

    person_id: Mapped[str] = mapped_column(Id, ForeignKey("person.id"), index=True)
    position: Mapped[int]
    days_per_week: Mapped[int]
    minutes: Mapped[int]
    from_on: Mapped[date | None]
    note: Mapped[str] = mapped_column(default="")
    reached_on: Mapped[date | None]
