"""One thing the doctor found, without a name in it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    """What does not hold, where, and what to do next; addresses of rows at most, never a fact about a person."""

    check: str
    text: str
    remedy: str
