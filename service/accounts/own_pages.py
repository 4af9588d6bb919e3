"""自分のアカウント: what its page shows."""

from __future__ import annotations

from dataclasses import dataclass, field

from service.accounts.cookies import token_of
from service.accounts.models import User
from service.accounts.passwords import NewPasswordForm, ProofForm
from service.accounts.roles import ROLE_LABELS
from service.accounts.second.keeping import Standing, standing_of
from service.accounts.sessions import digest, living_sessions
from service.kernel.dates import say_instant
from service.web.call import Call


@dataclass(frozen=True)
class SessionRow:
    """One open sign-in."""

    id: str
    device: str
    began: str
    seen: str
    is_this: bool


@dataclass(frozen=True)
class AccountView:
    """Who I am here, how I sign in, and where I am signed in."""

    name: str
    login_name: str
    roles: tuple[str, ...]
    factor: Standing
    factor_since: str
    sessions: tuple[SessionRow, ...]
    proof: ProofForm = field(default_factory=ProofForm)
    change: NewPasswordForm = field(default_factory=NewPasswordForm)


def account_view(call: Call, proof: ProofForm | None = None, change: NewPasswordForm | None = None) -> AccountView:
    """The page of whoever asks."""
    user = call.session.get_one(User, call.actor.id)
    factor = standing_of(call.session, user)
    own = digest(token_of(call.request) or "")
    rows = living_sessions(call.session, user.id, call.now)
    return AccountView(
        name=user.name,
        login_name=user.login_name,
        roles=tuple(ROLE_LABELS[role] for role in user.roles if role in ROLE_LABELS),
        factor=factor,
        factor_since=say_instant(factor.since) if factor.since else "",
        sessions=tuple(
            SessionRow(row.id, row.device, say_instant(row.created_at), say_instant(row.last_seen_at), row.id == own)
            for row in rows
        ),
        proof=proof or ProofForm(prefix="p-"),
        change=change or NewPasswordForm(prefix="n-"),
    )
