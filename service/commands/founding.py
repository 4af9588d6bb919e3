"""`tsunagi town`: a new town with its first two people, and a new one-time code for whoever has lost theirs."""

from __future__ import annotations

import argparse
import json
import re
from collections.abc import Mapping
from contextlib import closing
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.accounts.joining import draw_code, no_password
from service.accounts.models import OneTimeCode, User
from service.accounts.roles import ADMIN, ROLE_LABELS, SUPERVISOR
from service.kernel.audit import note
from service.kernel.clock import now_utc
from service.kernel.errors import DomainError
from service.settings import Settings, TownEntry
from service.setup import open_ready, ready_town, set_up_town, signature
from service.web.actor import Town

FIRST: Final = (("admin", ADMIN), ("supervisor", SUPERVISOR))
_HOST: Final = re.compile(r"[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?")
_WEIGHTS: Final = (6, 5, 4, 3, 2)


def town(settings: Settings, options: argparse.Namespace) -> int:
    """Found a town, or draw one code anew."""
    if options.action == "code":
        return _code_anew(settings, options)
    entry = _new_entry(settings, options)
    if options.demo:
        for line in set_up_town(settings, entry, demo=True):
            print(line)
        _write_down(settings, entry, options.url)
        return 0
    founded = open_ready(settings, entry)
    with closing(founded.database):
        papers = _first_two(founded, {ADMIN: options.admin, SUPERVISOR: options.supervisor})
    _write_down(settings, entry, options.url)
    _hand_over(entry, papers)
    return 0


def is_code(code: str) -> bool:
    """Whether these six digits are a 全国地方公共団体コード: a prefecture, a number, and the check digit that belongs to them."""
    if not (len(code) == 6 and code.isascii() and code.isdecimal() and 1 <= int(code[:2]) <= 47):
        return False
    rest = sum(int(digit) * weight for digit, weight in zip(code, _WEIGHTS, strict=False)) % 11
    return int(code[5]) == (11 - rest) % 10


def _new_entry(settings: Settings, options: argparse.Namespace) -> TownEntry:
    host, name = options.host.lower(), options.name.strip()
    if not is_code(options.code):
        raise DomainError("自治体コードの検査数字が合いません。", "総務省の一覧の6けたを、そのまま入れてください。", "code")
    if not _HOST.fullmatch(host) or not name:
        raise DomainError("ホスト名か名称が読めません。", "ポートを付けず、半角で入れてください。", "host")
    listed = settings.entries if (settings.data / "towns.toml").exists() else ()
    for entry in listed:
        if entry.code == options.code or entry.host == host:
            raise DomainError(
                f"もうあります（{entry.code} {entry.name}、{entry.host}）。何も変えていません。",
                "番号を作り直すには town code を使ってください。",
                "known-town",
            )
    url = options.url or f"sqlite:///{(settings.data / (options.code + '.sqlite3')).absolute()}"
    return TownEntry(options.code, name, host, url, "team")


def _first_two(founded: Town, names: Mapping[str, str]) -> list[tuple[User, str]]:
    """The first administrator and the first supervisor, each with a code; later ones are agreed on by two."""
    now = now_utc()
    with founded.database.write(signature=signature(founded, now)) as session:
        if session.scalars(select(User.id).limit(1)).first() is not None:
            raise DomainError(
                "このデータベースには、もう人がいます。何も変えていません。", "空の場所を指定してください。", "not-empty"
            )
        people = [
            User(
                login_name=login,
                name=names[role] or f"はじめの{ROLE_LABELS[role]}",
                password_hash=no_password(),
                roles=[role],
                active=False,
            )
            for login, role in FIRST
        ]
        session.add_all(people)
        session.flush()
        return [(user, draw_code(session, founded, user, now, opens=True)) for user in people]


def _write_down(settings: Settings, entry: TownEntry, url: str) -> None:
    """The town goes into towns.toml last: what failed before is no town."""
    rows = [("code", entry.code), ("name", entry.name), ("host", entry.host), *([("url", url)] if url else [])]
    said = "".join(f"{key} = {json.dumps(value, ensure_ascii=False)}\n" for key, value in rows)
    file = settings.data / "towns.toml"
    before = file.read_text("utf-8").rstrip() + "\n\n" if file.exists() else ""
    draft = file.with_suffix(".new")
    draft.write_text(f"{before}[[town]]\n{said}", "utf-8")
    draft.replace(file)


def _hand_over(entry: TownEntry, papers: list[tuple[User, str]]) -> None:
    print(f"{entry.name}（{entry.code}）を加えました。ホスト名は {entry.host} です。")
    print("次の番号を、二人の別の人に渡してください。7日のうちに一度だけ使えて、もう一度は出ません。")
    for user, code in papers:
        print(f"  {user.name}　利用者名 {user.login_name}　番号 {code}")
    print("serve をもう一度始め、職員の画面の /join を開いて、パスワードを決めます。")


def _code_anew(settings: Settings, options: argparse.Namespace) -> int:
    found, now = ready_town(settings, options.town), now_utc()
    with closing(found.database), found.database.write(signature=signature(found, now)) as session:
        user = session.scalars(select(User).where(User.login_name == options.login)).first()
        if user is None or not (user.active or _waits(session, user)):
            raise DomainError("その利用者名で使える人がいません。", "利用者名を確かめてください。", "no-user")
        code = draw_code(session, found, user, now, opens=not user.active)
        note(session, "code-anew", "user", user.id)
    print(f"{user.name}　利用者名 {user.login_name}　番号 {code}（7日のうちに一度だけ。画面の /join で使います）")
    return 0


def _waits(session: Session, user: User) -> bool:
    """Whether this is one of the first two, who has never come in yet."""
    codes = session.scalars(select(OneTimeCode).where(OneTimeCode.user_id == user.id)).all()
    return user.login_name in dict(FIRST) and bool(codes) and all(code.used_at is None for code in codes)
