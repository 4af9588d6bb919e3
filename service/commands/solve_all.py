"""`tsunagi solve-all`: a joint run in every town, put down at once, done by whatever workers there are, watched to the end."""

import argparse
import json
import sys
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from time import monotonic
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.accounts.models import User
from service.accounts.roles import COORDINATOR
from service.cases.access import OutOfSight, out_of_sight
from service.cases.models import SupportCase
from service.commands.companion import accompanied
from service.kernel.clock import now_utc
from service.kernel.queue.jobs import RUNNING, WAITING, Job, ask_to_stop, find_job
from service.kernel.queue.working import AWAY
from service.matching.engine.solution import Attained
from service.matching.joint.asking import JointAsk, RunSettings
from service.matching.joint.models import DONE, JointRun
from service.matching.joint.people import CLOSED
from service.matching.joint.service import run_of, start_run
from service.settings import Settings
from service.setup import MACHINE, open_ready, signature
from service.web.actor import Actor, Town

LOGIN: Final = "-command"
"""The account in whose name commands ask for runs: nobody can sign in with it."""
LOOK: Final = 0.5
LONELY: Final = 30.0
"""Seconds without anybody at work after which it is said that a worker may be missing."""
NOTHING: Final = frozenset({"no-people", "no-openings"})
"""Refusals that say there was nothing to do: no failure of the town's run."""


@dataclass(frozen=True)
class Asked:
    """The run of one town, who asked for it there, and how many people they may not read."""

    town: Town
    actor: Actor
    run_id: str
    job_id: str
    hidden: OutOfSight


@dataclass(frozen=True)
class Answer:
    """What became of one town's run: counts, the share of the first unproven aim that may be missing, seconds, and how
    many people of open cases were left out because the command may not read them."""

    code: str
    name: str
    state: str
    people: int
    placed: int
    gap: float | None
    seconds: float
    attempts: int
    problem: str
    left_out: OutOfSight

    @property
    def has_failed(self) -> bool:
        """Whether somebody has to look at it."""
        return self.state not in (DONE, "nothing")


def solve_all(settings: Settings, options: argparse.Namespace) -> int:
    """Put a run down in every town, show how far they are, and say what came of each; 1 when one failed."""
    asked = [ask_for_run(open_ready(settings, entry), options.seconds) for entry in settings.entries]
    with accompanied(options.here):
        try:
            answers = list(watch(asked))
        except KeyboardInterrupt:
            stop(asked)
            raise
    for one in asked:
        one.town.database.close()
    lines = [as_json(answers)] if options.json else in_words(answers)
    sys.stdout.writelines(f"{line}\n" for line in lines)
    return 1 if any(answer.has_failed for answer in answers) else 0


def ask_for_run(town: Town, seconds: float) -> Asked:
    """A run over everybody whose case is open, in the name of the command."""
    now = now_utc()
    with town.database.write(signature=signature(town, now)) as session:
        actor = machine_account(session)
        run = start_run(session, town, actor, JointAsk(settings=RunSettings(seconds=seconds)), now, is_limited=False)
        hidden = out_of_sight(session, town, actor, SupportCase.status.not_in(CLOSED))
        return Asked(town, actor, run.id, run.job_id or "", hidden)


def machine_account(session: Session) -> Actor:
    """The command's own account of a town, made when it is first needed; it sees what the team sees."""
    user = session.scalars(select(User).where(User.login_name == LOGIN)).first()
    if user is None:
        user = User(login_name=LOGIN, name=MACHINE.label, password_hash="", roles=[COORDINATOR], active=False)
        session.add(user)
        session.flush()
    return user.as_actor()


