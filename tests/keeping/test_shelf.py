"""Which copies stay and which may go."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from service.keeping.shelf import may_go

NOW = datetime(2026, 11, 28, 3, 0, tzinfo=UTC)


def kept(times: list[datetime]) -> list[datetime]:
    return sorted(set(times) - may_go(times, NOW))


def test_every_copy_of_two_days_stays_then_the_last_of_a_day_then_the_last_of_a_month() -> None:
    quarters = [NOW - timedelta(minutes=15 * at) for at in range(4 * 24 * 60)]
    left = kept(quarters)
    assert len([at for at in left if NOW - at < timedelta(hours=48)]) == 192
    days = [at for at in left if timedelta(hours=48) <= NOW - at < timedelta(days=35)]
    assert len(days) == 33
    assert all((at + timedelta(hours=9)).strftime("%H:%M") == "23:45" for at in days)
    assert len([at for at in left if NOW - at >= timedelta(days=35)]) == 1


@given(st.lists(st.integers(0, 900), min_size=1, max_size=60))
def test_the_newest_always_stays_and_thinning_again_takes_nothing_more(days: list[int]) -> None:
    times = [NOW - timedelta(days=day) for day in days]
    left = kept(times)
    assert max(times) in left
    assert kept(left) == left
