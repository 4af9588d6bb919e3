"""The brake on guessing links: whoever opens too many that lead nowhere waits, whichever kind they were."""

from __future__ import annotations

from typing import Final

from sqlalchemy.orm import Session

from service.accounts.brake import brake_of, forget_old, known_brake, press, refuse_blocked
from service.web.call import Call

FREE_TRIES: Final = 20
"""More than for a password: one address may stand for a whole office."""
BRAKED: Final = "リンクを開けない状態が続いたため、少し待つ必要があります。"


def refuse_guessers(call: Call) -> None:
    """Say how long to wait while the brake holds."""
    refuse_blocked(known_brake(call.session, _guesser(call)), call.now, BRAKED)


def count_guess(call: Call) -> None:
    """One link more that led nowhere."""
    if call.request.method == "GET":
        # The transaction of a page only reads.
        with call.town.database.write() as session:
            _press(session, call)
    else:
        _press(call.session, call)


def _press(session: Session, call: Call) -> None:
    brake = brake_of(session, _guesser(call), call.now, BRAKED)
    forget_old(brake, call.now)
    press(brake, call.now, FREE_TRIES)


def _guesser(call: Call) -> str:
    client = call.request.client
    return f"link|{client.host if client else ''}"
