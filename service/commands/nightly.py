"""What is done once a night in each town: put away what has had its time, and ask where something stands still.

A slice adds a step to STEPS. Steps are one write each, and doing one twice in a night does no harm.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from datetime import datetime, time, timedelta
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.accounts.models import AuthSession, SignInBrake
from service.accounts.sessions import ABSOLUTE
from service.followup.placements.stalls import ask_about_stalls
from service.followup.rhythms.keeping import keep_all
from service.followup.tasks.escalating import escalate_due
from service.followup.tasks.suggesting import look_everywhere
from service.kernel.audit import Signature
from service.kernel.clock import TOKYO, now_utc
from service.kernel.queue.claims import Claim
from service.kernel.queue.jobs import ENDED, Job, enqueue
from service.kernel.queue.working import IsStopped, Save, Stopped, Tell
from service.meetings.reminding import remind_agencies
from service.resources.files import ImportBatch
from service.resources.uploads import PREVIEWED
from service.web.actor import Town
from service.web.once import OnceKey

JOB: Final = "nightly"
AT: Final = time(2, 0)
"""In Japan: after the last late worker has gone and before the first early one."""
KEPT: Final = timedelta(days=30)
Step = Callable[[Session, datetime], int]


def delete_old_jobs(session: Session, now: datetime) -> int:
    """Work that ended a month ago; what came of it is kept where it belongs."""
    return _delete(session, select(Job).where(Job.state.in_(ENDED), Job.finished_at < now - KEPT))


def delete_dead_sessions(session: Session, now: datetime) -> int:
    """Sign-ins that no longer open anything."""
    return _delete(session, select(AuthSession).where(AuthSession.created_at < now - ABSOLUTE))


def delete_old_brakes(session: Session, now: datetime) -> int:
    """Failed sign-ins of long ago."""
    return _delete(session, select(SignInBrake).where(SignInBrake.blocked_until < now - KEPT))


def delete_old_form_keys(session: Session, now: datetime) -> int:
    """Keys of forms that nobody sends again."""
    return _delete(session, select(OnceKey).where(OnceKey.at < now - KEPT))


def let_forgotten_files_go(session: Session, now: datetime) -> int:
    """Files that were looked at and never confirmed: their content goes, that they were there stays."""
    query = select(ImportBatch).where(ImportBatch.state == PREVIEWED, ImportBatch.read_at < now - KEPT)
    batches = session.scalars(query).all()
    for batch in batches:
        batch.state, batch.content = "cancelled", b""
    return len(batches)


STEPS: Final[Mapping[str, Step]] = {
    "終わった裏の仕事": delete_old_jobs,
    "切れたサインイン": delete_dead_sessions,
    "サインインの失敗": delete_old_brakes,
    "送り済みの印": delete_old_form_keys,
    "確かめられなかった取り込み": let_forgotten_files_go,
    "止まっているものを聞く": ask_about_stalls,
    "これからの予定": keep_all,
    "手が要る予定を知らせる": escalate_due,
    "しるしから提案する": look_everywhere,
    "会議の宿題を知らせる": remind_agencies,
}


def night_of(now: datetime) -> datetime:
    """The last time it struck two in Japan."""
    here = now.astimezone(TOKYO)
    struck = datetime.combine(here.date(), AT, TOKYO)
    return struck if struck <= here else struck - timedelta(days=1)


def is_due(session: Session, now: datetime) -> bool:
    """Whether this night's work has not been put down yet."""
    put_down = select(Job.id).where(Job.kind == JOB, Job.created_at >= night_of(now)).limit(1)
    return session.scalars(put_down).first() is None


def put_down_for_tonight(session: Session, now: datetime) -> bool:
    """Put it down once, whoever comes first; writers come one after the other."""
    if not is_due(session, now):
        return False
    enqueue(session, JOB, {}, now=now, key=JOB)
    return True


def carry_out(town: Town, claim: Claim, tell: Tell, is_stopped: IsStopped) -> Save:
    """The queue's handler: step after step, each in a write of its own."""
    counts: dict[str, Any] = {}
    for name, step in STEPS.items():
        if is_stopped():
            raise Stopped()
        counts[name] = do_step(town, step, now_utc())
        tell(counts)
    return lambda session: JOB


def do_tonight(town: Town) -> int:
    """Every step at once and in words, for whoever asks for it by hand."""
    for name, step in STEPS.items():
        sys.stdout.write(f"{name}　{do_step(town, step, now_utc())}件\n")
    return 0


def do_step(town: Town, step: Step, now: datetime) -> int:
    """One step in the night's own name; how many rows it was about."""
    with town.database.write(signature=Signature("-", "（夜の仕事）", now, town.key)) as session:
        return step(session, now)


def _delete(session: Session, query: Any) -> int:
    rows = session.scalars(query).all()
    for row in rows:
        session.delete(row)
    return len(rows)
