"""Forms of the catalogue as their pages show them: what is typed, and both versions when two people typed."""

from dataclasses import dataclass

from markupsafe import Markup

from service.resources.forms import NewHostForm, OpeningForm, SiteForm
from service.resources.timing import HourRow
from service.web.answers import AnswerField
from service.web.forms import Form

Conflicts = tuple[tuple[str, str, str], ...]


@dataclass(frozen=True)
class FormView:
    """A page that is one form."""

    form: Form
    action: str
    back: str
    title: str
    version: str
    once: str
    conflict: Conflicts
    changed_by: tuple[str, str]
    problems: tuple[str, ...]


@dataclass(frozen=True)
class NewHostView:
    """The short form for a new host."""

    form: NewHostForm
    activities: tuple[tuple[str, str], ...]
    tags: tuple[str, ...]
    once: str


@dataclass(frozen=True)
class PinChoice:
    """A town cell of the map that can be chosen, in words."""

    value: str
    label: str


@dataclass(frozen=True)
class SiteEditView:
    """Where an activity takes place, with the map to point at."""

    form: SiteForm
    action: str
    back: str
    host_name: str
    is_new: bool
    precision: str
    version: str
    once: str
    conflict: Conflicts
    changed_by: tuple[str, str]
    map: Markup | None
    pin_href: str | None


@dataclass(frozen=True)
class PinView:
    """The map whose towns are links, and the same towns as a list to choose from."""

    host_name: str
    address: str
    back: str
    action: str
    map: Markup | None
    towns: tuple[PinChoice, ...]
    q: str
    chosen: str
    chosen_name: str
    version: int
    once: str


@dataclass(frozen=True)
class OpeningEditView:
    """An opening on the telephone: one page, one button when nothing has changed."""

    id: str
    form: OpeningForm
    host_name: str
    phone: str
    contact_person: str
    back: str
    title: str
    tags: tuple[tuple[str, str], ...]
    tags_chosen: tuple[str, ...]
    rows: tuple[HourRow, ...]
    rows_error: str
    sites: tuple[tuple[str, str], ...]
    site_id: str
    freshness: str
    confirmed: str
    version: str
    once: str
    conflict: Conflicts
    changed_by: tuple[str, str]


@dataclass(frozen=True)
class ConditionField:
    """One condition on the form: the answer on this level, what it was when the page was made, what is inherited."""

    field: AnswerField
    was: str
    negotiable: bool
    may_negotiate: bool
    inherited: str
    blanked: bool
    told: str


@dataclass(frozen=True)
class ConditionSection:
    """The conditions under one heading."""

    key: str
    label: str
    fields: tuple[ConditionField, ...]
    known: int


@dataclass(frozen=True)
class ConditionsView:
    """All conditions of a host, a site or an opening."""

    host_id: str
    host_name: str
    level_name: str
    levels: tuple[tuple[str, str, bool], ...]
    sections: tuple[ConditionSection, ...]
    answered_by: str
    action: str
    once: str
    conflict: Conflicts
    changed_by: tuple[str, str]
    problems: tuple[str, ...]
