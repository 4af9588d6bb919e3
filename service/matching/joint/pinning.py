"""What is decided before a run is asked again: what was decided before, lines held, lines left aside."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from service.matching.joint.asking import Pin, PinKind
from service.matching.joint.models import JointLine
from service.matching.joint.service import RunView
from service.matching.joint.stored import times_of


def pins_again(view: RunView, kept: Iterable[Pin], held: Collection[str]) -> tuple[Pin, ...]:
    """Decisions kept from before or newly made, the ticked lines as they are, and never again what was declined.

    A later decision about a pair takes the place of an earlier one.
    """
    pins: dict[tuple[str, str], Pin] = {}
    for pin in (*kept, *_declined(view.lines), *_held(view.lines, held)):
        pins[pin.person_id, pin.opening_id] = pin
    return tuple(pins.values())


def _declined(lines: Sequence[JointLine]) -> Iterable[Pin]:
    return (Pin(PinKind.FORBIDDEN, line.person_id, line.opening_id) for line in lines if line.declined_at is not None)


def _held(lines: Sequence[JointLine], held: Collection[str]) -> Iterable[Pin]:
    for line in lines:
        if line.id in held and line.accepted_at is None:
            times = times_of(line.sessions)
            first = times[0] if len(times) == 1 else None
            yield Pin(
                PinKind.FORCED,
                line.person_id,
                line.opening_id,
                first.weekday if first else None,
                first.start_min if first else None,
            )
