"""`tsunagi import`: a file of places into the catalogue, or a look at what it would do."""

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path

from service.kernel.clock import now_utc
from service.kernel.errors import DomainError
from service.resources.importing import (
    CHANGED,
    NEW,
    UNCHANGED,
    Plan,
    apply_plan,
    importing_by,
    plan_import,
    read_file,
    rejected_rows,
)
from service.resources.interchange.table import MAX_FILE_BYTES
from service.resources.places import places_of
from service.resources.vocabulary import current_vocabulary
from service.setup import MACHINE, signature
from service.web.actor import Town


def import_file(town: Town, options: argparse.Namespace) -> int:
    """Take a file of places in, or with --dry-run only say what it would do; bad rows are listed, good ones saved."""
    data, now = _read_bytes(options.file), now_utc()
    with town.database.read() as session:
        vocabulary = current_vocabulary(session)
        read = read_file(options.kind, data, vocabulary)
        plan = plan_import(session, read)
    if not options.dry_run and plan.count(NEW) + plan.count(CHANGED):
        with town.database.write(signature=signature(town, now)) as session:
            plan = plan_import(session, read)
            how = importing_by(options.kind, options.file.name, MACHINE, now, places_of(town.code), vocabulary)
            apply_plan(session, plan, how)
    lines = [_as_json(plan)] if options.json else _in_words(plan, options.dry_run)
    sys.stdout.writelines(f"{line}\n" for line in lines)
    return 0


def _read_bytes(file: Path) -> bytes:
    try:
        if file.stat().st_size > MAX_FILE_BYTES:
            raise DomainError("ファイルが5MBを超えています。", "行を分けて取り込んでください。", "size", 422)
        return file.read_bytes()
    except OSError:
        raise DomainError(f"{file} を開けません。", "ファイルの場所と名前を確かめてください。", "no-file", 422) from None


def _as_json(plan: Plan) -> str:
    answer = {
        "accepted": len(plan.rows),
        "unchanged": plan.count(UNCHANGED),
        "rejected": list(rejected_rows(plan.problems)),
    }
    return json.dumps(answer, ensure_ascii=False)


def _in_words(plan: Plan, dry_run: bool) -> Iterator[str]:
    done = "取り込みます（まだ書き込んでいません）" if dry_run else "取り込みました"
    counts = f"新しい {plan.count(NEW)}件、変更 {plan.count(CHANGED)}件、変更なし {plan.count(UNCHANGED)}件"
    yield f"{len(plan.rows)}行を{done}：{counts}。"
    if plan.problems:
        yield f"取り込めない行が {len(plan.problems)}行あります。"
    for problem in plan.problems:
        yield f"  {problem.row}行目　{problem.reason}{problem.remedy}"
