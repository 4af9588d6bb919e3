"""What a つなぐシート holds, what was done about it before a decision, and the decision."""

from datetime import date, datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from service.kernel.db import Base, Id, Identified, Versioned


class Referral(Versioned, Base):
    """One hand-over from any desk, 民生委員 or neighbour; its case begins with it."""

    __tablename__ = "referral"

    case_id: Mapped[str] = mapped_column(Id, ForeignKey("support_case.id"), index=True)
    came_by: Mapped[str]
    """How it came in: inside, own (the referrer's own sign-in), link, paper, phone."""
    received_on: Mapped[date]
    received_at: Mapped[datetime]
    from_agency: Mapped[str]
    from_person: Mapped[str]
    from_phone: Mapped[str] = mapped_column(default="")
    from_email: Mapped[str] = mapped_column(default="")
    agency_id: Mapped[str | None] = mapped_column(Id, ForeignKey("agency.id"), index=True)
    """The desk in the directory, when it is one."""
    referrer_id: Mapped[str | None] = mapped_column(Id, ForeignKey("user.id"), index=True)
    """Who sent it by their own sign-in; they alone read its その後 on screen."""
    to_agency: Mapped[str] = mapped_column(default="")
    is_anonymous: Mapped[bool] = mapped_column(default=False)
    age_band: Mapped[str] = mapped_column(default="")
    reach: Mapped[str] = mapped_column(default="")
    """How and when the person can be reached; 電話不可 stands here too."""
    members: Mapped[str] = mapped_column(default="")
    troubles: Mapped[list[str]] = mapped_column(default=list)
    """困りごと: keys of `referrals/troubles.py`."""
    pressing: Mapped[str] = mapped_column(default="")
    """The most pressing of them (◎)."""
    story: Mapped[str] = mapped_column(default="")
    tried: Mapped[str] = mapped_column(default="")
    is_urgent: Mapped[bool] = mapped_column(default=False)
    knows: Mapped[str] = mapped_column(default="unknown")
    """Whether the person knows and agrees that this is handed over: yes, no, unknown."""
    feedback_by: Mapped[str] = mapped_column(default="")
    """How the referrer wants to hear of it."""
    acknowledged_on: Mapped[date | None]
    acknowledged_by: Mapped[str] = mapped_column(default="")
    acknowledge_due_on: Mapped[date]
    screening_due_on: Mapped[date]
    withdrawn_on: Mapped[date | None]
    withdrawn_why: Mapped[str] = mapped_column(default="")


class ReferralStep(Identified, Base):
    """Something done about a referral beside its steps: an urgent action, a meeting before the case, a question, an answer."""

    __tablename__ = "referral_step"

    referral_id: Mapped[str] = mapped_column(Id, ForeignKey("referral.id"), index=True)
    kind: Mapped[str]
    """urgent, pre_meeting, question, answer."""
    on: Mapped[date]
    by_agency: Mapped[str] = mapped_column(default="")
    text: Mapped[str]
    recorded_at: Mapped[datetime]
    recorded_by: Mapped[str]


class ReferralFile(Identified, Base):
    """A paper a つなぎ元 laid beside their sheet: what it really is, under a cleaned name, kept in the database with the case."""

    __tablename__ = "referral_file"

    referral_id: Mapped[str] = mapped_column(Id, ForeignKey("referral.id"), index=True)
    name: Mapped[str]
    kind: Mapped[str]
    """pdf, png or jpg, as its first bytes say."""
    size: Mapped[int]
    content: Mapped[bytes]
    added_at: Mapped[datetime]
    added_by: Mapped[str]


class Screening(Identified, Base):
    """該当判断: the criteria as they were ticked, the result, and who decided."""

    __tablename__ = "screening"

    case_id: Mapped[str] = mapped_column(Id, ForeignKey("support_case.id"), index=True)
    decided_on: Mapped[date]
    decider: Mapped[str]
    is_complex: Mapped[bool]
    """① 複雑・複合で、世帯への支援が要る."""
    is_between: Mapped[bool]
    """② 制度の狭間."""
    wants_resource: Mapped[bool]
    """③ 新しい資源・仕組みにつなげたい."""
    is_tried: Mapped[bool]
    """既存の連携では難しい（多機関の連携を試みている）."""
    result: Mapped[str]
    """juso, ordinary or advice_only."""
    override_reason: Mapped[str] = mapped_column(default="")
    reason: Mapped[str] = mapped_column(default="")
    returned_to: Mapped[str] = mapped_column(default="")
    at: Mapped[datetime]
    recorded_by: Mapped[str]


class AdviceRecord(Identified, Base):
    """支援者支援: advice to a supporter, with or without a sheet, or what an expert advised us; no case is opened for it."""

    __tablename__ = "advice_record"

    case_id: Mapped[str | None] = mapped_column(Id, ForeignKey("support_case.id"), index=True)
    way: Mapped[str] = mapped_column(default="given")
    """given to a supporter, or taken from an expert: a key of `advice.WAYS`."""
    expert: Mapped[str] = mapped_column(default="")
    """The profession of whoever advised us: 医師, 弁護士 …"""
    on: Mapped[date]
    to_agency: Mapped[str]
    """Who asked us; of advice taken, the expert's own office."""
    to_person: Mapped[str] = mapped_column(default="")
    field: Mapped[str] = mapped_column(default="")
    """高齢・障害 …: a key of `agencies/kinds.py`."""
    asked: Mapped[str]
    advice: Mapped[str]
    recorded_at: Mapped[datetime]
    recorded_by: Mapped[str]


class AdviceRequest(Versioned, Base):
    """相談: what a つなぎ元 asks without handing anybody over; the answer is an AdviceRecord, and no case is opened for it."""

    __tablename__ = "advice_request"

    asked_by_id: Mapped[str] = mapped_column(Id, ForeignKey("user.id"), index=True)
    """Who asked; they alone read the answer on their own pages."""
    asked_at: Mapped[datetime]
    from_agency: Mapped[str]
    from_person: Mapped[str]
    from_phone: Mapped[str] = mapped_column(default="")
    to_agency: Mapped[str] = mapped_column(default="")
    """The desk they would like to hear, where they know one."""
    field: Mapped[str] = mapped_column(default="")
    """高齢・障害 …: a key of `agencies/kinds.py`."""
    asked: Mapped[str]
    advice_id: Mapped[str | None] = mapped_column(Id, ForeignKey("advice_record.id"))
    """The answer; none yet while it waits."""
