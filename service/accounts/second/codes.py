"""Codes that prove a second thing somebody has (RFC 6238 by pyotp): derived, matched and drawn; nothing here is kept."""

import base64
import hashlib
import hmac
import secrets
import unicodedata
from collections.abc import Iterator
from datetime import datetime
from typing import Final

import pyotp
import segno

STEP: Final = 30
"""Seconds one code holds."""
DRIFT: Final = (-1, 0, 1)
"""Steps a telephone's clock may be off."""
RECOVERY_CODES: Final = 10
_LETTERS: Final = "abcdefghjkmnpqrstuvwxyz23456789"
"""Those that are not taken for one another on paper."""


def secret_of(town_key: bytes, user_id: str, nonce: str) -> str:
    """The shared secret in base32 (160 bits): made anew each time from a key that is not in the database."""
    return base64.b32encode(_derived(town_key, "totp", user_id, nonce)[:20]).decode()


def matching_step(secret: str, typed: str, now: datetime, used_step: int) -> int | None:
    """The half minute this code belongs to; None for a wrong one, and for one at or before the last that was taken."""
    totp, current = pyotp.TOTP(secret), int(now.timestamp()) // STEP
    steps = [current + off for off in DRIFT if hmac.compare_digest(totp.at((current + off) * STEP), digits_of(typed))]
    return next((step for step in steps if step > used_step), None)


def digits_of(typed: str) -> str:
    """A code as typed, in any width and with spaces between."""
    return "".join(str(int(each)) for each in typed if each.isdecimal())[:12]


def new_recovery_codes() -> list[str]:
    """Ten codes of fifty bits, to be written on paper."""
    drawn = ["".join(secrets.choice(_LETTERS) for _ in range(10)) for _ in range(RECOVERY_CODES)]
    return [f"{code[:5]}-{code[5:]}" for code in drawn]


def recovery_hash(town_key: bytes, user_id: str, typed: str) -> str:
    """What is kept of a recovery code; without the town's key nobody can even try."""
    folded = unicodedata.normalize("NFKC", typed).lower()
    plain = "".join(each for each in folded if each.isascii() and each.isalnum())
    return _derived(town_key, "recovery", user_id, plain).hex()


def address_of(secret: str, login_name: str, town_name: str) -> str:
    """The address (otpauth) an application reads from the square."""
    return pyotp.TOTP(secret).provisioning_uri(name=login_name, issuer_name=f"つなぎ {town_name}")


def in_groups(secret: str) -> str:
    """The secret to type where no camera is: four letters at a time."""
    return " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))


def square_of(text: str) -> tuple[int, str]:
    """A QR code as the size of its box and one SVG path; drawn here, for no picture comes from elsewhere."""
    code = segno.make(text, error="m", micro=False)
    rows = [bytes(row) for row in code.matrix_iter(border=4)]
    return len(rows), "".join(_dark(rows))


def _dark(rows: list[bytes]) -> Iterator[str]:
    for y, row in enumerate(rows):
        for x, is_dark in enumerate(row):
            if is_dark:
                yield f"M{x} {y}h1v1h-1z"


def _derived(town_key: bytes, purpose: str, user_id: str, number: str) -> bytes:
    return hmac.new(town_key, f"second-factor|{purpose}|{user_id}|{number}".encode(), hashlib.sha256).digest()
