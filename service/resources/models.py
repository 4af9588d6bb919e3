"""Places in town: who takes people (Host), where (Site), and what, when and for how many (Opening)."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, event
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from service.kernel.db import Base, Id, Identified, Versioned


class CatalogueState(Base):
    """A counter that moves with every change of the catalogue, so that readers know when to load anew."""

    __tablename__ = "catalogue_state"
    audited = False

    id: Mapped[int] = mapped_column(primary_key=True)
    version: Mapped[int]


class CatalogueRow:
    """A row whose change moves the catalogue's counter and shows in the host's history."""

    keeps_values = True

    @property
    def subject_id(self) -> str:
        """The host whose history this row belongs to."""
        raise NotImplementedError


class Host(CatalogueRow, Versioned, Base):
    """An organisation that takes people."""

    __tablename__ = "host"

    import_key: Mapped[str | None] = mapped_column(unique=True)
    name: Mapped[str]
    kana: Mapped[str] = mapped_column(default="")
    search_text: Mapped[str] = mapped_column(default="")
    sort_key: Mapped[str] = mapped_column(default="", index=True)
    kind: Mapped[str]
    organisation: Mapped[str] = mapped_column(default="")
    status: Mapped[str] = mapped_column(default="active")
    paused_until: Mapped[date | None]
    pause_reason: Mapped[str] = mapped_column(default="")
    contact_person: Mapped[str] = mapped_column(default="")
    phone: Mapped[str] = mapped_column(default="")
    fax: Mapped[str] = mapped_column(default="")
    email: Mapped[str] = mapped_column(default="")
    url: Mapped[str] = mapped_column(default="")
    themes: Mapped[list[str]] = mapped_column(default=list)
    """What staying there helps with: keys of `words.THEMES`."""
    description: Mapped[str] = mapped_column(default="")
    note: Mapped[str] = mapped_column(default="")
    source: Mapped[str] = mapped_column(default="")

    sites: Mapped[list["Site"]] = relationship(lazy="raise", order_by="Site.position, Site.id")
    openings: Mapped[list["Opening"]] = relationship(lazy="raise", order_by="Opening.position, Opening.id")
    conditions: Mapped[list["Condition"]] = relationship(lazy="raise", order_by="Condition.attribute, Condition.id")
    people: Mapped[list["HostPerson"]] = relationship(lazy="raise", order_by="HostPerson.name, HostPerson.id")
    remarks: Mapped[list["Remark"]] = relationship(lazy="raise", order_by="Remark.at.desc()")
    assessments: Mapped[list["HostAssessment"]] = relationship(lazy="raise", order_by="HostAssessment.assessed_on.desc()")

    @property
    def subject_id(self) -> str:
        return self.id


class Site(CatalogueRow, Versioned, Base):
    """Where a host's activity takes place, and how well we know the spot."""

    __tablename__ = "site"

    host_id: Mapped[str] = mapped_column(Id, ForeignKey("host.id"), index=True)
    position: Mapped[int] = mapped_column(default=0)
    name: Mapped[str] = mapped_column(default="")
    address: Mapped[str] = mapped_column(default="")
    building: Mapped[str] = mapped_column(default="")
    lat: Mapped[float | None]
    lon: Mapped[float | None]
    coordinate_level: Mapped[str] = mapped_column(default="")
    coordinate_source: Mapped[str] = mapped_column(default="")

    @property
    def subject_id(self) -> str:
        return self.host_id


class Opening(CatalogueRow, Versioned, Base):
    """What a host offers: the activity, its days and its free places; `confirmed_on` says how fresh that is."""

    __tablename__ = "opening"

    host_id: Mapped[str] = mapped_column(Id, ForeignKey("host.id"), index=True)
    site_id: Mapped[str] = mapped_column(Id, ForeignKey("site.id"))
    position: Mapped[int] = mapped_column(default=0)
    title: Mapped[str]
    activity: Mapped[str] = mapped_column(default="")
    activity_tags: Mapped[list[str]] = mapped_column(default=list)
    status: Mapped[str] = mapped_column(default="open")
    paused_until: Mapped[date | None]
    pause_reason: Mapped[str] = mapped_column(default="")
    free: Mapped[int | None]
    capacity: Mapped[int | None]
    waiting: Mapped[int] = mapped_column(default=0)
    dates: Mapped[list[str]] = mapped_column(default=list)
    times_note: Mapped[str] = mapped_column(default="")
    confirmed_on: Mapped[date | None]
    confirmed_by: Mapped[str] = mapped_column(default="")

    slots: Mapped[list["OpeningSlot"]] = relationship(
        lazy="raise", cascade="all, delete-orphan", order_by="OpeningSlot.weekday, OpeningSlot.start_min.nulls_first()"
    )
    site: Mapped[Site] = relationship(lazy="raise")

    @property
    def subject_id(self) -> str:
        return self.host_id


