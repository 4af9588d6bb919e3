"""Handlers of follow-up."""

from typing import Any

from service.followup.sharing.consent_controllers import Consents
from service.followup.sharing.controllers import Shares
from service.followup.sharing.sounding_controllers import Soundings

FOLLOWUP_HANDLERS: list[Any] = [Consents, Shares, Soundings]
