"""資源の不足: what the town lacks."""

from dataclasses import dataclass
from typing import Any

from litestar import Controller, Request, Response, get
from litestar.di import NamedDependency

from service.accounts.roles import READ_CATALOGUE
from service.kernel.vocab import Vocabulary
from service.resources.gaps import GAP_STATUS, list_gaps
from service.resources.models import ResourceGap
from service.resources.vocabulary import current_vocabulary
from service.resources.words import say_instant
from service.web.call import Call
from service.web.page import render

AnyRequest = Request[Any, Any, Any]


@dataclass(frozen=True)
class GapLine:
    """One unmet need, without a name."""

    at: str
    by: str
    condition: str
    summary: str
    age_band: str
    district: str
    status: str


@dataclass(frozen=True)
class GapsView:
    """The whole list."""

    lines: tuple[GapLine, ...]


class Gaps(Controller):
    """What no place in town could meet."""

    @get("/gaps", perm=READ_CATALOGUE, sync_to_thread=True)
    def show(self, call: NamedDependency[Call]) -> Response[str]:
        """The list, newest first."""
        vocabulary = current_vocabulary(call.session)
        view = GapsView(tuple(_line(gap, vocabulary) for gap in list_gaps(call.session)))
        return render(call.request, "resources/gaps.html", "資源の不足", view)


def _line(gap: ResourceGap, vocabulary: Vocabulary) -> GapLine:
    return GapLine(
        at=say_instant(gap.recorded_at), by=gap.recorded_by, condition=say_code(gap.code, vocabulary), summary=gap.summary,
        age_band=gap.age_band, district=gap.district, status=GAP_STATUS.get(gap.status, gap.status),
    )  # fmt: skip


def say_code(code: str, vocabulary: Vocabulary) -> str:
    """The conditions behind a reason code, in words."""
    return "・".join(attribute.label for attribute in vocabulary.of_code(code)[:3]) or code
