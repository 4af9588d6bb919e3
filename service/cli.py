"""`tsunagi`: set up, serve, import, match and check, from the command line."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from service.kernel.errors import DomainError

if TYPE_CHECKING:
    from service.settings import Settings, TownEntry

Command = Callable[[argparse.Namespace], int]
ENDING_SECONDS = 5
"""How long an open page may hold up the end: one that follows a run would stay for a minute."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; a refusal is said on standard error and ends with 1."""
    options = _parser().parse_args(argv)
    run: Command = options.run
    try:
        return run(options)
    except DomainError as error:
        print(f"{error.message}{error.remedy}", file=sys.stderr)
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="tsunagi", description="つなぎ — 参加支援マッチング")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def add(name: str, run: Command, said: str) -> argparse.ArgumentParser:
        command = commands.add_parser(name, help=said, description=said)
        command.set_defaults(run=run)
        return command

    setup = add("setup", _setup, "データベースを作る・新しくする")
    setup.add_argument("--demo", action="store_true", help="空なら、架空の汐見市のデータを入れる")
    serve = add("serve", _serve, "画面を出す")
    serve.add_argument("--demo", action="store_true", help="先に setup --demo をする")
    serve.add_argument("--host", default="127.0.0.1")
    serve.add_argument("--port", type=int, default=8000)
    serve.add_argument(
        "--no-worker", action="store_true", help="裏の仕事をするプロセスを付けない（別に worker を動かすとき）"
    )
    faces = ["staff", "host", "both"]
    serve.add_argument("--face", choices=faces, default="both", help="職員・受け入れ先・両方の画面（はじめは両方）")
    worker = add("worker", _worker, "裏の仕事（合同照合など）をする")
    worker.add_argument("--once", action="store_true", help="たまっている仕事を終えたらやめる")
    worker.add_argument("--poll", type=float, default=0.5, metavar="秒", help="仕事を探す間隔")
    worker.add_argument("--lease", type=float, default=60.0, metavar="秒", help="返事がないとき、他に渡すまでの長さ")
    worker.add_argument("--parent", type=int, help=argparse.SUPPRESS)
    jobs = add("jobs", _jobs, "裏の仕事のようすを見る")
    jobs.add_argument(
        "--late", type=int, default=300, metavar="秒", help="これより長く待つ仕事があれば1で終わる（はじめは300）"
    )
    jobs.add_argument("--json", action="store_true", help="結果を JSON だけで出す")
    every = add("solve-all", _solve_all, "すべての自治体で合同照合をし、終わるまで見せる")
    every.add_argument("--seconds", type=float, default=10.0, metavar="秒", help="一つの自治体にかける長さ（はじめは10）")
    every.add_argument("--here", type=int, nargs="?", const=1, default=0, metavar="数", help="自分で worker を動かす")
    every.add_argument("--json", action="store_true", help="結果を JSON だけで出す")
    audit = add("audit", _audit, "操作の記録を検査する")
    audit.add_argument("action", choices=["verify"])
    load = add("import", _import, "受け入れ先を取り込む")
    load.add_argument("kind", choices=["kodomo-shokudo", "own"])
    load.add_argument("file", type=Path)
    load.add_argument("--dry-run", action="store_true", help="書き込まずに結果だけ見る")
    load.add_argument("--json", action="store_true", help="結果を JSON だけで出す")
    match = add("match", _match, "ひとりの照合結果を出す")
    match.add_argument("person", help="人の識別番号またはケース番号")
    match.add_argument("--json", action="store_true")
    joint = add("joint", _joint, "合同照合をする・やり直して確かめる・計算のもとを出す")
    joint.add_argument("action", choices=["run", "replay", "export"])
    joint.add_argument("run_id", nargs="?", help="計算の番号（replay と export）")
    joint.add_argument("--as", dest="login", metavar="利用者名", help="だれの名前で計算するか（run）")
    joint.add_argument("--seconds", type=float, default=60.0, metavar="秒")
    joint.add_argument("--include-ask", action="store_true", help="要確認の組も含める")
    joint.add_argument("--json", action="store_true")
    solve = add("solve", _solve, "ファイルにした合同照合を解く")
    solve.add_argument("file", type=Path, help="形式は docs/matching-model.md の「合同照合のファイル」")
    solve.add_argument("--seconds", type=float, default=60.0, metavar="秒", help="かける長さ（はじめは60）")
    solve.add_argument("--json", action="store_true", help="結果を JSON だけで出す")
    exchange = add("exchange", _exchange, "職員の側と受け入れ先の側で、ファイルをやりとりする")
    steps = exchange.add_subparsers(dest="action", required=True, metavar="ACTION")
    key = steps.add_parser("key", help="二つの側が同じものを持つ鍵を作る")
    export = steps.add_parser("export", help="もう一方へ渡すファイルを書き出す")
    export.add_argument("what", metavar="FILE")
    export.add_argument("--to", choices=["host", "staff"], required=True, help="どちらの側へ渡すか")
    take = steps.add_parser("import", help="もう一方から来たファイルを取り込む")
    take.add_argument("what", metavar="FILE")
    take.add_argument("--dry-run", action="store_true", help="書き込まずに結果だけ見る")
    invite = steps.add_parser("invite", help="受け入れ先の側で、はじめの人を招くリンクを作る")
    invite.add_argument("what", metavar="名称")
    scenarios = add("scenarios", _scenarios, "受入シナリオを検査する")
    scenarios.add_argument("file", type=Path)
    for command in (setup, worker, audit, load, match, joint, key, export, take, invite):
        command.add_argument("--town", help="自治体コード（一つだけなら不要）")
    return parser


