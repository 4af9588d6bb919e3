"""Telephone numbers, mail and web addresses out of files: usable ones, and the others to be kept as words."""

import re
import unicodedata
from collections.abc import Callable, Sequence
from typing import Final
from urllib.parse import urlsplit

from service.resources.interchange.table import Row

_PHONE: Final = re.compile(r"[0-9+(][0-9()+\- ]{3,28}[0-9]")
_MAIL: Final = re.compile(r"[!-?A-~]{1,100}@[!-?A-~]{1,150}")
_DASHES: Final = re.compile("[‐‑‒–—−ー]")
_EMPTY_MARKS: Final = frozenset("-‐‑–—−－ー―…")
MAX_URL_LENGTH: Final = 500


def said(text: str) -> str:
    """A cell's words, empty for the dashes that fill empty cells."""
    return "" if set(text) <= _EMPTY_MARKS else text


def read_phone(text: str) -> str:
    """The number in half width, empty when it is none."""
    number = _DASHES.sub("-", unicodedata.normalize("NFKC", text[:60]).strip())
    return number if _PHONE.fullmatch(number) else ""


def read_mail(text: str) -> str:
    """The address, empty when it is none."""
    address = unicodedata.normalize("NFKC", text[:300]).strip()
    return address if _MAIL.fullmatch(address) and "." in address.partition("@")[2].strip(".") else ""


def read_url(text: str) -> str:
    """The http(s) address, empty when a browser could not open it as it stands (http:/…, two in one cell)."""
    address = text.strip()
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
    except ValueError:
        return ""
    is_web = parts.scheme in ("http", "https") and "." in host.strip(".") and not set(address) & set(' \t\n　"<>\\')
    return address if is_web and len(address) <= MAX_URL_LENGTH else ""


Reader = Callable[[str], str]
COLUMNS: Final[Sequence[tuple[Reader, Sequence[str]]]] = (
    (read_phone, ("電話番号1", "電話番号2", "電話番号", "FAX番号")),
    (read_mail, ("メールアドレス1", "メールアドレス2", "メールアドレス")),
    (read_url, ("URL",)),
)


def usable(row: Row, read: Reader, *names: str) -> tuple[str, ...]:
    """What of these columns can be used, in order and once."""
    return tuple(dict.fromkeys(found for name in names if (found := read(row.text(name)))))


def unusable(row: Row) -> list[str]:
    """The contacts that cannot be used, as lines for the note."""
    return [
        f"{name}: {text}" for read, names in COLUMNS for name in names if (text := said(row.text(name))) and not read(text)
    ]
