"""`tsunagi exchange`: the key two networks share, the file for the other side, and taking theirs in."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Final

from sqlalchemy import select

from service.followup.exchange.exchanging import LABELS, Taken, export_file, import_file, preview_file
from service.kernel.clock import now_utc
from service.kernel.dates import say_instant
from service.kernel.errors import DomainError
from service.resources.exchange.sealing import DIRECTIONS
from service.resources.interchange.table import MAX_FILE_BYTES
from service.resources.links import link_address
from service.resources.members import invite
from service.resources.models import Host
from service.settings import Settings, exchange_key_file, make_exchange_key
from service.setup import MACHINE, ready_town, signature
from service.web.actor import Town


def exchange(settings: Settings, options: argparse.Namespace) -> int:
    """Run one of the four; what a person has to look at ends with 1, so that a script can tell."""
    if options.action == "key":
        return _make_key(settings, options)
    town, now = ready_town(settings, options.town), now_utc()
    with closing(town.database):
        return ACTIONS[options.action](town, options, now)


def _make_key(settings: Settings, options: argparse.Namespace) -> int:
    entry = settings.entry(options.town)
    try:
        file = make_exchange_key(settings.data, entry.code)
    except FileExistsError:
        file = exchange_key_file(settings.data, entry.code)
        raise DomainError(
            f"鍵はもうあります（{file}）。", "この鍵を、もう一方のサーバーへ手で写してください。", "key"
        ) from None
    print(f"{entry.name}のやりとりの鍵を作りました：{file}")
    print("もう一方のサーバーの同じ名前の所へ、手で写してください。メールやこのファイルのやりとりでは送らないでください。")
    return 0


def _export(town: Town, options: argparse.Namespace, now: datetime) -> int:
    with town.database.write(signature=signature(town, now)) as session:
        content = export_file(session, town, MACHINE, options.to, now)
        # Written before the history says so: a file that could not be written was not handed over.
        _write(Path(options.what), content)
    print(f"{DIRECTIONS[options.to]}渡すファイルを書き出しました：{options.what}（{len(content):,}バイト）")
    return 0


def _import(town: Town, options: argparse.Namespace, now: datetime) -> int:
    content = _read(Path(options.what))
    with town.database.write(signature=signature(town, now)) as session:
        take = preview_file if options.dry_run else import_file
        taken = take(session, town, MACHINE, content, now)
    sys.stdout.writelines(f"{line}\n" for line in _in_words(town, taken, options.dry_run))
    return 1 if taken.outcome.bad or taken.outcome.clashes else 0


def _invite(town: Town, options: argparse.Namespace, now: datetime) -> int:
    with town.database.write(signature=signature(town, now)) as session:
        hosts = session.scalars(select(Host).where(Host.name == options.what)).all()
        if len(hosts) != 1:
            raise DomainError(
                f"「{options.what}」という受け入れ先が{len(hosts)}件あります。",
                "名称をそのまま入れてください。",
                "host",
                404,
            )
        token = invite(session, town.key, hosts[0].id, MACHINE.label, now)
    print(_say_link(town, hosts[0].name, token))
    return 0


ACTIONS: Final[Mapping[str, Callable[[Town, argparse.Namespace, datetime], int]]] = {
    "export": _export,
    "import": _import,
    "invite": _invite,
}


def _in_words(town: Town, taken: Taken, dry_run: bool) -> Iterator[str]:
    if taken.before is not None:
        yield f"このファイルは {say_instant(taken.before)} に取り込んでいます。何も変えていません。"
        return
    found = taken.outcome
    counts = "、".join(f"{LABELS[kind]} {number}件" for kind, number in found.taken.items()) or "変わったところはありません"
    done = "取り込みます（まだ書き込んでいません）" if dry_run else "取り込みました"
    yield f"{done}：{counts}。変更なし {found.unchanged}件。"
    if found.clashes:
        yield f"行きちがいが {len(found.clashes)}件あります。どちらがよいか、人が確かめてください。"
    for clash in found.clashes:
        yield f"  {clash.row}行目　{clash.what}　相手：{clash.theirs}　こちら：{clash.ours}　→ {clash.stands}を残します"
    if found.bad:
        yield f"取り込めない行が {len(found.bad)}行あります。"
    for bad in found.bad:
        yield f"  {bad.row}行目　{bad.reason}{bad.remedy}"
    if not dry_run:
        for name, token in found.links:
            yield _say_link(town, name, token)


def _say_link(town: Town, name: str, token: str) -> str:
    return f"{name} への招待（一度だけ表示します）：{link_address(town.host_url, token)}"


def _read(file: Path) -> bytes:
    try:
        if file.stat().st_size > MAX_FILE_BYTES:
            raise DomainError("ファイルが5MBを超えています。", "やりとりのファイルかどうかを確かめてください。", "size", 422)
        return file.read_bytes()
    except OSError:
        raise DomainError(f"{file} を開けません。", "ファイルの場所と名前を確かめてください。", "no-file", 422) from None


def _write(file: Path, content: bytes) -> None:
    try:
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as handle:
            handle.write(content)
    except OSError:
        raise DomainError(
            f"{file} に書けません。", "フォルダーがあるか、書ける所かを確かめてください。", "no-file", 422
        ) from None
