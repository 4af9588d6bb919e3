"""What the pages about a second factor show."""

from dataclasses import dataclass

from service.accounts.models import User
from service.accounts.second.codes import address_of, in_groups, square_of
from service.web.actor import Town


@dataclass(frozen=True)
class CodeView:
    """Asking for the code at the door."""

    next: str
    problem: str = ""


@dataclass(frozen=True)
class SetUpView:
    """The square to be read, the same to be typed, and where the first code goes."""

    action: str
    size: int
    path: str
    secret: str
    login_name: str
    is_at_door: bool
    next: str = ""
    problem: str = ""


@dataclass(frozen=True)
class CodesView:
    """Recovery codes, shown this once."""

    codes: tuple[str, ...]
    login_name: str
    said_at: str
    on: str
    """Where to go on."""


def set_up_view(town: Town, user: User, secret: str, action: str, *, at_door: bool, on: str, problem: str = "") -> SetUpView:
    """The page of one secret."""
    size, path = square_of(address_of(secret, user.login_name, town.name))
    return SetUpView(action, size, path, in_groups(secret), user.login_name, at_door, on, problem)
