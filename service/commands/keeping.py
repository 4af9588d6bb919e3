"""`tsunagi backup` and `tsunagi restore`: sealed copies, the rehearsal, and the way back."""

from __future__ import annotations

import argparse
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from datetime import datetime, timedelta
from http.client import HTTPConnection
from pathlib import Path
from typing import Final

from service.keeping.drill import rehearse
from service.keeping.restoring import restore, restore_keys
from service.keeping.sealing import make_pair, read_recipients
from service.keeping.shelf import Copy, copies_on, copy_of
from service.keeping.taking import head_now, take_copy, take_keys
from service.kernel.clock import now_utc
from service.kernel.dates import say_instant
from service.kernel.errors import DomainError
from service.settings import Settings, TownEntry

READY_SECONDS: Final = 60.0
SIGN_IN: Final = "/sign-in"


def backup(settings: Settings, options: argparse.Namespace) -> int:
    """Run one of the steps; what a person has to look at ends with 1."""
    return STEPS[options.action](settings, options)


def restore_files(settings: Settings, options: argparse.Namespace) -> int:
    """Put back a town, or the keys."""
    if options.what == "keys":
        made = restore_keys(options.file, settings, options.identity)
        print(f"戻した鍵：{'、'.join(made) or 'なし（どれも、もうあります）'}")
        return 0
    entry = settings.entry(options.town)
    copy = copy_of(options.file)
    restore(copy, entry, options.identity)
    print(f"{entry.name}を、{say_instant(copy.at)}の姿に戻しました（{sum(copy.facts.rows.values()):,}行）。")
    print("次に：鍵を戻し、tsunagi audit verify を動かし、画面を出してください。")
    return 0


def _key(settings: Settings, options: argparse.Namespace) -> int:
    if options.identity.resolve().is_relative_to(settings.data.resolve()):
        raise DomainError(
            "開く鍵を、データと同じフォルダーには置けません。", "USBメモリなど、別の所を指定してください。", "identity"
        )
    public = make_pair(options.identity, options.recipients)
    print(f"控えを開く鍵：{options.identity}（別の場所に、別の人が保管してください。なくすと控えは開けません）")
    print(f"封をする鍵　：{options.recipients} に {public} を足しました")
    return 0


def _keys(settings: Settings, options: argparse.Namespace) -> int:
    take_keys(settings, options.file, read_recipients(options.recipients))
    print(f"この設置のすべての鍵を、封をして控えました：{options.file}（控えとは別の所に置いてください）")
    return 0


def _take(settings: Settings, options: argparse.Namespace) -> int:
    recipients = read_recipients(options.recipients)
    while True:
        failed = [not _take_one(entry, options.to, recipients) for entry in _towns(settings, options)]
        if options.every is None:
            return int(any(failed))
        time.sleep(options.every * 60)


def _take_one(entry: TownEntry, shelf: Path, recipients: list[object]) -> bool:
    """One town's copy; a town that fails keeps none of the others from theirs."""
    try:
        copy = take_copy(entry, shelf, recipients, now_utc())
    except (DomainError, OSError) as problem:
        print(f"{entry.name}：控えを取れませんでした。{problem}", file=sys.stderr, flush=True)
        return False
    print(f"{entry.name}：{'前の控えから、何も書かれていません。' if copy is None else _in_words(copy)}", flush=True)
    return True


def _list(settings: Settings, options: argparse.Namespace) -> int:
    for entry in _towns(settings, options):
        copies = copies_on(options.to, entry.code)
        print(f"{entry.name}：{len(copies)}個")
        for copy in copies:
            print(f"  {_in_words(copy)}{'' if copy.is_whole() else '　こわれています'}")
    return 0


def _check(settings: Settings, options: argparse.Namespace) -> int:
    late = [said for entry in _towns(settings, options) if (said := _late(entry, options, now_utc()))]
    print("\n".join(late) or "どの自治体の控えも、新しく、こわれていません。")
    return int(bool(late))


def _late(entry: TownEntry, options: argparse.Namespace, now: datetime) -> str:
    copies = copies_on(options.to, entry.code)
    if not copies:
        return f"{entry.name}：控えがありません。tsunagi backup take を動かしてください。"
    if not copies[-1].is_whole():
        return f"{entry.name}：いちばん新しい控え（{copies[-1].file.name}）がこわれています。取り直してください。"
    if now - copies[-1].at > timedelta(minutes=options.late) and copies[-1].facts.head != head_now(entry.url):
        return f"{entry.name}：{say_instant(copies[-1].at)}のあとに書かれたものが、まだ控えにありません。"
    return ""


def _drill(settings: Settings, options: argparse.Namespace) -> int:
    entry = settings.entry(options.town)
    copies = copies_on(options.to, entry.code)
    if not copies:
        raise DomainError(f"{entry.name}の控えがありません。", "tsunagi backup take を動かしてください。", "no-copy")
    began = time.monotonic()
    with rehearse(settings, entry, copies[-1], options.identity, options.into) as there:
        print(f"{_in_words(copies[-1])}")
        print(f"戻した：{there.rows:,}行、行の数・操作の記録の終わり・つながりは控え札と同じ（{there.seconds:.1f}秒）")
        with _serving(there.settings) as address:
            print(f"画面　：サインインの画面が出る（{address}、はじめから {time.monotonic() - began:.1f}秒）")
    print("試しに戻したものは、消しました。")
    return 0


@contextmanager
def _serving(there: Settings) -> Iterator[str]:
    """The pages of a town that was put back, once they answer with the page to sign in."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "service", "serve", "--no-worker", "--port", str(port)]
    environment = dict(os.environ) | {"TSUNAGI_DATA": str(there.data), "TSUNAGI_SECURE": ""}
    with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL) as process:  # noqa: S603
        try:
            _wait_for(port, process)
            yield f"http://127.0.0.1:{port}{SIGN_IN}"
        finally:
            process.terminate()


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + READY_SECONDS
    while time.monotonic() < until and process.poll() is None:
        try:
            with closing(HTTPConnection("127.0.0.1", port, timeout=5)) as asked:
                asked.request("GET", SIGN_IN)
                if asked.getresponse().status == 200:
                    return
        except OSError:
            time.sleep(0.1)
    raise DomainError("戻した町の画面が出ません。", "設定と版を確かめてください。", "not-served")


def _towns(settings: Settings, options: argparse.Namespace) -> Sequence[TownEntry]:
    return settings.entries if options.town is None else (settings.entry(options.town),)


def _in_words(copy: Copy) -> str:
    size = copy.file.stat().st_size / 1_000_000
    return f"{copy.file.name}　{say_instant(copy.at)}　{size:.1f}MB　記録{copy.facts.head.seq:,}番まで"


STEPS: Final[Mapping[str, Callable[[Settings, argparse.Namespace], int]]] = {
    "key": _key,
    "keys": _keys,
    "take": _take,
    "list": _list,
    "check": _check,
    "drill": _drill,
}
