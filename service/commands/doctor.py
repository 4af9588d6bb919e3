"""`tsunagi doctor`: everything that must hold, said in words; 1 when something does not."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import asdict

from service.keeping.doctor.data import look_at_data
from service.keeping.doctor.finding import Finding
from service.keeping.doctor.machine import look_at_clock, look_at_machine
from service.kernel.clock import now_utc
from service.migrations import is_up_to_date
from service.settings import Settings, TownEntry


def doctor(settings: Settings, options: argparse.Namespace) -> int:
    """Look at the machine and at every town, or at the one that is meant."""
    entries = settings.entries if options.town is None else (settings.entry(options.town),)
    found = [("", finding) for finding in look_at_machine(settings)]
    found += [(entry.name, finding) for entry in entries for finding in _look_at(settings, entry)]
    if options.json:
        print(json.dumps([{"town": town} | asdict(finding) for town, finding in found], ensure_ascii=False))
    else:
        sys.stdout.writelines(f"{town and town + '：'}{one.text}{one.remedy}\n" for town, one in found)
        print(
            f"{len(entries)}つの自治体とこの機械を見ました。{'直すところはありません。' if not found else f'{len(found)}件あります。'}"
        )
    return int(bool(found))


def _look_at(settings: Settings, entry: TownEntry) -> Iterator[Finding]:
    try:
        ready = is_up_to_date(entry.url)
    except SystemExit as problem:
        yield Finding("database", str(problem), "")
        return
    if not ready:
        yield Finding("schema", "データベースが古い版のままです。", "tsunagi setup を動かしてください。")
        return
    town, now = settings.open_town(entry), now_utc()
    with closing(town.database), town.database.read() as session:
        yield from look_at_clock(session, now)
        yield from look_at_data(session, town, entry.url, now)
