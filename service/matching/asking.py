"""From an address or a form to the question it asks of the catalogue."""

from datetime import datetime
from typing import Any

from litestar import Request
from sqlalchemy.orm import Session

from service.matching.service import Ask, ask_for, under
from service.matching.whatif import read_what_if
from service.web.actor import Actor, Town
from service.web.forms import Posted


def asked(request: Request[Any, Any, Any], session: Session, town: Town, actor: Actor, person_id: str, now: datetime) -> Ask:
    """The match an address asks for, under what it imagines."""
    ask = ask_for(session, town, actor, person_id, now)
    return under(ask, read_what_if(dict(request.query_params), ask.vocabulary, ask.stored))


def asked_by_form(posted: Posted, session: Session, town: Town, actor: Actor, person_id: str, now: datetime) -> Ask:
    """The match a posted form speaks of."""
    ask = ask_for(session, town, actor, person_id, now)
    return under(ask, read_what_if({name: posted.text(name) for name in posted}, ask.vocabulary, ask.stored))
