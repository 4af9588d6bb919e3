"""The telephone script: per host the open questions, and their answers back on the host card."""

from dataclasses import dataclass, replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.kernel.digits import whole
from service.kernel.errors import DomainError, NotFound
from service.kernel.vocab import Attribute, Kind, VocabularyError
from service.matching.bands import Band
from service.matching.cards import own_title
from service.matching.explain import explain
from service.matching.gather import LoadedCatalogue
from service.matching.service import Ask
from service.matching.verdict import Verdicts
from service.resources.conditions import record_answer
from service.resources.models import Host, Opening
from service.resources.openings import confirm_opening
from service.resources.words import kind_label
from service.web.actor import Actor
from service.web.answers import UNANSWERED, AnswerField, host_field, read_host, typed_field
from service.web.forms import Posted

CALLS_AT_ONCE = 10
ALWAYS_KEPT = "回答した人の名前か役割を入れてください。"


@dataclass(frozen=True)
class CallQuestion:
    """One question, and the field its answer is typed into; None where the opening itself is to be edited."""

    text: str
    options: tuple[tuple[str, str], ...]
    field: AnswerField | None
    asks_places: bool = False


@dataclass(frozen=True)
class HostCall:
    """One telephone call."""

    opening_id: str
    host_id: str
    name: str
    kind: str
    phone: str
    contact: str
    opening_words: str
    questions: tuple[CallQuestion, ...]
    free: str = ""
    answered_by: str = ""
    problem: str = ""


def list_calls(session: Session, ask: Ask, verdicts: Verdicts, only: str = "") -> tuple[HostCall, ...]:
    """The calls worth making, the shortest first; `only` is one opening."""
    places = [p for p in verdicts.in_band(Band.NEEDS_CHECK).tolist() if not only or ask.loaded.record(p).id == only]
    hosts = _hosts(session, [ask.loaded.record(p).host_id for p in places[:CALLS_AT_ONCE]])
    return tuple(_call(ask, verdicts, place, hosts) for place in places[:CALLS_AT_ONCE])


def _hosts(session: Session, ids: list[str]) -> dict[str, Host]:
    return {host.id: host for host in session.scalars(select(Host).where(Host.id.in_(ids)))}


def _call(ask: Ask, verdicts: Verdicts, place: int, hosts: dict[str, Host]) -> HostCall:
    record = ask.loaded.record(place)
    host = hosts[record.host_id]
    asked = [found for found in explain(verdicts, place).questions if not found.asks_person]
    return HostCall(
        opening_id=record.id,
        host_id=record.host_id,
        name=f"{record.name}（{title}）" if (title := own_title(record)) else record.name,
        kind=kind_label(record.kind),
        phone=host.phone,
        contact=host.contact_person,
        opening_words="受け入れについて、いくつか教えてください。どなたかを決めてのお願いではありません。",
        questions=tuple(_question(found.attribute, found.text) for found in asked),
    )


def _question(attribute: Attribute, text: str) -> CallQuestion:
    if not attribute.host.is_asked:
        return CallQuestion(text, (), None, asks_places=attribute.kind is Kind.PLACES)
    field = host_field(attribute, UNANSWERED)
    options = tuple(option for option in field.options if option[0]) if field.type in ("flag", "choice", "tags") else ()
    return CallQuestion(text, options, field)


def write_answers(
    session: Session, loaded: LoadedCatalogue, opening_id: str, posted: Posted, actor: Actor, ask: Ask
) -> tuple[int, dict[str, str]]:
    """Keep every answer that can be kept; answers how many changed, and by attribute what is to be mended."""
    record = loaded.records.get(opening_id)
    if record is None:
        raise NotFound()
    answered_by = posted.text("answered_by").strip()[:60]
    if not answered_by:
        raise DomainError("だれが答えたかが空です。", ALWAYS_KEPT, "answered-by", 422)
    changed, problems = 0, {}
    for attribute in loaded.vocabulary.asked_of_host:
        try:
            value = read_host(attribute, posted)
            if value is not UNANSWERED:
                changed += record_answer(
                    session, record.host_id, opening_id, attribute, value, answered_by, actor, ask.today
                )
        except VocabularyError as problem:
            problems[attribute.key] = f"{problem.message}{problem.remedy}"
    if typed := posted.text("free").strip():
        changed += _keep_places(session, opening_id, typed, answered_by, actor, ask)
    return changed, problems


def _keep_places(session: Session, opening_id: str, typed: str, answered_by: str, actor: Actor, ask: Ask) -> bool:
    free = whole(typed, 999)
    if free is None:
        raise DomainError("空きの人数を読めませんでした。", "数字だけで入れてください（空きがなければ 0）。", "free", 422)
    opening = session.get_one(Opening, opening_id)
    before = (opening.free, opening.confirmed_on)
    opening.free = free
    confirm_opening(opening, opening.version, answered_by, actor, ask.today)
    return before != (opening.free, opening.confirmed_on)


def with_typed(call: HostCall, posted: Posted, problem: str, problems: dict[str, str]) -> HostCall:
    """The call with what was typed, right or wrong."""
    questions = tuple(
        q if q.field is None else replace(q, field=typed_field(q.field, posted, _said(problems, q.field.key)))
        for q in call.questions
    )
    typed = {"free": posted.text("free"), "answered_by": posted.text("answered_by")}
    return replace(call, questions=questions, problem=problem, **typed)


def _said(problems: dict[str, str], key: str) -> tuple[str, ...]:
    return (problems[key],) if key in problems else ()
