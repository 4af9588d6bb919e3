"""One proposal as of now: the run's own gathering and the same independent check, for one person and one opening."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from service.cases.access import read_for_match
from service.cases.consent import STATE_LABELS, state_of
from service.cases.models import Person, SupportCase
from service.cases.placements import SessionTime, Standing, avoid_pairs, live_placements, standing_of
from service.matching.bands import Band
from service.matching.engine.problem import NO_LIMIT, Problem
from service.matching.engine.rule import Rule
from service.matching.engine.solution import Plan
from service.matching.engine.verify import check
from service.matching.explain import explain
from service.matching.gather import LoadedCatalogue, load_catalogue, person_facts
from service.matching.joint.asking import JointAsk, OpeningFilter, PeopleFilter, RunSettings
from service.matching.joint.gather import build, scope_for
from service.matching.joint.people import CLOSED, chosen_person
from service.matching.joint.stored import stored_plan
from service.matching.verdict import evaluate
from service.web.actor import Actor, Town

REFUSED_BY = {
    Rule.FREE: "空きがなくなっています（ほかの人の候補に決まったか、受け入れ先の空きが減りました）",
    Rule.PLACES: "この曜日の枠の人数が、いっぱいになっています",
    Rule.HIGH_SUPPORT: "見守りの要る人を、この時間にこれ以上受けられません",
    Rule.NEW_STARTS: "受け入れ先が1週間に迎えられる新しい人の数に達しています",
    Rule.ACCOMPANY: "この半日に同行できる職員が、もういません",
    Rule.COORDINATOR: "担当が新しく紹介できる人数に達しています",
    Rule.TIMES: "本人のほかの予定（決まっている場所）と時間が重なるか、移動が間に合いません",
    Rule.DEMAND: "本人の週の日数の上限を超えます",
    Rule.FORBIDDEN: "世帯の「同じ所に・別の所に」という設定に合いません",
    Rule.LEAST_DAYS: "受け入れ先の求める週の日数に足りません",
}
APART = "同席を避ける設定があります"
TIME_GONE = "この曜日・時間が、いまは使えません"
MANY = 7


@dataclass(frozen=True)
class Proposal:
    """Who, where, when; `may_ask` = 要確認 is good enough."""

    person_id: str
    opening_id: str
    times: tuple[SessionTime, ...]
    may_ask: bool


@dataclass(frozen=True)
class Present:
    """What stands in the way now, and the facts to compare with those of the run."""

    refusals: tuple[str, ...]
    free: int | None = None
    points: int = 0
    minutes: int | None = None
    asks: bool = False
    others: int = 0

    def changes(self, *, free: int | None, points: int, minutes: int | None, asks: bool) -> Iterator[str]:
        """What is different and does not matter, in words."""
        if self.free != free:
            yield f"空きが、計算のときの{_count(free)}から{_count(self.free)}に変わっています（まだ入れます）"
        if self.points != points:
            yield f"希望に合う点が{points}から{self.points}に変わっています"
        if self.minutes != minutes:
            yield f"片道のめやすが{_minutes(minutes)}から{_minutes(self.minutes)}に変わっています"
        if self.asks != asks:
            yield (
                "要確認だったことが確かめられ、適合になっています" if asks else "確かめることができて、要確認になっています"
            )
        if self.others:
            yield f"この人には、ほかに{self.others}か所の候補か利用があります"


def look_again(session: Session, town: Town, actor: Actor, proposal: Proposal, today: date) -> Present:
    """The proposal against the state of this moment."""
    case, person = read_for_match(session, town, actor, proposal.person_id)
    loaded, everybody = load_catalogue(session, town), live_placements(session)
    standings = standing_of(everybody, person.id)
    if early := tuple(_before_anything(case, person, standings, proposal, today)):
        return Present(early)
    if refused := tuple(_conditions(loaded, person, proposal, today)):
        return Present(refused)
    if _meets_somebody_to_avoid(session, loaded, proposal, everybody):
        return Present((APART,))
    ask = _asked(proposal, standings)
    scope = scope_for(session, ask, chosen_person(case, person, today), loaded, everybody)
    return _in_the_town(build(session, scope, ask, today).problem, ask, proposal, len(standings))


def _before_anything(
    case: SupportCase, person: Person, standings: Iterable[Standing], proposal: Proposal, today: date
) -> Iterator[str]:
    state = state_of(person.consents, today)
    if state != "given":
        yield f"利用の同意が、いまは「{STATE_LABELS.get(state, state)}」です"
    if case.status in CLOSED:
        yield "このケースの支援は、終結か中断になっています"
    if any(each.opening_id == proposal.opening_id for each in standings):
        yield "この人は、この枠の候補か利用にもう決まっています"


def _conditions(loaded: LoadedCatalogue, person: Person, proposal: Proposal, today: date) -> Iterator[str]:
    """The person's own match with this opening: everything that does not fit any more."""
    place = loaded.catalogue.place_of.get(proposal.opening_id)
    if place is None:
        yield "受け入れ先か枠が、終了しています"
        return
    verdicts = evaluate(loaded.catalogue, person_facts(person, loaded.vocabulary, today), today=today)
    verdict = explain(verdicts, place)
    yield from (found.text for found in verdict.reasons)
    if verdict.band == Band.NEEDS_CHECK and not proposal.may_ask:
        yield from (f"確かめることがあります：{found.text}" for found in verdict.questions)


