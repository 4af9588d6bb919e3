"""`tsunagi match`: one person's match on the command line, with the verdicts of the page."""

import argparse
import json
from dataclasses import asdict

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from service.accounts.roles import COORDINATOR
from service.cases.models import Household, Person, SupportCase
from service.kernel.audit import note
from service.kernel.clock import now_utc
from service.kernel.errors import NotFound
from service.matching.api import MatchData, match_data
from service.matching.service import ask_for, match
from service.setup import MACHINE, signature
from service.web.actor import Actor, Town

# Whoever may run commands on the server may read its files: the command sees what a coordinator's team sees,
# and never a locked case.
READER = Actor(MACHINE.id, MACHINE.label, frozenset({COORDINATOR}))


def match_person(town: Town, options: argparse.Namespace) -> int:
    """Print one person's match, found by their id or their case number; the look is recorded."""
    now = now_utc()
    with town.database.read() as session:
        person_id = _find(session, options.person)
        ask = ask_for(session, town, READER, person_id, now)
        result = match_data(ask, match(ask))
    with town.database.write(signature=signature(town, now)) as log:
        note(log, "view", "person", person_id)
    print(json.dumps(asdict(result), ensure_ascii=False, indent=1) if options.json else _as_text(result))
    return 0


def _find(session: Session, typed: str) -> str:
    query = (
        select(Person.id)
        .join(Household, Person.household_id == Household.id)
        .join(SupportCase, SupportCase.household_id == Household.id)
        .where(or_(Person.id == typed, SupportCase.number == typed))
        .order_by(Person.principal.desc(), Person.position)
    )
    found = session.scalars(query).first()
    if found is None:
        raise NotFound()
    return found


def _as_text(result: MatchData) -> str:
    lines = ["　".join(f"{band} {count}" for band, count in result.counts.items())]
    for place in result.places:
        codes = " ".join(f.code for f in place.reasons) or " ".join(f"?{f.code}" for f in place.questions)
        lines.append(f"{place.band}\t{place.host_name}\t{place.usable_days or '—'}\t{codes}")
    return "\n".join(lines)
