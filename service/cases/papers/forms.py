"""The form of 匿名事例: what is told, and the words written for it."""

from wtforms import BooleanField, SelectField, SelectMultipleField, TextAreaField
from wtforms.validators import Length

from service.cases.papers.anonymous import Profile
from service.cases.referrals.troubles import TROUBLES
from service.web.forms import Form, choices_of, said

UNTOLD = "出さない"


class AnonymousForm(Form):
    """Three facts to take or leave, and words that are in no record."""

    age_band = SelectField("年代", choices=[], validate_choice=False)
    district = SelectField("地区", choices=[], validate_choice=False)
    troubles = SelectMultipleField("課題", choices=choices_of(TROUBLES))
    words = TextAreaField("添える言葉", [Length(max=600)], description="記録から写さず、この用紙のために書きます")
    is_certain = BooleanField("当てはまる人が少ないことを承知で刷る（配る相手を確かめた）")

    def offer(self, age_band: str, district: str) -> None:
        """What may be told of this person, or left out."""
        self.age_band.choices = choices_of({each: each or UNTOLD for each in dict.fromkeys((age_band, ""))})
        self.district.choices = choices_of({each: each or UNTOLD for each in dict.fromkeys((district, ""))})

    def profile(self, age_band: str, district: str) -> Profile:
        """What was chosen; of age and district nothing but the person's own."""
        return Profile(
            age_band if self.age_band.data else "", district if self.district.data else "",
            frozenset(self.troubles.data or ()), said(self.words),
        )  # fmt: skip
