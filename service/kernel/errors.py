"""Errors a person can act on: what happened, what to do next, and a code for the log."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass
class DomainError(Exception):
    """Something the work does not allow, said in Japanese with the next step."""

    message: str
    remedy: str
    code: str = "domain"
    status: int = 409

    def __str__(self) -> str:
        return f"{self.message}{self.remedy}"


class NotFound(DomainError):
    """Absent, or not for this person to know about: one answer for both."""

    def __init__(self) -> None:
        super().__init__(
            "見つかりませんでした。", "番号や検索のことばを確かめるか、一覧から選び直してください。", "not-found", 404
        )


class Forbidden(DomainError):
    """Visible to this person, but not theirs to change."""

    def __init__(self) -> None:
        super().__init__(
            "この操作をする権限がありません。", "必要なときは、担当者か管理者に依頼してください。", "forbidden", 403
        )


class Conflict(DomainError):
    """Somebody else saved this row while it was open here."""

    def __init__(self) -> None:
        super().__init__("ほかの人が先に保存しました。", "両方の内容を見くらべて、保存し直してください。", "conflict", 409)


@dataclass(frozen=True)
class Missing:
    """One thing that stands in the way, and what to do next."""

    code: str
    message: str
    remedy: str


class Refused(DomainError):
    """Something that cannot be yet, with everything that is missing said at once; `area` begins its codes."""

    area = "refused"

    def __init__(self, missing: Iterable[Missing]) -> None:
        self.missing = tuple(missing)
        said, remedy = "".join(each.message for each in self.missing), "".join(each.remedy for each in self.missing)
        super().__init__(said, remedy, f"{self.area}-{self.missing[0].code}", 409)


def places_of(error: BaseException) -> list[str]:
    """Where in the code a fault came about, for the log: modules and lines, and no value that was at hand there."""
    places, trace = [], error.__traceback__
    while trace:
        places.append(f"{trace.tb_frame.f_globals.get('__name__')}:{trace.tb_lineno}")
        trace = trace.tb_next
    return places[-8:]