class OpeningSlot(CatalogueRow, Identified, Base):
    """One weekday slot; no times means the weekday is known and the hours are not."""

    __tablename__ = "opening_slot"

    opening_id: Mapped[str] = mapped_column(Id, ForeignKey("opening.id"), index=True)
    host_id: Mapped[str] = mapped_column(Id, ForeignKey("host.id"), index=True)
    weekday: Mapped[int]
    start_min: Mapped[int | None]
    end_min: Mapped[int | None]
    nth: Mapped[Any] = mapped_column(default=list)
    free: Mapped[int | None]

    @property
    def subject_id(self) -> str:
        return self.host_id


class Condition(CatalogueRow, Versioned, Base):
    """What is known about one attribute, on the host, one site or one opening; no row means unknown."""

    __tablename__ = "condition"

    host_id: Mapped[str] = mapped_column(Id, ForeignKey("host.id"), index=True)
    site_id: Mapped[str | None] = mapped_column(Id, ForeignKey("site.id"))
    opening_id: Mapped[str | None] = mapped_column(Id, ForeignKey("opening.id"))
    attribute: Mapped[str]
    value: Mapped[Any] = mapped_column(nullable=True)
    negotiable: Mapped[bool] = mapped_column(default=False)
    answered_on: Mapped[date | None]
    answered_by: Mapped[str] = mapped_column(default="")
    recorded_by: Mapped[str] = mapped_column(default="")

    @property
    def subject_id(self) -> str:
        return self.host_id


class HostPerson(CatalogueRow, Identified, Base):
    """Somebody found at a host: staff or a regular; a person's avoid rule may point here."""

    __tablename__ = "host_person"

    host_id: Mapped[str] = mapped_column(Id, ForeignKey("host.id"), index=True)
    name: Mapped[str]
    role: Mapped[str] = mapped_column(default="")

    @property
    def subject_id(self) -> str:
        return self.host_id


class Remark(Identified, Base):
    """A staff remark on a host; never shown to any host."""

    __tablename__ = "remark"

    host_id: Mapped[str] = mapped_column(Id, ForeignKey("host.id"), index=True)
    at: Mapped[datetime]
    author: Mapped[str]
    text: Mapped[str]


class HostAssessment(Identified, Base):
    """What was found at a host on a day: tasks, people, place, rules, staff, worries, insurance."""

    __tablename__ = "host_assessment"

    host_id: Mapped[str] = mapped_column(Id, ForeignKey("host.id"), index=True)
    assessed_on: Mapped[date]
    author: Mapped[str]
    facts: Mapped[dict[str, Any]]


class ResourceGap(Versioned, Base):
    """A need no place in town met, kept as a matter for the community; it names no person."""

    __tablename__ = "resource_gap"

    recorded_at: Mapped[datetime]
    recorded_by: Mapped[str]
    code: Mapped[str]
    summary: Mapped[str]
    age_band: Mapped[str]
    district: Mapped[str]
    status: Mapped[str] = mapped_column(default="open")
    ended_on: Mapped[date | None]
    end_reason: Mapped[str] = mapped_column(default="")


class VocabularyEntry(Identified, Base):
    """One version of one attribute of the vocabulary; the highest `seq` of a key is the one in force."""

    __tablename__ = "vocabulary_entry"

    seq: Mapped[int] = mapped_column(unique=True)
    key: Mapped[str] = mapped_column(index=True)
    body: Mapped[dict[str, Any]]
    at: Mapped[datetime]
    author: Mapped[str]


@event.listens_for(Session, "before_flush")
def _move_the_counter(session: Session, *_: object) -> None:
    if session.info.get("catalogue-moved"):
        return
    rows = [*session.new, *session.dirty, *session.deleted]
    if any(isinstance(row, CatalogueRow | VocabularyEntry) for row in rows):
        session.info["catalogue-moved"] = True
        state = session.get(CatalogueState, 1) or CatalogueState(id=1, version=0)
        state.version += 1
        session.add(state)


@event.listens_for(Session, "before_flush")
def _move_the_opening(session: Session, *_: object) -> None:
    """Its hours are part of an opening: whoever changes one of them has changed the version another person holds."""
    changed = [row for row in (*session.dirty, *session.deleted) if isinstance(row, OpeningSlot)]
    for opening_id in {row.opening_id for row in changed if row in session.deleted or session.is_modified(row)}:
        opening = session.get(Opening, opening_id)
        if opening is not None and opening not in session.deleted and not session.is_modified(opening):
            opening.version += 1
