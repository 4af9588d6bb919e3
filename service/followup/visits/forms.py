"""The form of a record: big answers first, words after them, everything optional but what somebody has to decide."""

from __future__ import annotations

from datetime import date

from wtforms import Field, RadioField, StringField, TextAreaField, ValidationError
from wtforms.validators import InputRequired, Length

from service.cases.forms import is_a_date
from service.followup.placements.contacting import HOST_SAYS, PERSON_SAYS
from service.followup.placements.models import FACES
from service.followup.tasks.trying import CHANNELS, RESULTS
from service.followup.visits.models import CONNECTED, STATES
from service.followup.visits.recording import Arrangement, Record
from service.kernel.dates import parse_date
from service.kernel.digits import whole
from service.web.forms import Form, choices_of

MET = {"both": "両方に会えた", "person": "本人だけ", "host": "受け入れ先だけ"}
FACE_CHOICES = {str(number): FACES[number] for number in sorted(FACES, reverse=True)}
PART = 200


def is_a_count(_form: Form, field: Field) -> None:
    """A number of times, or nothing."""
    if field.data and _count(field.data) is None:
        raise ValidationError("回数だけを、3桁までの数字で入れてください。")


class RecordForm(Form):
    """90 seconds, one hand."""

    met = RadioField("会えた人", choices=choices_of(MET), validators=[InputRequired("会えた人を選んでください。")])
    done_on = StringField("実際に行った日", [InputRequired("日付を入れてください。"), is_a_date])
    times_planned = StringField("予定の回数", [is_a_count])
    times_attended = StringField("来た回数", [is_a_count])
    person_face = RadioField("本人のようす", choices=choices_of(FACE_CHOICES), validators=[], validate_choice=False)
    person_says = RadioField("本人は", choices=choices_of(PERSON_SAYS), validate_choice=False)
    wish = TextAreaField("本人の願い", [Length(max=500)], description="今日のことばで。前と同じでも")
    connected = RadioField("つながっていますか", choices=choices_of(CONNECTED), validate_choice=False)
    host_face = RadioField("受け入れ先のようす", choices=choices_of(FACE_CHOICES), validate_choice=False)
    host_says = RadioField("受け入れ先は", choices=choices_of(HOST_SAYS), validate_choice=False)
    host_worry = TextAreaField("受け入れ先の困りごと", [Length(max=500)])
    what = StringField("整えること", [Length(max=PART)])
    who = StringField("だれが", [Length(max=60)])
    until = StringField("いつまで", [is_a_date])
    state = RadioField("全体として", choices=choices_of(STATES), validate_choice=False)
    next_on = StringField("次の日", [is_a_date])
    note = TextAreaField("メモ", [Length(max=1000)])

    def record(self, client_id: str) -> Record:
        """What the form says; the words of the one not met are left out."""
        met_person, met_host = self.met.data in ("both", "person"), self.met.data in ("both", "host")
        person = (
            (_face(self.person_face.data), _text(self.person_says.data), _text(self.wish.data))
            if met_person
            else (None, "", "")
        )
        host = (
            (_face(self.host_face.data), _text(self.host_says.data), _text(self.host_worry.data))
            if met_host
            else (None, "", "")
        )
        return Record(
            client_id, parse_date(self.done_on.data or ""), met_person, met_host, _count(self.times_planned.data),
            _count(self.times_attended.data), *person, *host, state=_text(self.state.data),
            connected=_text(self.connected.data), next_on=_day(self.next_on.data), note=_text(self.note.data),
            arrangement=self._arrangement(),
        )  # fmt: skip

    def _arrangement(self) -> Arrangement | None:
        until = _day(self.until.data)
        if not _text(self.what.data) or until is None:
            return None
        return Arrangement(_text(self.what.data), _text(self.who.data), until)

    def validate_until(self, field: Field) -> None:
        """Something to arrange needs a day, or nobody does it."""
        if _text(self.what.data) and not field.data:
            raise ValidationError("整えることには、いつまでかが要ります。")


class TryForm(Form):
    """会えなかった: as quick as having met."""

    channel = RadioField("やり方", choices=choices_of(CHANNELS), validators=[InputRequired("やり方を選んでください。")])
    result = RadioField("結果", choices=choices_of(RESULTS), validators=[InputRequired("結果を選んでください。")])
    next_on = StringField("次に連絡する日", [is_a_date])
    note = StringField("ひとこと", [Length(max=PART)])


class MoveForm(Form):
    """Another day."""

    day = StringField("日にち", [InputRequired("日付を入れてください。"), is_a_date])
    time = StringField("始まる時刻", description="決まっていなければ空のままで")
    reason = StringField("約束を変えるわけ", [Length(max=PART)])


class CallOffForm(Form):
    """Not at all."""

    reason = StringField("わけ", [InputRequired("ひとこと入れてください。"), Length(max=PART)])


def _text(value: str | None) -> str:
    return (value or "").strip()


def _face(value: str | None) -> int | None:
    return int(value) if value and value in FACE_CHOICES else None


def _count(value: str | None) -> int | None:
    return whole(value or "", 999)


def _day(value: str | None) -> date | None:
    return parse_date(value) if value and value.strip() else None
