"""No consent, no match: what may be done instead."""

from dataclasses import dataclass

from service.cases.pages import Heading


@dataclass(frozen=True)
class RefusedView:
    """The page in the place of a match."""

    heading: Heading
    message: str
    remedy: str
