"""助言: what we told a supporter without opening a case, and what an expert told us; both are kept and counted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Final

from sqlalchemy import or_, select
from sqlalchemy.orm import Session
from wtforms import Field, RadioField, SelectField, StringField, TextAreaField, ValidationError
from wtforms.validators import InputRequired, Length

from service.cases.access import cases_in_process
from service.cases.forms import is_a_date
from service.cases.models import SupportCase
from service.cases.referrals.models import AdviceRecord
from service.kernel.clock import day_in_japan
from service.kernel.dates import parse_date
from service.kernel.errors import DomainError
from service.resources.agencies.kinds import FIELDS
from service.web.actor import Actor, Town
from service.web.forms import Form, choices_of, said

GIVEN, TAKEN = "given", "taken"
WAYS: Final[Mapping[str, str]] = {GIVEN: "支援者に助言した", TAKEN: "専門職から助言を受けた"}
MOST: Final = 200


class AdviceForm(Form):
    """One piece of advice, in a minute; names of the people it is about are not asked for."""

    way = RadioField("どちらですか", [InputRequired("どちらかを選んでください。")], choices=choices_of(WAYS), default=GIVEN)
    on = StringField("日", [InputRequired("日を入れてください。"), is_a_date])
    to_agency = StringField("相手の機関", [InputRequired("相手の機関を入れてください。"), Length(max=80)])
    to_person = StringField("相手の名前", [Length(max=60)])
    expert = StringField("専門職の種類", [Length(max=40)], description="助言を受けたとき。例 医師・弁護士・司法書士")
    field = SelectField("分野", choices=choices_of({"": "選ばない", **FIELDS}), default="")
    asked = TextAreaField("相談されたこと・聞いたこと", [InputRequired("一言入れてください。"), Length(max=1000)])
    advice = TextAreaField("助言", [InputRequired("助言を入れてください。"), Length(max=2000)])

    def validate_expert(self, field: Field) -> None:
        """Whoever advised us has a profession."""
        if self.way.data == TAKEN and not said(field):
            raise ValidationError("どの専門職から受けたかを入れてください。")


def record_advice(session: Session, actor: Actor, form: AdviceForm, now: datetime) -> AdviceRecord:
    """Keep it; raises DomainError for a day that has not come."""
    on = parse_date(said(form.on))
    if on > day_in_japan(now):
        raise DomainError("まだ来ていない日です。", "今日までの日を入れてください。", "day", 422)
    row = AdviceRecord(
        way=form.way.data, on=on, to_agency=said(form.to_agency), to_person=said(form.to_person),
        expert=said(form.expert) if form.way.data == TAKEN else "", field=form.field.data or "", asked=said(form.asked),
        advice=said(form.advice), recorded_at=now, recorded_by=actor.label,
    )  # fmt: skip
    session.add(row)
    return row


def advice_since(session: Session, town: Town, actor: Actor, since: date) -> Sequence[AdviceRecord]:
    """The newest first: what belongs to no case, and what came of sheets this person may follow."""
    cases = cases_in_process(town, actor).with_only_columns(SupportCase.id)
    query = select(AdviceRecord).where(
        AdviceRecord.on >= since, or_(AdviceRecord.case_id.is_(None), AdviceRecord.case_id.in_(cases))
    )
    return session.scalars(query.order_by(AdviceRecord.on.desc(), AdviceRecord.id).limit(MOST)).all()
