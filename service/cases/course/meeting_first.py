"""会議が先: in some towns 参加支援 is offered only once a meeting has decided on it; to match and to choose is free before."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from sqlalchemy.orm import Session

from service.cases.course.flow import Status
from service.cases.course.log import last_decision
from service.cases.models import SupportCase
from service.kernel.errors import DomainError, Missing
from service.resources.town_words import town_settings

SETTING: Final = "participation_from"
AFTER_MEETING: Final = "meeting"
_AGREED: Final = frozenset({Status.PLAN_AGREED, Status.SUPPORTING})


def meeting_awaited(session: Session, case: SupportCase) -> str:
    """What the meeting is called that has to decide first; empty where the town or the meeting has left the way open."""
    known = town_settings(session)
    if known.word(SETTING) != AFTER_MEETING or _is_decided(session, case):
        return ""
    return known.word("juso")


def await_meeting(name: str) -> Iterator[Missing]:
    """What is missing while that meeting has not decided, and how it is brought before it."""
    if name:
        yield Missing(
            "meeting",
            f"この市では、{name}で決まってから打診や提示をします。この方のことは、まだ決まっていません。",
            "ケースの経過の画面から会議にかけてください。照合と候補にすることは、いまでもできます。",
        )


def expect_meeting(session: Session, case: SupportCase) -> None:
    """Raises DomainError while the town waits for a meeting about this case."""
    for missing in await_meeting(meeting_awaited(session, case)):
        raise DomainError(missing.message, missing.remedy, missing.code, 409)


def _is_decided(session: Session, case: SupportCase) -> bool:
    """Whether the plan was agreed to once in this episode, be it only today and not acted on yet."""
    if case.status in _AGREED or case.plan_start_on is not None:
        return True
    decision = last_decision(session, case.id)
    said = decision.facts if decision is not None else {}
    return said.get("decision") == "approve" and said.get("by") == "juso" and bool(said.get("municipal"))
