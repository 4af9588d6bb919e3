"""Reading hosts and participants of a scenario file into the facts every match is made of."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, Final, cast

from service.kernel.errors import DomainError
from service.kernel.timetable import SlotProblem, parse_slots
from service.kernel.vocab import Strength, Vocabulary, VocabularyError, check_value
from service.matching.facts import Area, Need, OpeningFacts, PersonFacts, Slot, Status

LEVELS: Final = {"noise": ("quiet", "normal", "lively"), "physical": ("sitting", "standing", "heavy")}
STAFF: Final = {"F": ["F"], "M": ["M"], "FM": ["F", "M"], "MF": ["F", "M"]}


class ScenarioProblem(DomainError):
    """A scenario file that does not keep to the format."""

    def __init__(self, message: str) -> None:
        super().__init__(message, "FORMAT.md に合わせてファイルを直してください。", "scenario", 422)


def _level(key: str) -> Callable[[Any], Any]:
    """1–3 as the vocabulary's words for it."""

    def convert(value: Any) -> Any:
        if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= 3:
            raise ValueError("1・2・3 のどれかにしてください。")
        return LEVELS[key][value - 1]

    return convert


def _same(value: Any) -> Any:
    return value


def _pay(text: Any) -> str:
    """Any text is some pay; which kind only matters to people who ask for more than a thank-you."""
    words = str(text)
    if words == "none":
        return "none"
    for word, kind in (("賃金", "wage"), ("工賃", "piece")):
        if word in words:
            return kind
    return "stipend" if "/h" in words or "応援金" in words else "thanks"


def _smell(value: Any) -> str:
    return "some" if _ticked(value) else "none"


def _staff(value: Any) -> list[str]:
    if str(value) not in STAFF:
        raise ValueError("F・M・FM のどれかにしてください。")
    return STAFF[str(value)]


def _ticked(value: Any) -> Any:
    if not isinstance(value, bool):
        raise TypeError("true か false にしてください。")
    return True if value else None


def _must_be_outside(remote_ok: Any) -> Any:
    return _ticked(not remote_ok if isinstance(remote_ok, bool) else remote_ok)


# Key in the file → attribute, and how its value is written here.
HOST_KEYS: Final[Mapping[str, tuple[str, Callable[[Any], Any]]]] = {
    "min_minutes": ("session", _same),
    "min_days": ("frequency", _same),
    "age": ("age", _same),
    "gender": ("gender", _same),
    "noise": ("noise", _level("noise")),
    "people": ("crowd", _same),
    "physical": ("physical", _level("physical")),
    "customer": ("customer", _same),
    "money": ("money", _same),
    "step_free": ("step_free", _same),
    "acc_toilet": ("toilet", _same),
    "mid_leave": ("mid_leave", _same),
    "watch": ("watch", _same),
    "animals": ("animals", _same),
    "smoke": ("smoke", _same),
    "chem": ("scent", _smell),
    "pay": ("pay", _pay),
    "cost": ("cost", _same),
    "exp": ("experience", _same),
    "staff": ("staff", _staff),
    "comm": ("comm", _same),
    "pickup_km": ("travel", _same),
    "remote": ("remote", _same),
    "work": ("work", _same),
}
PERSON_KEYS: Final[Mapping[str, tuple[str, Callable[[Any], Any]]]] = {
    "max_session": ("session", _same),
    "max_days": ("frequency", _same),
    "noise_max": ("noise", _level("noise")),
    "people_max": ("crowd", _same),
    "physical_max": ("physical", _level("physical")),
    "no_customer": ("customer", _ticked),
    "no_money": ("money", _ticked),
    "wheelchair": ("step_free", _ticked),
    "acc_toilet": ("toilet", _ticked),
    "mid_leave": ("mid_leave", _ticked),
    "watch": ("watch", _ticked),
    "no_animals": ("animals", _ticked),
    "smoke_free": ("smoke", _ticked),
    "chem_free": ("scent", _ticked),
    "staff_female": ("staff", lambda value: ["F"] if _ticked(value) else None),
    "no_male_space": ("no_male", _ticked),
    "paid_required": ("pay", lambda value: "thanks" if _ticked(value) else None),
    "exp_any": ("experience", _same),
    "comm_any": ("comm", _same),
    "cost_max": ("cost", _same),
    "remote_ok": ("remote", _must_be_outside),
}


