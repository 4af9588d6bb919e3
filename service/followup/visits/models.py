"""Records of visits, calls and letters, and what is to be arranged after them."""

from datetime import date, datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from service.kernel.db import Base, Id, Versioned

STATES = {"stable": "安定", "uneasy": "やや不安", "unstable": "不安定"}
CONNECTED = {"yes": "つながっている", "thin": "細くなっている", "no": "つながっていない", "lost": "連絡がとれない"}


class Visit(Versioned, Base):
    """What was seen and heard on a day, from one side or both; `done_on` is the day itself, also when told late."""

    __tablename__ = "visit"

    follow_up_id: Mapped[str | None] = mapped_column(Id, ForeignKey("follow_up.id"), index=True)
    case_id: Mapped[str] = mapped_column(Id, ForeignKey("support_case.id"), index=True)
    person_id: Mapped[str] = mapped_column(Id, ForeignKey("person.id"), index=True)
    placement_id: Mapped[str | None] = mapped_column(Id, ForeignKey("placement.id"), index=True)
    client_id: Mapped[str] = mapped_column(unique=True)
    """The number the phone gave it: sent twice, kept once."""
    beside_id: Mapped[str | None] = mapped_column(Id, ForeignKey("visit.id"))
    """Another record of the same follow-up, kept as well; somebody decides between the two."""
    replaces_id: Mapped[str | None] = mapped_column(Id, ForeignKey("visit.id"))
    """The record this one corrects; that one stays."""
    contact_id: Mapped[str | None] = mapped_column(Id, ForeignKey("contact_with_both.id"))
    kind: Mapped[str]
    done_on: Mapped[date]
    recorded_at: Mapped[datetime]
    recorded_by: Mapped[str]
    recorded_by_id: Mapped[str] = mapped_column(Id, ForeignKey("user.id"), index=True)
    met_person: Mapped[bool] = mapped_column(default=False)
    met_host: Mapped[bool] = mapped_column(default=False)
    times_planned: Mapped[int | None]
    times_attended: Mapped[int | None]
    person_face: Mapped[int | None]
    person_says: Mapped[str] = mapped_column(default="")
    """want, wavering, stop, or nothing asked."""
    wish: Mapped[str] = mapped_column(default="")
    """What the person wishes, in the person's own words, each time anew."""
    host_face: Mapped[int | None]
    host_says: Mapped[str] = mapped_column(default="")
    host_worry: Mapped[str] = mapped_column(default="")
    state: Mapped[str] = mapped_column(default="")
    connected: Mapped[str] = mapped_column(default="")
    """After closing: whether the tie still holds."""
    next_on: Mapped[date | None]
    note: Mapped[str] = mapped_column(default="")


class Adjustment(Versioned, Base):
    """環境調整: what is to be arranged so that it works, by whom and until when."""

    __tablename__ = "adjustment"
    keeps_values = True

    placement_id: Mapped[str] = mapped_column(Id, ForeignKey("placement.id"), index=True)
    visit_id: Mapped[str | None] = mapped_column(Id, ForeignKey("visit.id"))
    what: Mapped[str]
    who: Mapped[str]
    until_on: Mapped[date]
    state: Mapped[str] = mapped_column(default="open")
    """open, done, or dropped with a word why."""
    ended_on: Mapped[date | None]
    outcome: Mapped[str] = mapped_column(default="")
    made_at: Mapped[datetime]
    made_by: Mapped[str]

    @property
    def subject_id(self) -> str:
        """The tie whose history this belongs to."""
        return self.placement_id
