"""Questions without a name to the hosts' network, and what comes back: answers, and words about nobody in particular."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.cases.models import LadderVersion
from service.followup.placements.answering import Answer, answer_by_host
from service.followup.placements.ladder import ladder_of
from service.followup.placements.models import ABSENCE, ANSWERED, ANSWERS, FACE, FACES, OPEN, VOID, WORRY, HostWord, Sounding
from service.kernel.errors import DomainError
from service.resources.doors import HostLink, HostMember
from service.resources.exchange.checks import day, instant, number, one_of, passage, refused, row_id
from service.resources.exchange.incoming import Clash, Taking, keep_parts
from service.resources.exchange.outgoing import STAFF
from service.resources.exchange.sealing import Item
from service.resources.exchange.writings import Known
from service.resources.links import JOIN
from service.resources.members import invite

LADDER, SOUNDING, INVITATION, REPLY, WORD = "ladder", "sounding", "invitation", "answer", "word"
TOLD_FOR: Final = timedelta(days=180)
"""How long the end of a question is told, should the hosts' network have missed it."""


def questions_for_hosts(session: Session, now: Any) -> Iterator[Item]:
    """The reasons to choose from, every question by an opaque id — its words only while it is open — and invitations."""
    ladder = session.scalars(select(LadderVersion).order_by(LadderVersion.seq.desc()).limit(1)).first()
    if ladder is not None:
        yield {"kind": LADDER, "id": str(ladder.seq), "seq": ladder.seq, "body": ladder.body}
    query = select(Sounding).where((Sounding.state == OPEN) | (Sounding.asked_at >= now - TOLD_FOR))
    for each in session.scalars(query.order_by(Sounding.asked_at, Sounding.id)):
        yield {
            "kind": SOUNDING, "id": each.id, "host": each.host_id, "opening": each.opening_id, "state": each.state,
            "text": each.text if each.state == OPEN else "", "asked_at": each.asked_at.isoformat(),
            "until": each.deadline_on.isoformat(),
        }  # fmt: skip
    yield from _invitations(session, now)


def _invitations(session: Session, now: Any) -> Iterator[Item]:
    """Who may sign in there: only that a host has somebody to invite; accounts and passwords live on their side."""
    members = select(HostMember.id, HostMember.host_id).where(HostMember.disabled_at.is_(None))
    links = select(HostLink.id, HostLink.host_id).where(
        HostLink.purpose == JOIN, HostLink.used_at.is_(None), HostLink.revoked_at.is_(None), HostLink.expires_at > now
    )
    for found, host_id in sorted((each.id, each.host_id) for query in (members, links) for each in session.execute(query)):
        yield {"kind": INVITATION, "id": found, "host": host_id}


def answers_for_staff(session: Session) -> Iterator[Item]:
    """Every answer given here, and every word that is about nobody in particular."""
    answered = select(Sounding).where(Sounding.state == ANSWERED, Sounding.answer != "")
    for each in session.scalars(answered.order_by(Sounding.answered_at, Sounding.id)):
        yield {
            "kind": REPLY, "id": each.id, "host": each.host_id, "answer": each.answer, "conditions": each.conditions,
            "reason": each.reason, "at": each.answered_at.isoformat() if each.answered_at else "", "by": each.answered_by,
        }  # fmt: skip
    words = select(HostWord).where(HostWord.placement_id.is_(None))
    for word in session.scalars(words.order_by(HostWord.at, HostWord.id)):
        yield {
            "kind": WORD, "id": word.id, "host": word.host_id, "said": word.kind, "on": word.on.isoformat(),
            "face": word.face, "text": word.text, "at": word.at.isoformat(), "by": word.by,
        }  # fmt: skip


def take_ladder(taking: Taking, number_: int, item: Item) -> None:
    """The town's reasons, as the staff set them."""
    seq, body = number(100_000, optional=False)(item.get("seq")), item.get("body")
    if taking.session.scalars(select(LadderVersion.id).where(LadderVersion.seq == seq)).first() is not None:
        taking.outcome.unchanged += 1
        return
    try:
        ladder_of(seq, body)  # type: ignore[arg-type]
    except (ValueError, KeyError, TypeError, AttributeError):
        raise refused("段階の設定") from None
    taking.session.add(LadderVersion(seq=seq, body=body, at=taking.file.at, author=STAFF))
    taking.outcome.count(LADDER)