def read_host(host: Any, place: int, vocabulary: Vocabulary, day: date) -> OpeningFacts:
    """One host of the file as an opening confirmed on `day`; ScenarioProblem names the host and the key."""
    where = f"hosts[{place}]"
    row = _row(host, where)
    id_ = _text(row, "id", where)
    if not id_:
        raise ScenarioProblem(f"{where} に id がありません。")
    where = f"hosts {id_}"
    values = {
        attribute: _read(where, key, vocabulary[attribute].host, row[key], convert)
        for key, (attribute, convert) in HOST_KEYS.items()
        if row.get(key) is not None
    }
    return OpeningFacts(
        id=id_,
        host_id=id_,
        name=_text(row, "name", where),
        kind=_text(row, "type", where),
        text=_text(row, "act", where),
        values=values,
        slots=_slots(row, "slots", where),
        lat=_degrees(row, "lat", where, 90),
        lon=_degrees(row, "lon", where, 180),
        free=_whole(row, "free", where),
        status=_status(row, where),
        confirmed_on=day,
        linked=_ids(row, "persons", where),
    )


def read_person(participant: Any, id_: str, vocabulary: Vocabulary) -> PersonFacts:
    """One participant of the file; every need is 必須 and consent is given."""
    where = f"participants {id_}"
    row = _row(participant, where)
    values = {
        attribute: _read(where, key, vocabulary[attribute].person, row[key], convert)
        for key, (attribute, convert) in PERSON_KEYS.items()
        if row.get(key) is not None
    }
    windows = _slots(row, "windows", where)
    if windows is not None:
        values["time"] = tuple((s.weekday, s.start_min or 0, 24 * 60 if s.end_min is None else s.end_min) for s in windows)
    travel = {"modes": row.get("modes"), "max_min": row.get("max_travel")}
    values["travel"] = _read(where, "modes・max_travel", vocabulary["travel"].person, travel, _same)
    gender = row.get("gender")
    return PersonFacts(
        consented=True,
        age=_whole(row, "age", where),
        gender=None if gender is None else str(gender),
        lat=_degrees(row, "lat", where, 90),
        lon=_degrees(row, "lon", where, 180),
        needs={key: Need(value, Strength.HARD) for key, value in values.items() if value is not None},
        avoid_persons=_ids(row, "avoid_persons", where),
        avoid_hosts=_ids(row, "avoid_hosts", where),
        avoid_areas=_areas(row, where),
    )


def _row(value: Any, where: str) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise ScenarioProblem(f"{where} の形が FORMAT と違います。")
    return value


def _read(where: str, key: str, side: Any, value: Any, convert: Callable[[Any], Any]) -> Any:
    try:
        return check_value(side, convert(value), key)
    except VocabularyError as problem:
        raise ScenarioProblem(f"{where}: {problem}") from problem
    except (TypeError, ValueError) as problem:
        raise ScenarioProblem(f"{where} の「{key}」: {problem}") from problem


def _text(row: Mapping[str, Any], key: str, where: str) -> str:
    value = row.get(key)
    if isinstance(value, dict | list):
        raise ScenarioProblem(f"{where} の「{key}」は文字にしてください。")
    return "" if value is None else str(value)


def _whole(row: Mapping[str, Any], key: str, where: str) -> int | None:
    value = row.get(key)
    if value is not None and (isinstance(value, bool) or not isinstance(value, int) or abs(value) > 1_000_000):
        raise ScenarioProblem(f"{where} の「{key}」は整数にしてください。")
    return value


def _degrees(row: Mapping[str, Any], key: str, where: str, limit: int) -> float | None:
    value = row.get(key)
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if value is not None and not (is_number and -limit <= value <= limit):
        raise ScenarioProblem(f"{where} の「{key}」は緯度・経度（度）にしてください。")
    return None if value is None else float(value)


def _slots(row: Mapping[str, Any], key: str, where: str) -> tuple[Slot, ...] | None:
    text = row.get(key)
    if text is None:
        return None
    if not isinstance(text, str):
        raise ScenarioProblem(f"{where} の「{key}」は「月水金 13:00-16:00」のような文字にしてください。")
    try:
        return parse_slots(text) if text.strip() else ()
    except SlotProblem as problem:
        raise ScenarioProblem(f"{where} の「{key}」: {problem}") from problem


def _status(row: Mapping[str, Any], where: str) -> Status:
    status = row.get("status") or "open"
    if status not in ("open", "limited", "paused", "full", "ended"):
        raise ScenarioProblem(f"{where} の「status」は open か paused にしてください。")
    return cast(Status, status)


def _ids(row: Mapping[str, Any], key: str, where: str) -> frozenset[str]:
    listed = [] if row.get(key) is None else row[key]
    if not isinstance(listed, list) or any(isinstance(item, dict | list) for item in listed):
        raise ScenarioProblem(f"{where} の「{key}」は id の一覧にしてください。")
    return frozenset(str(item) for item in listed)


def _areas(row: Mapping[str, Any], where: str) -> tuple[Area, ...]:
    listed = row.get("avoid_zones")
    try:
        return tuple(Area(float(lat), float(lon), float(km)) for lat, lon, km in listed or ())
    except (TypeError, ValueError) as problem:
        raise ScenarioProblem(f"{where} の「avoid_zones」は [[緯度, 経度, km]] にしてください。") from problem
