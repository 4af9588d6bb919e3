"""What a link shows: the one thing it is for, and nothing around it."""

from __future__ import annotations

from dataclasses import dataclass

from service.host_face.forms import JoinForm


@dataclass(frozen=True)
class LinkOpening:
    """One opening: places, days and hours in words, and a rest."""

    id: str
    title: str
    state: str
    free: str
    hours: str
    version: int
    is_paused: bool
    chosen: str


@dataclass(frozen=True)
class OpeningsLinkView:
    """Is everything as it was?"""

    host_name: str
    action: str
    openings: tuple[LinkOpening, ...]
    reasons: tuple[tuple[str, str], ...]
    until: tuple[tuple[str, str], ...]
    date: str
    once: str
    problem: str


@dataclass(frozen=True)
class ReportLinkView:
    """How does it go?"""

    host_name: str
    action: str
    is_about_somebody: bool
    faces: tuple[tuple[int, str], ...]
    once: str
    text: str
    problem: str


@dataclass(frozen=True)
class JoinLinkView:
    """Choose a name and a password."""

    host_name: str
    action: str
    form: JoinForm
    once: str


@dataclass(frozen=True)
class ThanksView:
    """It has arrived."""

    may_sign_in: bool


@dataclass(frozen=True)
class DeadLinkView:
    """A link that opens nothing, whatever the reason."""

    phone: str
