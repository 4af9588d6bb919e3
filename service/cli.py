"""`tsunagi`: set up, serve, import, match and check, from the command line."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Mapping, Sequence
from contextlib import closing
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from service.commands.arguments import Command, build_parser
from service.kernel.errors import DomainError

if TYPE_CHECKING:
    from service.settings import Settings, TownEntry


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; a refusal is said on standard error and ends with 1."""
    options = build_parser(RUNS).parse_args(argv)
    run: Command = options.run
    try:
        return run(options)
    except DomainError as error:
        print(f"{error.message}{error.remedy}", file=sys.stderr)
        return 1


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
    from service.app import build_app
    from service.commands.companion import accompanied
    from service.commands.serving import serve_pages
    from service.commands.watching import begin_logging, show_figures
    from service.settings import read_settings

    begin_logging()
    settings = read_settings()
    # One process for both: starting Python and loading its libraries twice would double the wait.
    _set_up(settings, settings.entries, demo=options.demo)
    if options.metrics:
        show_figures(settings, options.metrics)
    print(f"\n  http://{options.host}:{options.port} で動いています。やめるときは Ctrl+C", flush=True)
    # Nothing on the hosts' own pages is left to be computed later.
    with accompanied(0 if options.no_worker or options.face == "host" else 1):
        serve_pages(build_app(settings, face=options.face), options.host, options.port)
    return 0


def _worker(options: argparse.Namespace) -> int:
    # One job is one core: the libraries of the solver would else start a thread for every core of the machine.
    for library in ("OMP", "OPENBLAS", "MKL"):
        os.environ.setdefault(f"{library}_NUM_THREADS", "1")
    from service.commands.watching import begin_logging
    from service.commands.worker import Habits, handlers, run_worker
    from service.settings import read_settings

    begin_logging()
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
    from service.commands.auditing import audit
    from service.settings import read_settings
    from service.setup import ready_town

    town = ready_town(read_settings(), options.town)
    with closing(town.database):
        return audit(town, options)


def _backup(options: argparse.Namespace) -> int:
    from service.commands.keeping import backup
    from service.settings import read_settings

    return backup(read_settings(), options)


def _restore(options: argparse.Namespace) -> int:
    from service.commands.keeping import restore_files
    from service.settings import read_settings

    return restore_files(read_settings(), options)


def _doctor(options: argparse.Namespace) -> int:
    from service.commands.doctor import doctor
    from service.settings import read_settings

    return doctor(read_settings(), options)


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


def _nightly(options: argparse.Namespace) -> int:
    from service.commands.nightly import do_tonight
    from service.settings import read_settings
    from service.setup import ready_town

    town = ready_town(read_settings(), options.town)
    with closing(town.database):
        return do_tonight(town)


def _rhythm(options: argparse.Namespace) -> int:
    from service.commands.rhythm import show_rhythm
    from service.settings import read_settings
    from service.setup import ready_town

    town = ready_town(read_settings(), options.town)
    with closing(town.database):
        return show_rhythm(town, options)


def _preset(options: argparse.Namespace) -> int:
    from service.commands.preset import preset
    from service.settings import read_settings
    from service.setup import ready_town

    town = ready_town(read_settings(), options.town)
    with closing(town.database):
        return preset(town, options)


def _simulate(options: argparse.Namespace) -> int:
    from service.commands.simulate import simulate

    return simulate(options)


def _scenarios(options: argparse.Namespace) -> int:
    from service.matching.scenarios import print_report, run

    report = run(options.file)
    print_report(report)
    return 0 if report.is_equal else 1


def _town(options: argparse.Namespace) -> int:
    from service.commands.founding import town
    from service.settings import read_settings

    return town(read_settings(), options)


RUNS: Final[Mapping[str, Command]] = {
    "setup": _setup,
    "town": _town,
    "serve": _serve,
    "worker": _worker,
    "jobs": _jobs,
    "solve-all": _solve_all,
    "audit": _audit,
    "backup": _backup,
    "restore": _restore,
    "doctor": _doctor,
    "import": _import,
    "match": _match,
    "joint": _joint,
    "solve": _solve,
    "exchange": _exchange,
    "scenarios": _scenarios,
    "nightly": _nightly,
    "rhythm": _rhythm,
    "preset": _preset,
    "simulate": _simulate,
}


if __name__ == "__main__":
    sys.exit(main())
