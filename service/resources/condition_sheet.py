"""The conditions of one level as a form: what is known, what is inherited, what was typed, and what clashes."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy.orm import Session

from service.kernel.db import new_id
from service.kernel.vocab import Attribute, Vocabulary, VocabularyError, say_value
from service.resources.conditions import HOST_LEVEL, Level, Told, nearest_answers, write_answer
from service.resources.edit_pages import ConditionField, ConditionSection, ConditionsView
from service.resources.hosts import opening_of, site_of
from service.resources.models import Condition, Host
from service.web.answers import UNANSWERED, UNKNOWN, host_field, typed_field
from service.web.answers import read_host as read_answer
from service.web.forms import Posted


@dataclass(frozen=True)
class Typed:
    """One answer as typed: its value (None = unknown), 相談可, and whether it stands on this level at all."""

    value: Any
    negotiable: bool
    stands: bool

    def as_text(self) -> str:
        """The answer as the page carries it, to tell later whether somebody typed another one."""
        return json.dumps([self.value, self.negotiable, self.stands], ensure_ascii=False)


NOT_HERE = Typed(None, False, False)


def read_level(host: Host, query: Mapping[str, str]) -> Level:
    """The level an address names; one of another host is NotFound."""
    if query.get("opening"):
        return Level(opening_id=opening_of(host, query["opening"]).id)
    return Level(site_id=site_of(host, query["site"]).id) if query.get("site") else HOST_LEVEL


class Sheet:
    """All conditions on one level: what is known, what is inherited, what was typed."""

    def __init__(self, host: Host, level: Level, vocabulary: Vocabulary) -> None:
        self.host, self.level, self.vocabulary = host, level, vocabulary
        self.known: dict[str, Condition] = {c.attribute: c for c in host.conditions if level.holds(c)}
        self.inherited = nearest_answers(self._farther(), self._site_id(), None) if level != HOST_LEVEL else {}
        self.typed: dict[str, Typed] = {}
        self.errors: dict[str, str] = {}
        self.conflicts: list[tuple[str, str, str]] = []
        self.first_conflict = ""

    def _farther(self) -> Iterable[Condition]:
        return [c for c in self.host.conditions if not self.level.holds(c) and c.opening_id is None]

    def _site_id(self) -> str | None:
        opening = next((o for o in self.host.openings if o.id == self.level.opening_id), None)
        return opening.site_id if opening else None

    def stored(self, key: str) -> Typed:
        """The answer on this level as it stands."""
        condition = self.known.get(key)
        return NOT_HERE if condition is None else Typed(condition.value, condition.negotiable, True)

    def read(self, posted: Posted) -> None:
        """Take over what was changed, and notice where somebody else changed it too."""
        for attribute in self.vocabulary.asked_of_host:
            key = attribute.key
            was, now = posted.text(f"was-{key}"), self.stored(key)
            if not was:
                continue
            try:
                typed = self._read_one(attribute, posted)
            except VocabularyError as problem:
                self.errors[key] = str(problem)
                continue
            if self._says_the_same(typed.as_text(), was) or self._says_the_same(typed.as_text(), now.as_text()):
                continue
            self.typed[key] = typed
            if not self._says_the_same(was, now.as_text()):
                self.first_conflict = self.first_conflict or key
                self.conflicts.append((attribute.label, _say(attribute, now), _say(attribute, typed)))

    def _says_the_same(self, one: str, other: str) -> bool:
        """Whether two carried answers agree; on the host itself an empty row says no more than none."""
        try:
            both = [json.loads(one), json.loads(other)]
        except ValueError:
            return False
        if not all(isinstance(each, list) for each in both):
            return False
        return bool(both[0][:2] == both[1][:2] if self.level == HOST_LEVEL else both[0] == both[1])

    def _read_one(self, attribute: Attribute, posted: Posted) -> Typed:
        key = attribute.key
        answer = read_answer(attribute, posted)
        negotiable = bool(posted.text(f"n-{key}"))
        if answer is not UNANSWERED:
            return Typed(answer, negotiable, True)
        if self.level == HOST_LEVEL:
            # That it is unknown again is a fact with a date: the row stays.
            return Typed(None, negotiable, True)
        if posted.text(f"u-{key}"):
            return Typed(None, negotiable, True)
        inherited = self.inherited.get(key)
        if negotiable and not (inherited and inherited.negotiable):
            return Typed(inherited.value if inherited else None, True, True)
        return NOT_HERE

    def write(self, session: Session, told: Told) -> int:
        """Keep the changed answers; how many there were."""
        for key, typed in self.typed.items():
            if typed.stands:
                write_answer(session, self.host.id, self.level, key, typed.value, typed.negotiable, told, self.known)
            else:
                session.delete(self.known[key])
        return len(self.typed)

    def view(self, posted: Posted | None = None, by: tuple[str, str] = ("", "")) -> ConditionsView:
        """The page, with what was typed if something was."""
        sections = []
        for section in self.vocabulary.sections:
            asked = [attribute for attribute in self.vocabulary.in_section(section.key) if attribute.host.is_asked]
            fields = tuple(self._field(attribute, posted) for attribute in asked)
            known = sum(attribute.key in self.known and self.known[attribute.key].value is not None for attribute in asked)
            if fields:
                sections.append(ConditionSection(section.key, section.label, fields, known))
        return ConditionsView(
            host_id=self.host.id, host_name=self.host.name, level_name=self._level_name(), levels=tuple(self._levels()),
            sections=tuple(sections), answered_by=posted.text("answered_by") if posted is not None else self.host.contact_person,
            action=self._address(self.level), once=new_id(), conflict=tuple(self.conflicts), changed_by=by,
            problems=tuple(f"{self.vocabulary[key].label}：{error}" for key, error in self.errors.items()),
        )  # fmt: skip

    def _field(self, attribute: Attribute, posted: Posted | None) -> ConditionField:
        key, now = attribute.key, self.stored(attribute.key)
        errors = (self.errors[key],) if key in self.errors else ()
        field = host_field(attribute, now.value if now.stands and now.value is not None else UNANSWERED, errors)
        blanked = now.stands and now.value is None
        negotiable = now.negotiable
        if posted is not None and f"was-{key}" in posted:
            typed = typed_field(field, posted, errors)
            field = replace(typed, chosen=typed.chosen or (UNKNOWN,))
            negotiable, blanked = bool(posted.text(f"n-{key}")), bool(posted.text(f"u-{key}"))
        inherited = self.inherited.get(key)
        said = say_value(attribute.host, inherited.value) if inherited and inherited.value is not None else ""
        condition = self.known.get(key)
        return ConditionField(
            field=field, was=now.as_text(), negotiable=negotiable, may_negotiate=attribute.negotiable and not attribute.locked,
            inherited=said, blanked=blanked and bool(said), told=_told(condition) if condition else "",
        )  # fmt: skip

    def _level_name(self) -> str:
        return next(label for label, _, current in self._levels() if current)

    def _levels(self) -> Sequence[tuple[str, str, bool]]:
        levels = [("受け入れ先全体", HOST_LEVEL)]
        if len(self.host.sites) > 1:
            levels += [(f"場所「{site.name or site.address}」", Level(site_id=site.id)) for site in self.host.sites]
        levels += [(f"枠「{opening.title}」", Level(opening_id=opening.id)) for opening in self.host.openings]
        return [(label, self._address(level), level == self.level) for label, level in levels]

    def _address(self, level: Level) -> str:
        query = f"?site={level.site_id}" if level.site_id else f"?opening={level.opening_id}" if level.opening_id else ""
        return f"/hosts/{self.host.id}/conditions{query}"


def _say(attribute: Attribute, typed: Typed) -> str:
    if not typed.stands:
        return "（この段では決めない）"
    return say_value(attribute.host, typed.value) + ("（相談可）" if typed.negotiable else "")


def _told(condition: Condition) -> str:
    day = f"{condition.answered_on.month}月{condition.answered_on.day}日" if condition.answered_on else ""
    return " ".join(part for part in (day, condition.answered_by) if part)
