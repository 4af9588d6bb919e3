"""`tsunagi joint`: a joint run of any size, the same run solved again, and its instance as a file — by ids, no name."""

import argparse
import json
import sys
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.accounts.models import User
from service.accounts.roles import COORDINATOR
from service.kernel.audit import Signature, note
from service.kernel.clock import now_utc
from service.kernel.errors import DomainError
from service.matching.engine.solve import solve
from service.matching.joint.asking import JointAsk, RunSettings
from service.matching.joint.models import DONE, JointRun
from service.matching.joint.replaying import Replay, kept_run, replay
from service.matching.joint.running import execute_run
from service.matching.joint.service import start_run
from service.setup import signature
from service.web.actor import Town


def joint(town: Town, options: argparse.Namespace) -> int:
    """Do what was typed: run, replay or export."""
    if options.action == "run":
        return run_joint(town, options)
    if not options.run_id:
        raise DomainError("計算の番号がありません。", "tsunagi joint replay 番号 のように書いてください。", "no-run", 422)
    return replay_run(town, options) if options.action == "replay" else export_run(town, options)


def run_joint(town: Town, options: argparse.Namespace) -> int:
    """Everybody of the town whose case the named coordinator may read, without the size of a page."""
    now = now_utc()
    with town.database.read() as session:
        actor = _coordinator(session, options.login).as_actor()
    signed = Signature(actor.id, actor.label, now, town.key)
    ask = JointAsk(settings=RunSettings(seconds=options.seconds, include_ask=options.include_ask))
    with town.database.write(signature=signed) as session:
        run_id = start_run(session, town, actor, ask, now, is_limited=False, has_job=False).id
    save = execute_run(town, run_id, solver=solve)
    with town.database.write(signature=signed) as session:
        save(session)
        run = session.get_one(JointRun, run_id)
        answer = _answer(run)
    print(json.dumps(answer, ensure_ascii=False) if options.json else _in_words(answer))
    return 0 if answer["state"] == DONE else 1


def replay_run(town: Town, options: argparse.Namespace) -> int:
    """Solve a kept run again; 0 when the same plan comes out."""
    with town.database.read() as session:
        again = replay(kept_run(session, options.run_id))
    _record(town, "replay", options.run_id)
    print(json.dumps(_replayed(again), ensure_ascii=False) if options.json else _say_replay(again))
    return 0 if again.is_equal else 1


def export_run(town: Town, options: argparse.Namespace) -> int:
    """The instance of a run, in the format that `tsunagi solve` reads."""
    with town.database.read() as session:
        instance = kept_run(session, options.run_id).instance
    _record(town, "export", options.run_id)
    json.dump(instance, sys.stdout, ensure_ascii=False, indent=1)
    sys.stdout.write("\n")
    return 0


def _coordinator(session: Session, login: str | None) -> User:
    user = session.scalars(select(User).where(User.login_name == (login or ""), User.active)).one_or_none()
    if user is None or COORDINATOR not in user.roles:
        raise DomainError(
            "だれの名前で計算するかが分かりません。",
            "--as に、コーディネーターの利用者名を書いてください（例 --as aoki）。", "no-login", 422,
        )  # fmt: skip
    return user


def _record(town: Town, act: str, run_id: str) -> None:
    with town.database.write(signature=signature(town, now_utc())) as session:
        note(session, act, "joint_run", run_id)


def _answer(run: JointRun) -> dict[str, Any]:
    return {
        "run": run.id,
        "state": run.state,
        "counts": run.counts,
        "attained": run.attained,
        "proven": run.is_proven,
        "engine": run.engine,
        "seconds": run.seconds,
        "fingerprint": run.fingerprint,
        "plan": run.plan_fingerprint,
        "problem": run.problem,
    }


def _in_words(answer: dict[str, Any]) -> str:
    if answer["state"] != DONE:
        return f"{answer['problem']['message']}{answer['problem']['remedy']}"
    counts = answer["counts"]
    proof = "証明済み" if answer["proven"] else "これまでの最良"
    lines = [f"{answer['run']}　{counts['people']}人のうち{counts['placed']}人に案（{proof}、{answer['seconds']}秒）"]
    lines += [f"  {each['name']}: {each['value']:g}（上限 {_bound(each['bound'])}）" for each in answer["attained"]]
    return "\n".join(lines)


def _bound(bound: float | None) -> str:
    return "不明" if bound is None else f"{bound:g}"


def _replayed(again: Replay) -> dict[str, Any]:
    return {
        "run": again.run_id,
        "equal": again.is_equal,
        "instance": again.is_instance_equal,
        "plan": again.is_plan_equal,
        "fingerprint": again.plan,
        "proven": again.is_proven,
        "seconds": again.seconds,
    }


def _say_replay(again: Replay) -> str:
    if again.is_equal:
        return f"同じ案になりました（{len(again.lines)}件、{again.seconds}秒）。案の指紋 {again.plan}"
    if not again.is_instance_equal:
        return "残っている計算のもとが、計算したときのものと違います。記録の検査（tsunagi audit verify）をしてください。"
    why = "" if again.was_proven else "時間で止めた計算なので、止まる所が違うことがあります。"
    return f"違う案になりました（{len(again.lines)}件、{again.seconds}秒）。{why}"
