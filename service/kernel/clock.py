"""The one place that asks the machine what time it is; everything else is told."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

TOKYO = ZoneInfo("Asia/Tokyo")


def now_utc() -> datetime:
    """This instant, in UTC."""
    return datetime.now(UTC)


def day_in_japan(instant: datetime) -> date:
    """The calendar day in Japan at that instant."""
    return instant.astimezone(TOKYO).date()