def take_sounding(taking: Taking, number_: int, item: Item) -> None:
    """A question, or the end of one; what has ended never opens again."""
    key, state = row_id(item.get("id")), one_of((OPEN, ANSWERED, VOID))(item.get("state"))
    sounding = taking.session.get(Sounding, key)
    if sounding is None and state == OPEN:
        host = taking.hosts.get(row_id(item.get("host")))
        if host is None or item.get("opening") not in {each.id for each in host.openings}:
            raise refused("受け入れ先")
        taking.session.add(
            Sounding(
                id=key, host_id=host.id, opening_id=item["opening"], text=passage(4000)(item.get("text")), channel="page",
                asked_at=instant(item.get("asked_at")), asked_by=STAFF, deadline_on=day(item.get("until")),
            )
        )  # fmt: skip
        taking.outcome.count(SOUNDING)
    elif sounding is not None and _ORDER[state] > _ORDER[sounding.state]:
        sounding.state, sounding.answered_at = state, taking.file.at
        taking.outcome.count(SOUNDING)
    else:
        taking.outcome.unchanged += 1


_ORDER: Final = {OPEN: 0, ANSWERED: 1, VOID: 2}


def take_invitation(taking: Taking, number_: int, item: Item) -> None:
    """Somebody of a host may join: a link of this side, told once to whoever reads the file in."""
    key, host = row_id(item.get("id")), taking.hosts.get(row_id(item.get("host")))
    if host is None:
        raise refused("受け入れ先")
    if (INVITATION, key) in taking.clock.items:
        taking.outcome.unchanged += 1
        return
    token = invite(taking.session, taking.key, host.id, STAFF, taking.now)
    keep_parts(taking, INVITATION, key, {INVITATION: Known(at=taking.file.at)})
    taking.outcome.links.append((host.name, token))
    taking.outcome.count(INVITATION)


def take_reply(taking: Taking, number_: int, item: Item) -> None:
    """An answer to a question of ours; when the question has ended meanwhile, a person looks at both."""
    sounding = taking.session.get(Sounding, row_id(item.get("id")))
    if sounding is None or sounding.host_id != item.get("host"):
        raise DomainError("こちらにない打診への返事です。", "受け入れ先に電話で確かめてください。", "no-sounding", 422)
    at, by = instant(item.get("at")), passage(300)(item.get("by"))
    answer = Answer(
        one_of(ANSWERS)(item.get("answer")), passage(500)(item.get("conditions")), passage(100)(item.get("reason"))
    )
    if at > taking.file.at:
        raise refused("返事の時刻")
    if taking.clock.known(REPLY, sounding.id, REPLY).theirs >= at:
        taking.outcome.unchanged += 1
        return
    if sounding.state == OPEN:
        answer_by_host(taking.session, sounding.host_id, sounding.id, sounding.version, answer, by, at)
        taking.record(SOUNDING, sounding.id, by, (REPLY,))
        host = taking.hosts[sounding.host_id]
        taking.tell(host, "打診への返事", "返事待ち", f"{ANSWERS[answer.answer]}　{answer.conditions}（{by}）")
        taking.outcome.count(REPLY)
    else:
        _show_both(taking, number_, sounding, answer, by)
    keep_parts(taking, REPLY, sounding.id, {REPLY: Known(at, by, at, taking.now)})


def take_word(taking: Taking, number_: int, item: Item) -> None:
    """A word of a host, once."""
    key, host = row_id(item.get("id")), taking.hosts.get(row_id(item.get("host")))
    if host is None:
        raise refused("受け入れ先")
    if taking.session.get(HostWord, key) is not None:
        taking.outcome.unchanged += 1
        return
    said, by = one_of((FACE, WORRY, ABSENCE))(item.get("said")), passage(300)(item.get("by"))
    face = number(max(FACES))(item.get("face"))
    if said == FACE and face not in FACES:
        raise refused("ようす")
    on = day(item.get("on"))
    if on is None:
        raise refused("日付")
    word = HostWord(
        id=key, host_id=host.id, kind=said, on=on, face=face if said == FACE else None, text=passage(1000)(item.get("text")),
        at=instant(item.get("at")), by=by,
    )  # fmt: skip
    taking.session.add(word)
    taking.record("host_word", key, by, (said,))
    taking.tell(host, "お知らせ", "", f"{FACES.get(face or 0, '')}{word.text}（{by}）")
    taking.outcome.count(WORD)


def _show_both(taking: Taking, number_: int, sounding: Sounding, answer: Answer, by: str) -> None:
    ours = "取り下げ" if sounding.state == VOID else f"{ANSWERS[sounding.answer]}（{sounding.answered_by}）"
    theirs = f"{ANSWERS[answer.answer]}　{answer.conditions}（{by}）"
    name = taking.hosts[sounding.host_id].name
    taking.outcome.clashes.append(
        Clash(number_, sounding.host_id, f"{name}　打診への返事", theirs, ours, "こちらの書いたもの")
    )
    taking.outcome.unchanged += 1
