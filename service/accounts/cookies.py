"""The one cookie of a sign-in, and where a sign-in leads to."""

from collections.abc import Sequence
from typing import Any, Final

from litestar import Request, Response
from litestar.datastructures import Cookie

from service.accounts.doorkeeper import cookie_name
from service.accounts.roles import HOMES

_SYSTEMS: Final = (("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"), ("Mac OS", "Mac"),
                   ("CrOS", "Chromebook"), ("Linux", "Linux"))  # fmt: skip
_BROWSERS: Final = (("Edg", "Edge"), ("Firefox", "Firefox"), ("Chrome", "Chrome"), ("Safari", "Safari"))


def token_of(request: Request[Any, Any, Any]) -> str | None:
    """The token this browser holds."""
    return request.cookies.get(cookie_name(secure=request.app.state.secure))


def give_cookie(
    request: Request[Any, Any, Any], answer: Response[Any], token: str, max_age: int | None = None
) -> Response[Any]:
    """Let the browser keep this token until it is closed, or no longer."""
    secure: bool = request.app.state.secure
    name = cookie_name(secure=secure)
    answer.set_cookie(Cookie(name, value=token, path="/", max_age=max_age, httponly=True, secure=secure, samesite="lax"))
    return answer


def inside(path: str) -> str:
    """A place of our own to go on to; anything else leads to the first page."""
    plain = path.isascii() and path.isprintable() and "\\" not in path
    return path if plain and path.startswith("/") and not path.startswith("//") and len(path) < 300 else "/"


def at_home(target: str, roles: Sequence[str]) -> str:
    """Whoever has pages of their own goes on to one of them, whatever page they came from."""
    home = next((HOMES[role] for role in roles if role in HOMES), "")
    return target if not home or target == home or target.startswith(f"{home}/") else home


def device_of(request: Request[Any, Any, Any]) -> str:
    """What somebody signs in with, in words to know it again by: Windows の Edge."""
    told = request.headers.get("user-agent", "")
    system = next((word for mark, word in _SYSTEMS if mark in told), "")
    browser = next((word for mark, word in _BROWSERS if mark in told), "")
    return " の ".join(word for word in (system, browser) if word) or "分からない機器"
