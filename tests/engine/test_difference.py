"""What changed since the last plan: protects the words a meeting hears about people who were told something else before."""

from __future__ import annotations

from service.matching.engine.explain.difference import Cause, Change, Changed, Known, Places, difference

MONDAY, TUESDAY = (0, 540, 660, 2), (1, 540, 660, 2)


def at(*openings: str, session: tuple[int, int, int, int] = MONDAY) -> Places:
    return {opening: frozenset({session}) for opening in openings}


def only(before: dict[str, Places], after: dict[str, Places], known: Known, person: str = "P") -> Changed:
    (found,) = (each for each in difference(before, after, known) if each.person == person)
    return found


def test_somebody_is_new_moved_left_or_as_before() -> None:
    before = {"A": at("X"), "B": at("X"), "C": at("X"), "D": at("X"), "F": {}}
    after = {"A": at("X"), "B": at("Y"), "C": {}, "D": at("X", session=TUESDAY), "E": at("Z"), "F": {}}
    found = difference(before, after, Known(people="ABCDEF"))
    assert [(each.person, each.change) for each in found] == [
        ("A", Change.SAME),
        ("B", Change.MOVED),
        ("C", Change.LEFT),
        ("D", Change.OTHER_TIME),
        ("E", Change.NEW),
    ]
    assert (found[1].before, found[1].after) == (("X",), ("Y",))


def test_a_place_more_beside_the_old_one_is_a_move_and_keeps_both_named() -> None:
    found = only({"P": at("X")}, {"P": at("X", "Y")}, Known(people="P"))
    assert (found.change, found.before, found.after) == (Change.MOVED, ("X",), ("X", "Y"))


def test_what_somebody_decided_goes_before_every_other_cause() -> None:
    known = Known(people="PQ", pinned={("P", "Y")}, gone={"X"}, waiting={"Q": 9})
    assert only({"P": at("X")}, {"P": at("Y"), "Q": at("X")}, known).cause is Cause.PINNED


def test_somebody_put_there_by_hand_is_named_as_the_cause() -> None:
    known = Known(people="PQ", pinned={("Q", "X")}, waiting={"P": 1, "Q": 9})
    found = only({"P": at("X")}, {"P": {}, "Q": at("X")}, known)
    assert (found.change, found.cause, found.others) == (Change.LEFT, Cause.PINNED, ("Q",))


def test_a_place_that_is_gone_and_a_consent_withdrawn_are_causes() -> None:
    assert only({"P": at("X")}, {}, Known(people="P", gone={"X"})).cause is Cause.PLACE_GONE
    withdrawn = only({"P": at("X")}, {}, Known(withdrawn="P"))
    assert (withdrawn.change, withdrawn.cause) == (Change.GONE, Cause.CONSENT_WITHDRAWN)


def test_somebody_who_is_not_asked_about_this_time_has_not_lost_a_place() -> None:
    found = only({"P": at("X")}, {}, Known(people="Q"))
    assert (found.change, found.cause) == (Change.GONE, Cause.NOT_ASKED)


def test_the_place_went_to_somebody_who_waits_longer() -> None:
    known = Known(people="PQR", waiting={"P": 10, "Q": 40, "R": 5})
    found = only({"P": at("X")}, {"P": {}, "Q": at("X"), "R": at("X")}, known)
    assert (found.cause, found.others) == (Cause.LONGER_WAITING, ("Q",))


def test_who_waits_no_longer_is_no_cause_and_only_said_to_be_there() -> None:
    known = Known(people="PQ", waiting={"P": 10, "Q": 10})
    found = only({"P": at("X")}, {"P": {}, "Q": at("X")}, known)
    assert (found.cause, found.others) == (Cause.TAKEN, ("Q",))


def test_nobody_took_the_place_where_there_is_room_left() -> None:
    known = Known(people="PQ", roomy={"X"}, waiting={"P": 1, "Q": 9})
    assert only({"P": at("X")}, {"P": {}, "Q": at("X")}, known).cause is Cause.UNKNOWN


def test_a_place_that_fits_the_person_no_more_is_not_laid_at_anybody_else_s_door() -> None:
    known = Known(people="PQ", unfit={("P", "X")}, waiting={"P": 1, "Q": 9})
    found = only({"P": at("X")}, {"P": {}, "Q": at("X")}, known)
    assert (found.cause, found.others) == (Cause.NO_LONGER_FITS, ())


def test_what_was_accepted_meanwhile_is_neither_lost_nor_given_up() -> None:
    known = Known(people="PQ", accepted={("P", "X")})
    before, after = {"P": at("X")}, {"Q": at("X")}
    assert only(before, after, known).change is Change.ACCEPTED
    assert only(before, after, known, "Q").cause is Cause.UNKNOWN
    beside = only(before, {"P": at("Y")}, known)
    assert (beside.change, beside.after) == (Change.MOVED, ("X", "Y"))


def test_a_place_somebody_gave_up_is_why_another_has_it() -> None:
    found = only({"Q": at("X")}, {"P": at("X"), "Q": at("Y")}, Known(people="PQ"))
    assert (found.change, found.cause, found.others) == (Change.NEW, Cause.PLACE_FREED, ("Q",))


def test_a_newcomer_is_new_because_they_were_not_there_before() -> None:
    assert only({}, {"P": at("X")}, Known(people="P", newcomers="P")).cause is Cause.NEW_PERSON
    assert only({}, {"P": at("X")}, Known(people="P")).cause is Cause.UNKNOWN
