"""From an address or a form to the question it asks of the catalogue."""

from service.matching.service import Ask, ask_for, under
from service.matching.whatif import read_what_if
from service.web.call import Call
from service.web.forms import Posted


def asked(call: Call, person_id: str) -> Ask:
    """The match an address asks for, under what it imagines."""
    ask = ask_for(call.session, call.town, call.actor, person_id, call.now)
    return under(ask, read_what_if(dict(call.request.query_params), ask.vocabulary, ask.stored))


def asked_by_form(call: Call, posted: Posted, person_id: str) -> Ask:
    """The match a posted form speaks of."""
    ask = ask_for(call.session, call.town, call.actor, person_id, call.now)
    return under(ask, read_what_if({name: posted.text(name) for name in posted}, ask.vocabulary, ask.stored))