def _meets_somebody_to_avoid(
    session: Session, loaded: LoadedCatalogue, proposal: Proposal, everybody: Iterable[Standing]
) -> bool:
    """Somebody of a 同席を避ける設定 is at the same host on one of the days; who, is not said."""
    pairs = avoid_pairs(session, (proposal.person_id,))
    others = {other for pair in pairs for other in pair} - {proposal.person_id}
    catalogue = loaded.catalogue
    host = catalogue.openings[catalogue.place_of[proposal.opening_id]].host_id
    days = {time.weekday for time in proposal.times}
    return any(each.person_id in others and each.host_id == host and each.weekdays & days for each in everybody)


def _asked(proposal: Proposal, standings: Sequence[Standing]) -> JointAsk:
    load = sum(len(each.sessions) for each in standings) + len(proposal.times)
    return JointAsk(
        PeopleFilter(people=(proposal.person_id,)),
        OpeningFilter(openings=(proposal.opening_id,)),
        RunSettings(include_ask=proposal.may_ask, load=min(load, MANY), most_hosts=MANY),
    )


def _in_the_town(problem: Problem, ask: JointAsk, proposal: Proposal, others: int) -> Present:
    """The place among all others who are there or on their way."""
    plan = stored_plan(problem, [(proposal.person_id, proposal.opening_id, proposal.times)])
    opening = problem.openings.ids.index(proposal.opening_id)
    if (pair := problem.pair_of.get((0, opening))) is None or len(plan) < len(proposal.times):
        return Present((TIME_GONE,))
    refusals = tuple(_said(problem, ask, plan))
    free, minutes = int(problem.openings.free[opening]), int(problem.pairs.minutes[pair])
    return Present(
        refusals,
        None if free == NO_LIMIT else free,
        int(problem.pairs.points[pair]),
        None if minutes < 0 else minutes,
        bool(problem.pairs.asks[pair]),
        others,
    )


def _said(problem: Problem, ask: JointAsk, plan: Plan) -> Iterator[str]:
    rules = dict.fromkeys(each.rule for each in check(problem, ask.settings.engine_settings, plan))
    for rule in rules:
        yield TIME_GONE if rule is Rule.LINE else REFUSED_BY.get(rule, TIME_GONE)


def _count(free: int | None) -> str:
    return "未確認" if free is None else f"{free}人"


def _minutes(minutes: int | None) -> str:
    return "不明" if minutes is None else f"{minutes}分"
