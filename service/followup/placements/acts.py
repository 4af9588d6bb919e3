"""What can be done with a placement as it stands, the next thing first: the buttons of the board and of the page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from service.followup.placements.ladder import ATTENDING, UPWARD, Ladder, Step


class Act(StrEnum):
    """One thing somebody does about a placement."""

    SOUND = "sound"
    ANSWER = "answer"
    OFFER = "offer"
    REPLY = "reply"
    VISIT = "visit"
    TRIAL = "trial"
    START = "start"
    SETTLE = "settle"
    STABLE = "stable"
    CONTACT = "contact"
    GOING = "going"
    RESUME = "resume"
    HOLD = "hold"
    BACK = "back"
    DECLINE = "decline"
    END = "end"


STEP_OF: Final[Mapping[Act, Step]] = {
    Act.SOUND: Step.SOUNDED,
    Act.OFFER: Step.OFFERED,
    Act.VISIT: Step.VISIT,
    Act.TRIAL: Step.TRIAL,
    Act.START: Step.STARTED,
    Act.SETTLE: Step.SETTLING,
    Act.STABLE: Step.STABLE,
    Act.HOLD: Step.ON_HOLD,
    Act.DECLINE: Step.DECLINED,
    Act.END: Step.ENDED,
}
"""The step each of these leads to; the others record something, or say themselves where they lead."""
_ACT_OF: Final = {step: act for act, step in STEP_OF.items()}
_SAID: Final[Mapping[Act, str]] = {
    Act.SOUND: "打診する",
    Act.ANSWER: "返事を記録する",
    Act.OFFER: "本人に示す",
    Act.REPLY: "本人の返事を記録する",
    Act.CONTACT: "両方に確かめて記録する",
    Act.GOING: "「まだ続いていますか」に答える",
    Act.RESUME: "再開する",
    Act.HOLD: "お休みにする",
    Act.BACK: "前の段に戻す",
    Act.DECLINE: "見送りにする",
    Act.END: "終わりにする",
}


@dataclass(frozen=True)
class Standpoint:
    """Where a placement is, as far as its buttons depend on it."""

    step: str
    before_hold: str = ""
    host_answer: str = ""
    waits_for_host: bool = False
    waits_for_person: bool = False
    contacts: int = 0
    is_held: bool = False
    """Two good talks, far enough apart: it may be called 定着."""
    is_asked: bool = False
    """Somebody has been asked whether it is still going on."""


def label_of(act: Act, ladder: Ladder) -> str:
    """What the button says; steps are called as the town calls them."""
    return _SAID.get(act) or f"「{ladder.label(STEP_OF[act])}」に進む"


def acts_of(ladder: Ladder, at: Standpoint) -> tuple[Act, ...]:
    """Everything that can be done from here, the next thing first."""
    found = list(dict.fromkeys((*_records(at), *_moves(ladder, at))))
    first = next_act(ladder, at)
    return (first, *(act for act in found if act is not first)) if first else ()


def next_act(ladder: Ladder, at: Standpoint) -> Act | None:
    """The one thing to do next; None when it is over."""
    if at.is_asked:
        return Act.GOING
    if at.step == Step.ON_HOLD:
        return Act.RESUME
    if at.step == Step.SOUNDED:
        return _after_sounding(at)
    if at.step == Step.OFFERED and at.waits_for_person:
        return Act.REPLY
    if at.step in ATTENDING and not _is_ready(at):
        return Act.CONTACT
    following = ladder.next_step(at.step)
    return _ACT_OF[following] if following else Act.CONTACT if at.step in ATTENDING else None


def back_steps(ladder: Ladder, at: Standpoint) -> tuple[Step, ...]:
    """The steps one can go back to, the nearest first."""
    if at.step not in UPWARD:
        return ()
    here = UPWARD.index(Step(at.step))
    return tuple(step for step in ladder.moves_from(at.step) if step in UPWARD and UPWARD.index(step) < here)


def _after_sounding(at: Standpoint) -> Act:
    if at.waits_for_host:
        return Act.ANSWER
    # A question that was taken back is asked anew from 候補; a host that cannot is let go.
    return {"no": Act.DECLINE, "": Act.BACK}.get(at.host_answer, Act.OFFER)


def _is_ready(at: Standpoint) -> bool:
    return at.is_held if at.step == Step.SETTLING else at.step == Step.STARTED and at.contacts > 0


def _records(at: Standpoint) -> Iterator[Act]:
    if at.is_asked:
        yield Act.GOING
    if at.waits_for_host:
        yield Act.ANSWER
    if at.step == Step.OFFERED and at.waits_for_person:
        yield Act.REPLY
    if at.step in ATTENDING:
        yield Act.CONTACT


def _moves(ladder: Ladder, at: Standpoint) -> Iterator[Act]:
    back = back_steps(ladder, at)
    for step in ladder.moves_from(at.step, at.before_hold):
        if at.step == Step.ON_HOLD and step == at.before_hold:
            yield Act.RESUME
        elif step in back:
            yield Act.BACK
        elif step in _ACT_OF:
            yield _ACT_OF[step]
