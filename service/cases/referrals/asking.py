"""相談だけ: a つなぎ元 asks how to go on, the office answers, and the answer is kept and counted as the advice it is."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session
from wtforms import SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from service.cases.referrals.advice import GIVEN
from service.cases.referrals.models import AdviceRecord, AdviceRequest, Referral
from service.kernel.clock import day_in_japan
from service.kernel.errors import DomainError, NotFound
from service.resources.agencies.kinds import FIELDS
from service.web.actor import Actor
from service.web.forms import Form, choices_of, said

Asked = tuple[AdviceRequest, AdviceRecord | None]
MOST: Final = 100


class AskForm(Form):
    """One question; whom it is about stays unnamed."""

    from_agency = StringField("あなたの機関", [InputRequired("お返事する機関を入れてください。"), Length(max=80)])
    from_phone = StringField("電話", [Length(max=30)], description="電話で話した方が早いときに使います")
    to_agency = StringField(
        "聞きたい窓口", [Length(max=80)], description="分かるときだけ。空なら、多機関協働の担当がお答えします"
    )
    field = SelectField("分野", choices=choices_of({"": "選ばない", **FIELDS}), default="")
    asked = TextAreaField("相談したいこと", [InputRequired("相談したいことを一言入れてください。"), Length(max=1000)])


def ask_advice(session: Session, actor: Actor, form: AskForm, now: datetime) -> AdviceRequest:
    """Keep a question until somebody answers it."""
    row = AdviceRequest(
        asked_by_id=actor.id, asked_at=now, from_agency=said(form.from_agency), from_person=actor.label.split("（")[0],
        from_phone=said(form.from_phone), to_agency=said(form.to_agency), field=form.field.data or "", asked=said(form.asked),
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row


def asked_by(session: Session, actor: Actor) -> Sequence[Asked]:
    """What somebody asked, the newest first, each with its answer."""
    query = select(AdviceRequest, AdviceRecord).outerjoin(AdviceRecord, AdviceRequest.advice_id == AdviceRecord.id)
    rows = session.execute(
        query.where(AdviceRequest.asked_by_id == actor.id)
        .order_by(AdviceRequest.asked_at.desc(), AdviceRequest.id)
        .limit(MOST)
    )
    return [(asked, answer) for asked, answer in rows]


def as_last_time(session: Session, actor: Actor) -> dict[str, str]:
    """From where somebody asked or sent last, so that nobody types their own desk twice."""
    asked, sent = AdviceRequest, Referral
    last = session.execute(
        select(asked.from_agency, asked.from_phone, asked.asked_at.label("at"))
        .where(asked.asked_by_id == actor.id)
        .union_all(select(sent.from_agency, sent.from_phone, sent.received_at).where(sent.referrer_id == actor.id))
        .order_by("at")
    ).all()
    return {"from_agency": last[-1][0], "from_phone": last[-1][1]} if last else {}


def waiting_requests(session: Session) -> Sequence[AdviceRequest]:
    """The questions nobody has answered, the oldest first."""
    query = select(AdviceRequest).where(AdviceRequest.advice_id.is_(None))
    return session.scalars(query.order_by(AdviceRequest.asked_at, AdviceRequest.id).limit(MOST)).all()


def answer_request(session: Session, actor: Actor, request_id: str, version: int, advice: str, now: datetime) -> None:
    """Answer a question. Raises NotFound, Conflict when a colleague was quicker, or DomainError without an answer."""
    row = session.get(AdviceRequest, request_id)
    if row is None:
        raise NotFound()
    row.expect(version)
    if row.advice_id is not None:
        raise DomainError("この相談には、もう答えてあります。", "下の助言の一覧で確かめてください。", "answered", 409)
    if not advice.strip():
        raise DomainError("答えがありません。", "一言書いてから、もう一度押してください。", "no-advice", 422)
    record = AdviceRecord(
        way=GIVEN, on=day_in_japan(now), to_agency=row.from_agency, to_person=row.from_person, field=row.field,
        asked=row.asked, advice=advice.strip(), recorded_at=now, recorded_by=actor.label,
    )  # fmt: skip
    session.add(record)
    session.flush()
    row.advice_id = record.id
