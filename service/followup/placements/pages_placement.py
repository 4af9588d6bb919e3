"""What the page of one placement shows: where it is, what to do next, what is still missing, and how it came here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from service.accounts.roles import EDIT_PLACEMENTS
from service.cases.access import is_on_case, may_change
from service.cases.course.flow import OVER
from service.cases.models import Placement
from service.cases.pages import Heading, heading_of
from service.followup.placements.acts import STEP_OF, Act, Standpoint, acts_of, back_steps, label_of
from service.followup.placements.asking import usual_channel
from service.followup.placements.capacity import slots_with_room
from service.followup.placements.choices import Offered, form_for
from service.followup.placements.elsewhere import Elsewhere
from service.followup.placements.gathering import CARRIED, InHand, check_ins_of, facts_of
from service.followup.placements.guards import Facts, held_for_a_while, missing_for
from service.followup.placements.ladder import ATTENDING, FINAL, UPWARD, Ladder, Step
from service.followup.placements.models import ANSWERED, ANSWERS, OPEN
from service.followup.placements.story import Past, say_word, tell
from service.followup.placements.wording import say_deadline, say_reserved, say_since
from service.kernel.clock import day_in_japan
from service.kernel.dates import format_wareki_short, say_instant
from service.kernel.errors import Missing
from service.matching.facts import ConsentMissing
from service.matching.joint.pages_words import say_times
from service.matching.service import ask_for, match
from service.matching.sounding import word_sounding
from service.web.call import Call
from service.web.forms import Form, Posted

ASKED_BY_FORM: Final = frozenset({"emergency", "costs", "person-wants", "host-accepts", "times", "insurance"})
"""What the form of the step itself asks: said only after it was sent without."""
FIXES: Final = {
    "consent": ("同意を記録する", "/people/{person}"),
    "meeting": ("経過の画面へ", "/people/{person}/course"),
    "guardian": ("同意を記録する", "/people/{person}"),
    "share": ("伝えてよいことを決める", "/people/{person}/share/{host}"),
    "assessment": ("受け入れ先の画面へ", "/hosts/{host}"),
    "insurance": ("受け入れ先の画面へ", "/hosts/{host}"),
    "host-answer": ("返事を記録する", "/placements/{id}?act=answer#act"),
    "two-contacts": ("確認を記録する", "/placements/{id}?act=contact#act"),
    "offers": ("この方の打診・紹介", "/people/{person}/placements"),
    "paused": ("ほかの所を探す", "/people/{person}/match"),
    "cooling": ("ほかの所を探す", "/people/{person}/match"),
    "no-room": ("ほかの所を探す", "/people/{person}/match"),
}


@dataclass(frozen=True)
class Lack:
    """One thing that is missing, what to do, and where."""

    message: str
    remedy: str
    link: tuple[str, str] | None


@dataclass(frozen=True)
class Sent:
    """A form that came back: what was typed, and why it could not be kept."""

    act: Act
    posted: Posted
    form: Form
    problem: str = ""
    missing: tuple[Missing, ...] = ()
    is_conflict: bool = False
    elsewhere: tuple[Elsewhere, ...] = ()


@dataclass(frozen=True)
class PlacementView:
    """The page."""

    heading: Heading
    id: str
    host_id: str
    place: str
    step: str
    since: str
    warnings: tuple[str, ...]
    steps: tuple[tuple[str, str], ...]
    facts: tuple[tuple[str, str | None], ...]
    act: str
    act_label: str
    form: Form | None
    others: tuple[tuple[str, str], ...]
    sounding: str
    lacks: tuple[Lack, ...]
    is_refused: bool
    problem: str
    conflict: tuple[tuple[str, str, str], ...]
    who: str
    at: str
    elsewhere: tuple[Elsewhere, ...]
    story: tuple[tuple[str, str, str], ...]
    unseen: tuple[tuple[str, str, str], ...]
    may_change: bool
    version: int
    once: str


def standpoint(hand: InHand, past: Past) -> Standpoint:
    """Where the placement is, as far as its buttons depend on it."""
    answered = [each for each in past.soundings if each.state == ANSWERED]
    facts = Facts(check_ins=check_ins_of(past.contacts))
    return Standpoint(
        step=hand.placement.step,
        before_hold=hand.placement.before_hold,
        host_answer=max(answered, key=lambda each: (each.answered_at, each.id)).answer if answered else "",
        waits_for_host=any(each.state == OPEN for each in past.soundings),
        waits_for_person=any(each.answer == "" for each in past.offers),
        contacts=len(past.contacts),
        is_held=not list(held_for_a_while(facts, hand.ladder)),
        is_asked=any(each.answered_at is None for each in past.questions),
    )


def offered_of(hand: InHand, past: Past, call: Call) -> Offered:
    """What the forms of this placement offer."""
    ticked = {name: True for move in past.moves for name in CARRIED if move.facts.get(name)}
    today = day_in_japan(call.now)
    return Offered(
        hand.ladder,
        slots_with_room(hand.opening, hand.placement, hand.standings, today),
        [(each.weekday, each.start_min) for each in hand.placement.sessions],
        back_steps(hand.ladder, standpoint(hand, past)),
        ticked,
        today,
        usual_channel(call.session, hand.host, call.town),
    )


def placement_view(call: Call, hand: InHand, past: Past, wanted: str, once: str, sent: Sent | None = None) -> PlacementView:
    """The page as it stands, or with a form that came back."""
    at, today, placement, ladder = standpoint(hand, past), day_in_japan(call.now), hand.placement, hand.ladder
    change = may_change(call.actor, hand.case) and EDIT_PLACEMENTS.allows(call.actor)
    acts = _acts(call, hand, at)
    act = sent.act if sent else next((each for each in acts if each == wanted), acts[0] if acts else None)
    missing = sent.missing if sent else _missing_ahead(call, hand, past, act)
    last = max(past.moves, key=lambda move: (move.at, move.id), default=None)
    return PlacementView(
        heading=heading_of(hand.case, hand.person, today),
        id=placement.id,
        host_id=hand.host.id,
        place="　".join(dict.fromkeys((hand.host.name, hand.opening.title))),
        step=ladder.label(placement.step),
        since=say_since(placement.since, today),
        warnings=_warnings(placement, today),
        steps=_steps(hand),
        facts=_facts(hand, past, call),
        act=act or "",
        act_label=label_of(act, ladder) if act else "",
        form=sent.form if sent else form_for(act, offered_of(hand, past, call)) if act else None,
        others=tuple((each, label_of(each, ladder)) for each in acts if each != act),
        sounding=_sounding(call, hand) if act is Act.SOUND else "",
        lacks=tuple(_lack(each, hand) for each in missing),
        is_refused=bool(sent and sent.missing),
        problem=sent.problem if sent else "",
        conflict=_conflict(sent, placement, ladder),
        who=last.by if last else placement.recorded_by,
        at=say_instant(last.at) if last else "",
        elsewhere=sent.elsewhere if sent else (),
        story=tell(placement, past, ladder),
        unseen=tuple((say_instant(each.at), each.by, say_word(each)) for each in past.words if each.seen_at is None),
        may_change=change,
        version=placement.version,
        once=once,
    )


def _acts(call: Call, hand: InHand, at: Standpoint) -> tuple[Act, ...]:
    """What this actor may do with it; once the case is over, only to bring it to its own end."""
    if not (is_on_case(call.actor, hand.case) and EDIT_PLACEMENTS.allows(call.actor)):
        return ()
    is_over = hand.case.status in OVER
    return tuple(act for act in acts_of(hand.ladder, at) if not is_over or STEP_OF.get(act) in FINAL)


def _warnings(placement: Placement, today: date) -> tuple[str, ...]:
    told = say_deadline(placement.deadline_on, today), say_reserved(placement.reserved_until, today)
    return tuple(said for said in told if said)


def _conflict(sent: Sent | None, placement: Placement, ladder: Ladder) -> tuple[tuple[str, str, str], ...]:
    """The step as a colleague has left it, beside what was meant here."""
    if sent is None or not sent.is_conflict:
        return ()
    return (("段", ladder.label(placement.step), label_of(sent.act, ladder)),)


def _missing_ahead(call: Call, hand: InHand, past: Past, act: Act | None) -> Sequence[Missing]:
    """What the form will not ask and the guards will: said before anything is typed."""
    if act is None or STEP_OF.get(act) not in UPWARD:
        return ()
    today, to = day_in_japan(call.now), STEP_OF[act]
    ticked = {name: True for move in past.moves for name in CARRIED if move.facts.get(name)}
    found = missing_for(to, facts_of(call.session, hand, to, ticked, today), hand.ladder)
    return [each for each in found if each.code not in ASKED_BY_FORM]


def _lack(missing: Missing, hand: InHand) -> Lack:
    fix = FIXES.get(missing.code)
    ids = {"person": hand.person.id, "host": hand.host.id, "id": hand.placement.id}
    return Lack(missing.message, missing.remedy, (fix[0], fix[1].format(**ids)) if fix else None)


def _steps(hand: InHand) -> tuple[tuple[str, str], ...]:
    step = hand.placement.before_hold or hand.placement.step
    here = UPWARD.index(Step(step)) if step in UPWARD else -1
    used = [(n, each) for n, each in enumerate(UPWARD) if hand.ladder.rule(each).is_used or n == here]
    return tuple((hand.ladder.label(each), "done" if n < here else "now" if n == here else "next") for n, each in used)


def _facts(hand: InHand, past: Past, call: Call) -> tuple[tuple[str, str | None], ...]:
    today, placement = day_in_japan(call.now), hand.placement
    answered = [each for each in past.soundings if each.state == ANSWERED]
    last = max(answered, key=lambda each: (each.answered_at, each.id), default=None)
    share = hand.share(today)
    found: list[tuple[str, str | None]] = [
        ("受け入れ先の返事", f"{ANSWERS[last.answer]}　{last.conditions}".strip() if last else "まだ"),
        ("伝えることへの同意", "あり" if share else "まだ"),
        ("通う曜日・時間", _say_times(hand) or "決めていません"),
    ]
    if placement.started_on:
        found.append(("利用開始の日", format_wareki_short(placement.started_on)))
    if placement.reserved_until and placement.step not in ATTENDING:
        found.append(("枠の押さえ", f"{format_wareki_short(placement.reserved_until)}まで"))
    return tuple(found)


def _say_times(hand: InHand) -> str:
    return say_times(hand.own.sessions) if hand.own else ""


def _sounding(call: Call, hand: InHand) -> str:
    try:
        return word_sounding(match(ask_for(call.session, call.town, call.actor, hand.person.id, call.now))).text
    except ConsentMissing:
        return ""