# Imports stand inside the commands: the solver's and the learner's libraries take seconds to load,
# and a command that does not need them should answer at once.


def _setup(options: argparse.Namespace) -> int:
    from service.settings import read_settings

    settings = read_settings()
    _set_up(settings, settings.entries if options.town is None else [settings.entry(options.town)], demo=options.demo)
    return 0


def _set_up(settings: Settings, entries: Sequence[TownEntry], *, demo: bool) -> None:
    from service.setup import set_up_town

    for entry in entries:
        for line in set_up_town(settings, entry, demo=demo):
            print(line, flush=True)


def _serve(options: argparse.Namespace) -> int:
    import uvicorn

    from service.app import build_app
    from service.commands.companion import accompanied
    from service.settings import read_settings

    settings = read_settings()
    # One process for both: starting Python and loading its libraries twice would double the wait.
    _set_up(settings, settings.entries, demo=options.demo)
    print(f"\n  http://{options.host}:{options.port} で動いています。やめるときは Ctrl+C", flush=True)
    # Nothing on the hosts' own pages is left to be computed later.
    with accompanied(0 if options.no_worker or options.face == "host" else 1):
        uvicorn.run(
            build_app(settings, face=options.face),
            host=options.host,
            port=options.port,
            log_level="warning",
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=ENDING_SECONDS,
        )
    return 0


def _worker(options: argparse.Namespace) -> int:
    # One job is one core: the libraries of the solver would else start a thread for every core of the machine.
    for library in ("OMP", "OPENBLAS", "MKL"):
        os.environ.setdefault(f"{library}_NUM_THREADS", "1")
    from service.commands.worker import Habits, handlers, run_worker
    from service.settings import read_settings

    settings = read_settings()
    entries = settings.entries if options.town is None else (settings.entry(options.town),)
    habits = Habits(options.poll, timedelta(seconds=options.lease), options.once, options.parent)
    return run_worker(settings, entries, handlers(), habits)


def _jobs(options: argparse.Namespace) -> int:
    from service.commands.jobs import show_jobs
    from service.settings import read_settings

    return show_jobs(read_settings(), options.late, as_json=options.json)


def _solve_all(options: argparse.Namespace) -> int:
    from service.commands.solve_all import solve_all
    from service.settings import read_settings

    return solve_all(read_settings(), options)


def _audit(options: argparse.Namespace) -> int:
    from service.kernel.audit import verify_chain
    from service.settings import read_settings
    from service.setup import ready_town

    town = ready_town(read_settings(), options.town)
    with closing(town.database), town.database.read() as session:
        broken = verify_chain(session, town.key)
    print("記録のつながりは正しいです。" if broken is None else f"{broken}番目の記録から、つながりが合いません。")
    return 0 if broken is None else 1


def _import(options: argparse.Namespace) -> int:
    from service.commands.importing import import_file
    from service.settings import read_settings
    from service.setup import ready_town

    town = ready_town(read_settings(), options.town)
    with closing(town.database):
        return import_file(town, options)


def _match(options: argparse.Namespace) -> int:
    from service.commands.matching import match_person
    from service.settings import read_settings
    from service.setup import ready_town

    town = ready_town(read_settings(), options.town)
    with closing(town.database):
        return match_person(town, options)


def _joint(options: argparse.Namespace) -> int:
    from service.commands.joint import joint
    from service.settings import read_settings
    from service.setup import ready_town

    town = ready_town(read_settings(), options.town)
    with closing(town.database):
        return joint(town, options)


def _solve(options: argparse.Namespace) -> int:
    from service.commands.solving import solve_file

    return solve_file(options)


def _exchange(options: argparse.Namespace) -> int:
    from service.commands.exchange import exchange
    from service.settings import read_settings

    return exchange(read_settings(), options)


def _scenarios(options: argparse.Namespace) -> int:
    from service.matching.scenarios import print_report, run

    report = run(options.file)
    print_report(report)
    return 0 if report.is_equal else 1


if __name__ == "__main__":
    sys.exit(main())
