"""The forms of 環境調整: what is to be arranged, and what came of it."""

from __future__ import annotations

from typing import Final

from wtforms import RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from service.cases.forms import is_a_date
from service.followup.visits.adjusting import ENDINGS
from service.followup.visits.recording import Arrangement
from service.kernel.dates import parse_date
from service.web.forms import Form, choices_of

PART: Final = 200


class WordsForm(Form):
    """What, by whom, until when."""

    what = StringField(
        "何を調整するか",
        [InputRequired("調整することを入れてください。"), Length(max=PART)],
        description="例 はじめは30分にする",
    )
    who = StringField("だれが", [InputRequired("だれが調整するかを入れてください。"), Length(max=60)])
    until_on = StringField("いつまでに", [InputRequired("日付を入れてください。"), is_a_date])

    def arrangement(self) -> Arrangement:
        """What was typed, read."""
        return Arrangement(
            (self.what.data or "").strip(), (self.who.data or "").strip(), parse_date(self.until_on.data or "")
        )


class ArrangeForm(WordsForm):
    """The same, and at which host."""

    placement = SelectField("どこで", [InputRequired("どの受け入れ先のことかを選んでください。")])


class EndForm(Form):
    """What came of it."""

    state = RadioField("どうなったか", [InputRequired("どうなったかを選んでください。")], choices=choices_of(ENDINGS))
    ended_on = StringField("終わった日", [InputRequired("日付を入れてください。"), is_a_date])
    outcome = TextAreaField(
        "その結果（取りやめたときは、わけ）", [InputRequired("どう変わったかを一言入れてください。"), Length(max=PART)]
    )
