"""The form of an undertaking about an unmet need."""

from wtforms.validators import InputRequired

from service.resources.agencies.developments import Undertaking
from service.resources.forms import DateText, words
from service.web.forms import Form


class DevelopmentForm(Form):
    """Who does what with whom, until when."""

    what = words("すること", 300, "何をするかを、一言入れてください。")
    who = words("だれが", 100, "だれがするかを入れてください。")
    with_whom = words("だれに・どこに", 200)
    # Without a day nobody asks how it went.
    until_on = DateText("いつまで", [InputRequired("いつまでにするかを入れてください。")])

    def undertaking(self) -> Undertaking:
        """What the valid form says."""
        return Undertaking(self.what.said, self.who.said, self.with_whom.said, self.until_on.day)
