"""Whom and where a person must not meet: kept in detail, shown to others as 「接触回避」 alone."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.cases.forms import AvoidForm
from service.cases.models import AvoidRule, Person
from service.kernel.errors import DomainError, NotFound
from service.resources.models import Host, HostPerson
from service.resources.places import Places
from service.web.forms import Posted


def avoid_targets(session: Session) -> Sequence[tuple[str, str]]:
    """What a rule may point at: every host, and everybody noted as being found at one."""
    hosts = session.execute(select(Host.id, Host.name).order_by(Host.name)).all()
    names = dict(hosts)
    people = session.execute(select(HostPerson.id, HostPerson.name, HostPerson.host_id)).all()
    found = [(f"person:{id}", f"{names[host_id]}にいる {name}") for id, name, host_id in people]
    return [(f"host:{id}", name) for id, name in hosts] + found


def add_rule(session: Session, person: Person, posted: Posted, places: Places) -> None:
    """Keep a rule; one that points at nothing is refused with what to type."""
    form = AvoidForm(posted)
    form.validate()
    rule = AvoidRule(person_id=person.id, kind=form.kind.data or "host", note=(form.note.data or "")[:400])
    if rule.kind == "area":
        _place(rule, form, places)
    else:
        _point(session, rule, form)
    session.add(rule)


def remove_rule(session: Session, person: Person, rule_id: str) -> None:
    """Take a rule of this person back."""
    rule = session.get(AvoidRule, rule_id)
    if rule is None or rule.person_id != person.id:
        raise NotFound()
    session.delete(rule)


def _place(rule: AvoidRule, form: AvoidForm, places: Places) -> None:
    found = places.locate((form.place.data or "")[:200])
    try:
        radius = float(form.radius_km.data or "1")
    except ValueError:
        radius = 0.0
    if found is None or not 0 < radius <= 50:
        raise DomainError(
            "避ける区域を決められませんでした。",
            "町丁目までの住所と、50kmまでの半径（数字）を入れてください。",
            "avoid-area",
            422,
        )
    rule.lat, rule.lon, rule.radius_km = found.lat, found.lon, radius


def _point(session: Session, rule: AvoidRule, form: AvoidForm) -> None:
    kind, _, target = (form.target.data or "").partition(":")
    row = session.get(Host if kind == "host" else HostPerson, target) if kind in ("host", "person") else None
    if row is None:
        raise DomainError(
            "避ける相手が選ばれていません。", "受け入れ先か、そこにいる人を選んでください。", "avoid-target", 422
        )
    rule.kind = kind
    rule.host_id = target if kind == "host" else None
    rule.host_person_id = target if kind == "person" else None
