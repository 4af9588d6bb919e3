"""The form of the hand: who goes, on which day, from when, and why a promise is broken."""

from __future__ import annotations

from datetime import date

from wtforms import Field, SelectField, StringField, ValidationError
from wtforms.validators import InputRequired, Length

from service.cases.forms import is_a_date
from service.followup.planning.moving import Wish
from service.followup.tasks.reading import Known
from service.kernel.dates import DateProblem, format_wareki, parse_date
from service.kernel.slots import DAY_MIN, SlotProblem, parse_time
from service.web.forms import Form, Posted

NOBODY = ("", "決まっていません")
PART = 200


def is_a_start(_form: Form, field: Field) -> None:
    """A time of a day something can begin at, or nothing."""
    try:
        found = parse_time(field.data or "")
    except SlotProblem as problem:
        raise ValidationError(f"{problem.message}{problem.remedy}") from problem
    if (field.data or "").strip() and (found is None or found >= DAY_MIN):
        raise ValidationError("始まる時刻として読めませんでした。「13:30」のように入れてください。")


class HandForm(Form):
    """Another day, hour or member of staff."""

    staff = SelectField("行く人", validate_choice=False)
    day = StringField("日にち", [InputRequired("日付を入れてください。"), is_a_date])
    time = StringField("始まる時刻", [is_a_start], description="空のままなら、入る時刻をさがします")
    second = SelectField("いっしょに行く人", validate_choice=False)
    reason = StringField("約束を変えるわけ", [Length(max=PART)])

    def offer(self, staff: list[tuple[str, str]]) -> None:
        """Who can be chosen."""
        self.staff.choices, self.second.choices = list(staff), [NOBODY, *staff]

    def wish(self, known: Known) -> Wish:
        """What the form says; whoever is not asked for stays. Whoever is no choice is refused where it is put."""
        staff_id = self.staff.data or known.row.staff_id or known.case.assigned_id
        second_id = known.row.second_id if self.second.data is None else self.second.data
        return Wish(staff_id, parse_date(self.day.data or ""), parse_time(self.time.data or ""), second_id or "")


def cell_of(posted: Posted) -> Posted:
    """A tap on a cell says who and which day at once, and leaves the hour open; the rest of the form stays as typed."""
    staff_id, mark, day = posted.text("cell").partition("|")
    try:
        on: date = parse_date(day)
    except DateProblem:
        return posted
    return Posted({**posted, "staff": [staff_id], "day": [format_wareki(on)], "time": [""]}) if mark else posted
