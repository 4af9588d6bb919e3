"""The feed as other programs read it, and what is understood of theirs."""

from datetime import UTC, date, datetime, timedelta

import icalendar
import pytest
import recurring_ical_events

from service.followup.feeds.busy import read_busy
from service.followup.feeds.ics import CANCELLED, CONFIRMED, TENTATIVE, Entry, write_feed
from service.kernel.errors import DomainError

NOW = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
FIRST, LAST = date(2026, 11, 24), date(2027, 1, 31)
ENTRY = Entry("a@149993.tsunagi", 3, "受け入れ先訪問 R8-012", date(2026, 12, 1), 810, 45, CONFIRMED, NOW)


def read_back(entries: list[Entry]) -> icalendar.Calendar:
    """The feed as a second library understands it."""
    return icalendar.Calendar.from_ical(write_feed(entries, "つなぎ"))


def a_file(*lines: str) -> bytes:
    """A calendar of somebody else's with these lines inside."""
    return "\r\n".join(("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:x", *lines, "END:VCALENDAR", "")).encode()


def an_event(*lines: str) -> tuple[str, ...]:
    return ("BEGIN:VEVENT", *lines, "END:VEVENT")


def test_a_second_library_reads_the_hour_in_japan_with_its_time_zone() -> None:
    calendar = read_back([ENTRY])
    (event,) = recurring_ical_events.of(calendar).between(FIRST, LAST)
    assert event.start.astimezone(UTC) == datetime(2026, 12, 1, 4, 30, tzinfo=UTC)
    assert event.end - event.start == timedelta(minutes=45)
    assert [str(zone["tzid"]) for zone in calendar.walk("VTIMEZONE")] == ["Asia/Tokyo"]
    assert (str(event["uid"]), event["sequence"], str(event["status"]), str(event["class"])) == (
        "a@149993.tsunagi",
        3,
        "CONFIRMED",
        "PRIVATE",
    )


@pytest.mark.parametrize(("status", "blocks"), [(TENTATIVE, "OPAQUE"), (CONFIRMED, "OPAQUE"), (CANCELLED, "TRANSPARENT")])
def test_what_was_cancelled_takes_no_time_any_more(status: str, blocks: str) -> None:
    (event,) = read_back([Entry(**{**vars(ENTRY), "status": status})]).walk("VEVENT")
    assert (str(event["status"]), str(event["transp"])) == (status, blocks)


def test_something_without_an_hour_stands_on_its_day() -> None:
    (event,) = read_back([Entry(**{**vars(ENTRY), "start_min": None})]).walk("VEVENT")
    assert event.start == date(2026, 12, 1)


def test_repeating_times_are_unfolded_without_the_exceptions() -> None:
    read = read_busy(
        a_file(
            *an_event(
                "UID:1",
                "SUMMARY:ないしょ",
                "DTSTART;TZID=Asia/Tokyo:20261201T100000",
                "DTEND;TZID=Asia/Tokyo:20261201T110000",
                "RRULE:FREQ=WEEKLY;COUNT=4",
                "EXDATE;TZID=Asia/Tokyo:20261208T100000",
            )
        ),
        FIRST,
        LAST,
    )
    assert [block.start_at.day for block in read.blocks] == [1, 15, 22]
    assert read.blocks[0].start_at == datetime(2026, 12, 1, 1, 0, tzinfo=UTC)
    assert "ないしょ" not in repr(read)


def test_one_that_cannot_be_read_is_listed_and_the_others_are_kept() -> None:
    good = an_event("UID:good", "DTSTART:20261204T000000Z", "DURATION:PT1H")
    bad = an_event("UID:bad", "DTSTART:2026120XT100000")
    dense = an_event("UID:dense", "DTSTART:20261204T000000Z", "DTEND:20261204T000100Z", "RRULE:FREQ=SECONDLY")
    read = read_busy(a_file(*bad, *good, *dense), FIRST, LAST)
    assert [block.uid for block in read.blocks] == ["good"]
    assert [each.number for each in read.unread] == [1, 3]
    assert all(each.reason and each.remedy for each in read.unread)


def test_free_and_cancelled_times_do_not_block() -> None:
    free = an_event("UID:f", "DTSTART:20261204T000000Z", "DURATION:PT1H", "TRANSP:TRANSPARENT")
    gone = an_event("UID:g", "DTSTART:20261204T000000Z", "DURATION:PT1H", "STATUS:CANCELLED")
    assert read_busy(a_file(*free, *gone), FIRST, LAST).blocks == ()


@pytest.mark.parametrize("content", [b"", b"hello", b"\x00\xff" * 100, b"%PDF-1.7"])
def test_what_is_no_calendar_is_refused_with_words(content: bytes) -> None:
    with pytest.raises(DomainError, match=r"\.ics"):
        read_busy(content, FIRST, LAST)
