"""Which paper stands on the consent to the service: without it, or after it, the paper is not printed."""

from collections.abc import Iterable
from datetime import date

from service.cases.consent import SERVICE, STATE_LABELS, TAKEN_BACK, state_of
from service.cases.models import Consent
from service.kernel.errors import DomainError


def needs_consent(consents: Iterable[Consent], today: date, *, until_taken_back: bool = False) -> str:
    """Why a paper that others will read is not printed today; nothing where it is.

    `until_taken_back`: a paper without names waits for no answer, but for a no.
    """
    state = state_of(consents, today, SERVICE)
    is_allowed = state not in TAKEN_BACK if until_taken_back else state == "given"
    return "" if is_allowed else f"利用申込みの同意が「{STATE_LABELS[state]}」のため、刷れません。"


def check_printable(consents: Iterable[Consent], today: date, *, until_taken_back: bool = False) -> None:
    """DomainError where the paper may not be printed."""
    if why := needs_consent(consents, today, until_taken_back=until_taken_back):
        raise DomainError(why, "同意を記録するか、「相談受付票（同意なし）」を使ってください。", "paper-consent", 409)
