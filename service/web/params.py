"""What arrives in an address or a form is text until it has been read here."""

from litestar.datastructures import MultiDict
from litestar.params import FromPath, FromQuery

from service.kernel.errors import Conflict, DomainError, NotFound

__all__ = ["FromPath", "FromQuery", "MultiDict", "expect_version", "known_id", "page_number", "typed_text", "version_of"]

_HEX = frozenset("0123456789abcdef")


def known_id(text: str) -> str:
    """An address of a row; anything that could not be one is answered like an absent one."""
    if len(text) != 32 or not set(text) <= _HEX:
        raise NotFound()
    return text


def typed_text(text: str, limit: int = 200) -> str:
    """Text as typed, without what no keyboard produces (lone surrogates, control characters)."""
    clean = text.encode("utf-8", "ignore").decode("utf-8")
    return "".join(c for c in clean if c >= " " or c in "\n\t").strip()[:limit]


def page_number(text: str) -> int:
    """A page of a list, from 1; nonsense is page 1."""
    return min(int(text), 10_000) if text.isascii() and text.isdigit() and 0 < len(text) < 6 else 1


def version_of(text: str) -> int:
    """The version a form was shown with."""
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise DomainError(
            "画面が古くなっています。", "ページを開き直してから、もう一度保存してください。", "no-version", 400
        )
    return int(text)


def expect_version(text: str, version: int) -> None:
    """Refuse to go on when what is kept moved since the form was shown; rows say the same by `Versioned.expect`."""
    if version_of(text) != version:
        raise Conflict()
