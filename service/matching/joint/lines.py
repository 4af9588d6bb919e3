"""A line of a run in the hands of one transaction, for whoever may change the person's case."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.cases.access import change_person
from service.kernel.errors import NotFound
from service.matching.joint.models import JointLine, JointRun
from service.web.actor import Actor, Town


def line_in_hand(session: Session, town: Town, actor: Actor, line_id: str) -> tuple[JointRun, JointLine]:
    """The line with its run, locked until this transaction ends; absent and forbidden are one answer."""
    query = (
        select(JointRun, JointLine)
        .join(JointRun, JointLine.run_id == JointRun.id)
        .where(JointLine.id == line_id)
        .with_for_update(of=JointLine)
        .execution_options(populate_existing=True)
    )
    found = session.execute(query).one_or_none()
    if found is None:
        raise NotFound()
    change_person(session, town, actor, found[1].person_id)
    return found