def watch(asked: Sequence[Asked]) -> Iterator[Answer]:
    """Each town's answer as it comes; how far the others are is said on standard error."""
    waiting, lonely, said = list(asked), monotonic() + LONELY, ""
    while waiting:
        jobs = {one.run_id: job for one in waiting if (job := _look(one))}
        for one in [one for one in waiting if one.run_id in jobs and jobs[one.run_id].has_ended]:
            waiting.remove(one)
            answer = answer_of(one, jobs[one.run_id])
            _say(f"{len(asked) - len(waiting)}／{len(asked)}　{_line(answer)}")
            yield answer
        at_work = _at_work(waiting, jobs)
        if at_work != said and at_work:
            _say(f"　計算中　{at_work}")
        said, lonely = at_work, monotonic() + LONELY if at_work else lonely
        if waiting and monotonic() > lonely:
            _say("まだだれも仕事を始めません。worker を動かすか、--here を付けてください。")
            lonely = monotonic() + LONELY
        if waiting:
            _pause(LOOK)


def _at_work(waiting: Iterable[Asked], jobs: Mapping[str, Job]) -> str:
    """The towns somebody is computing, each with its stage."""
    running = [one for one in waiting if one.run_id in jobs and jobs[one.run_id].state == RUNNING]
    return "、".join(f"{one.town.name}（{jobs[one.run_id].progress.get('step', 'はじめ')}）" for one in running)


def _pause(seconds: float) -> None:
    threading.Event().wait(seconds)


def _look(one: Asked) -> Job | None:
    """How far a town's job is; None while its database does not answer."""
    try:
        with one.town.database.read() as session:
            return find_job(session, one.job_id)
    except AWAY:
        return None


def answer_of(one: Asked, job: Job) -> Answer:
    """What a run that has ended found, or why it found nothing."""
    with one.town.database.read() as session:
        run = run_of(session, one.town, one.actor, one.run_id)
    said: Mapping[str, Any] = run.problem or {}
    problem = f"{said['message']}{said['remedy']}" if said else job.said
    state = "nothing" if said.get("code") in NOTHING else run.state if run.state != WAITING else job.state
    counts = run.counts
    return Answer(
        code=one.town.code,
        name=one.town.name,
        state=state,
        people=counts.get("people", 0),
        placed=counts.get("placed", 0),
        gap=gap_of(run),
        seconds=_seconds(job.started_at, job.finished_at),
        attempts=job.attempts,
        problem=problem,
        left_out=one.hidden,
    )


def gap_of(run: JointRun) -> float | None:
    """The share that may be missing in the first aim that is not proven; None when nothing is known."""
    if not run.attained or any(each["bound"] is None for each in run.attained):
        return None
    gaps = (Attained(each["name"], each["value"], each["bound"]).gap for each in run.attained)
    return next((gap for gap in gaps if gap > 0), 0.0)


def stop(asked: Iterable[Asked]) -> None:
    """Take back what nobody waits for any more."""
    for one in asked:
        with one.town.database.write() as session:
            ask_to_stop(session, one.job_id, now_utc())


def as_json(answers: Iterable[Answer]) -> str:
    """Every town in one object."""
    towns = [asdict(answer) for answer in sorted(answers, key=lambda answer: answer.code)]
    return json.dumps(
        {"towns": towns, "failed": sum(town["state"] not in (DONE, "nothing") for town in towns)}, ensure_ascii=False
    )


def in_words(answers: Iterable[Answer]) -> Iterator[str]:
    """A line for each town."""
    return (_line(answer) for answer in sorted(answers, key=lambda answer: answer.code))


def _line(answer: Answer) -> str:
    return f"{answer.code}　{answer.name}　{_came_of(answer)}{_left_out(answer.left_out)}"


def _came_of(answer: Answer) -> str:
    if answer.state != DONE:
        return f"{'対象なし' if answer.state == 'nothing' else 'できませんでした'}　{answer.problem}"
    gap = "不明" if answer.gap is None else f"{answer.gap:.2%}"
    return f"{answer.people}人中 {answer.placed}人に場所　残る差 {gap}　{answer.seconds:.1f}秒"


def _left_out(hidden: OutOfSight) -> str:
    reasons = (("担当だけが見るケース", hidden.not_assigned), ("非開示のケース", hidden.locked))
    said = "、".join(f"{reason} {number}人" for reason, number in reasons if number)
    return f"　計算に入れていない人：{said}" if said else ""


def _seconds(began: datetime | None, ended: datetime | None) -> float:
    return round((ended - began).total_seconds(), 3) if began and ended else 0.0


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
