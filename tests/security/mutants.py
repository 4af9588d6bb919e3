"""Faults put into our own code on purpose: each breaks one promise, and the programs have to find it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

import pytest
from sqlalchemy.orm import Session

from service.cases.models import Consent
from service.cases.placements import Standing
from service.cases.sharing import Share, share_with
from service.followup.placements import moving
from service.followup.placements.guards import missing_for
from service.followup.sharing import withdrawing
from service.host_face import agreed, openings
from service.kernel.db import Database

Plant = Callable[[pytest.MonkeyPatch], None]


def does_nothing(*_: Any, **__: Any) -> None:
    return None


def a_start_takes_no_place(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(moving, "take_place", does_nothing)


def an_end_gives_no_place_back(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(moving, "give_back", does_nothing)


def a_held_place_is_given_to_others(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Standing, "reserves", lambda self, today: False)


def a_host_may_go_below_what_it_promised(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(openings, "check_room", does_nothing)


def a_consent_taken_back_still_tells(patch: pytest.MonkeyPatch) -> None:
    def told(consents: list[Consent], host_id: str, today: date) -> Share | None:
        return share_with([each for each in consents if each.state == "given"], host_id, today)

    patch.setattr(agreed, "share_with", told)


def a_consent_tells_past_its_day(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(agreed, "share_with", lambda consents, host_id, today: share_with(consents, host_id, date.min))


def a_withdrawal_stops_nothing(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(withdrawing, "stop_at", does_nothing)


def questions_stay_open(patch: pytest.MonkeyPatch) -> None:
    for room in (moving, withdrawing):
        patch.setattr(room, "void_soundings", does_nothing)


def messages_still_leave(patch: pytest.MonkeyPatch) -> None:
    for room in (moving, withdrawing):
        patch.setattr(room, "cancel_about", does_nothing)


def a_visit_needs_no_word_of_the_person(patch: pytest.MonkeyPatch) -> None:
    def missing(*asked: Any) -> tuple[Any, ...]:
        return tuple(each for each in missing_for(*asked) if each.code != "share")

    patch.setattr(moving, "missing_for", missing)


def what_was_cut_off_is_kept(patch: pytest.MonkeyPatch) -> None:
    @contextmanager
    def write(self: Database, **info: Any) -> Iterator[Session]:
        session = Session(self.writing, expire_on_commit=False, info=info)
        try:
            yield session
        finally:
            session.commit()
            session.close()

    patch.setattr(Database, "write", write)


MUTANTS: tuple[Plant, ...] = (
    a_start_takes_no_place,
    an_end_gives_no_place_back,
    a_held_place_is_given_to_others,
    a_host_may_go_below_what_it_promised,
    a_consent_taken_back_still_tells,
    a_consent_tells_past_its_day,
    a_withdrawal_stops_nothing,
    questions_stay_open,
    messages_still_leave,
    a_visit_needs_no_word_of_the_person,
    what_was_cut_off_is_kept,
)
