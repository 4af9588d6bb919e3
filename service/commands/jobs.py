"""`tsunagi jobs`: how the towns' jobs stand, for whoever watches over the machines; it changes nothing."""

import json
import sys
from contextlib import closing
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from service.kernel.clock import now_utc
from service.kernel.queue.jobs import FAILED, RUNNING, WAITING, Job
from service.kernel.queue.working import AWAY
from service.migrations import is_up_to_date
from service.settings import Settings, TownEntry

RECENT: Final = timedelta(days=1)


@dataclass(frozen=True)
class Standing:
    """One town's jobs: how many wait and since when (seconds), are being done, and failed since yesterday."""

    code: str
    name: str
    answers: bool
    waiting: int = 0
    oldest: int = 0
    running: int = 0
    failed: int = 0

    def is_late(self, patience: int) -> bool:
        """Whether somebody has to look: the town does not answer, or a job has waited too long to be begun."""
        return not self.answers or self.oldest > patience


def show_jobs(settings: Settings, patience: int, *, as_json: bool) -> int:
    """A line for each town; 1 when one of them needs somebody to look."""
    found = [standing_of(settings, entry) for entry in settings.entries]
    lines = [json.dumps([asdict(each) for each in found], ensure_ascii=False)] if as_json else map(_in_words, found)
    sys.stdout.writelines(f"{line}\n" for line in lines)
    return 1 if any(each.is_late(patience) for each in found) else 0


def standing_of(settings: Settings, entry: TownEntry) -> Standing:
    """How the jobs of a town stand now."""
    try:
        if not is_up_to_date(entry.url):
            return Standing(entry.code, entry.name, answers=False)
        with closing(settings.open_town(entry).database) as database, database.read() as session:
            return _count(session, entry, now_utc())
    except (SystemExit, *AWAY):
        return Standing(entry.code, entry.name, answers=False)


def _count(session: Session, entry: TownEntry, now: datetime) -> Standing:
    counts = {row[0]: row[1] for row in session.execute(select(Job.state, func.count()).group_by(Job.state))}
    # A job that waits for its next try is not late before that.
    since = session.scalar(select(func.min(Job.run_after)).where(Job.state == WAITING))
    failed = session.scalar(select(func.count()).where(Job.state == FAILED, Job.finished_at > now - RECENT)) or 0
    oldest = max(int((now - since).total_seconds()), 0) if since else 0
    return Standing(entry.code, entry.name, True, counts.get(WAITING, 0), oldest, counts.get(RUNNING, 0), failed)


def _in_words(each: Standing) -> str:
    if not each.answers:
        return f"{each.code}　{each.name}　データベースが答えません"
    since = f"（いちばん古いもの {each.oldest}秒）" if each.waiting else ""
    return f"{each.code}　{each.name}　待ち {each.waiting}{since}　計算中 {each.running}　この一日の失敗 {each.failed}"
