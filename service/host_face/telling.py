"""What a host lets us know by itself: how it goes, that somebody stays away, that something worries it."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.followup.placements.models import ABSENCE, FACE, FACES, WORRY, HostWord
from service.host_face.agreed import agreed_placements
from service.host_face.own import Own
from service.kernel.errors import DomainError
from service.web.call import Call

KINDS = {FACE: "様子", ABSENCE: "お休み", WORRY: "心配なこと"}


def tell(
    call: Call, own: Own, kind: str, *, placement_id: str | None = None, face: int | None = None, text: str = ""
) -> HostWord:
    """Keep one word of a host; about a person only while the host may know of that person."""
    if placement_id is not None:
        agreed_placements(call.session, own.host_id, own.today, in_short=True).of(placement_id)
    if kind not in KINDS or (kind == FACE and face not in FACES):
        raise DomainError("何についてのお知らせか、読み取れませんでした。", "ボタンから選んでください。", "kind", 422)
    if kind == WORRY and not text.strip():
        raise DomainError("心配なことが入っていません。", "一言で構いません。入れてから押してください。", "text", 422)
    word = HostWord(
        host_id=own.host_id, placement_id=placement_id, kind=kind, on=own.today, face=face if kind == FACE else None,
        text=text.strip(), at=call.now, by=own.actor.label,
    )  # fmt: skip
    call.session.add(word)
    call.session.flush()
    return word


def last_word(session: Session, host_id: str) -> HostWord | None:
    """The newest word of a host."""
    query = select(HostWord).where(HostWord.host_id == host_id).order_by(HostWord.at.desc(), HostWord.id).limit(1)
    return session.scalars(query).first()
