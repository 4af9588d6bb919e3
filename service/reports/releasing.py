"""Letting figures leave the office: asked by one person, frozen and audited at once, let out by another."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.accounts.roles import READ_FIGURES
from service.kernel.clock import day_in_japan
from service.kernel.dates import format_wareki
from service.kernel.errors import DomainError, NotFound
from service.reports.counting import Count, Report, make_report
from service.reports.gathering import gather
from service.reports.models import ReportDecision, ReportSnapshot
from service.reports.numbers import fewest
from service.reports.periods import Period, read_period
from service.reports.release.clearing import Before, clear
from service.web.actor import Actor

LONGEST: Final = 500


@dataclass(frozen=True)
class Release:
    """A snapshot with what was decided about it, None while it waits."""

    snapshot: ReportSnapshot
    decision: ReportDecision | None

    @property
    def is_out(self) -> bool:
        """Whether it has left the office."""
        return self.decision is not None and self.decision.released_period is not None

    @property
    def period(self) -> Period:
        """Which months it tells of."""
        return read_period(self.snapshot.period, day_in_japan(self.snapshot.asked_at))


def releases(session: Session, actor: Actor) -> list[Release]:
    """What has left the office, newest first; for those who read the exact figures also what waits or was turned down."""
    query = select(ReportSnapshot, ReportDecision).outerjoin(ReportDecision, ReportDecision.snapshot_id == ReportSnapshot.id)
    rows = session.execute(query.order_by(ReportSnapshot.asked_at.desc(), ReportSnapshot.id)).all()
    found = [Release(snapshot, decision) for snapshot, decision in rows]
    return [each for each in found if each.is_out or READ_FIGURES.allows(actor)]


def read_release(session: Session, actor: Actor, release_id: str) -> Release:
    """One of them; absent, or not for this person yet, is NotFound."""
    found = next((each for each in releases(session, actor) if each.snapshot.id == release_id), None)
    if found is None:
        raise NotFound()
    return found


def ask_release(session: Session, actor: Actor, period: Period, now: datetime) -> ReportSnapshot:
    """Count a period that is over, clear it, and freeze both; one that waits already is answered as it is.

    Raises DomainError while the period runs, and for one that has left before: the difference would tell of few.
    """
    today = day_in_japan(now)
    if period.last >= today:
        raise DomainError(
            f"{period.label}は、まだ終わっていません。", f"{format_wareki(period.last)}が過ぎてから、もう一度頼んでください。",
            "period-runs", 409,
        )  # fmt: skip
    known = [each for each in releases(session, actor) if each.snapshot.period == period.key]
    if out := next((each for each in known if each.is_out and each.decision), None):
        day = format_wareki(day_in_japan(out.decision.at)) if out.decision else ""
        raise DomainError(
            f"{period.label}は、{day}にもう外に出しています。二度出すと、その間に変わった少ない数が、引き算で分かってしまいます。",
            "出してある統計をお使いください。まちがいがあったときは、ことばで訂正を添えてください。", "released-before", 409,
        )  # fmt: skip
    if waiting := next((each for each in known if each.decision is None), None):
        return waiting.snapshot
    return _freeze(session, actor, make_report(gather(session, today), period, today), now)


def publish(session: Session, actor: Actor, release: Release, now: datetime) -> None:
    """Let it out. DomainError for whoever asked for it, and where another release has left since it was audited."""
    snapshot = _waiting(release)
    if snapshot.asked_by_id == actor.id:
        raise DomainError(
            "自分で頼んだ統計を、自分で外に出すことはできません。", "ほかの管理者か事務局の方に、確かめて出してもらってください。",
            "second-person", 409,
        )  # fmt: skip
    if snapshot.audit["compared_with"] != sorted(each.period.key for each in _before(session, release.period)):
        raise DomainError(
            "確かめたあとに、重なる期間の統計がほかに出ています。", "この案を取り下げて、もう一度頼んでください。", "audited-before", 409
        )  # fmt: skip
    session.add(
        ReportDecision(snapshot_id=snapshot.id, released_period=snapshot.period, at=now, by=actor.label, by_id=actor.id)
    )
    session.flush()


def turn_down(session: Session, actor: Actor, release: Release, reason: str, now: datetime) -> None:
    """Keep it inside, and why."""
    snapshot = _waiting(release)
    if not reason.strip():
        raise DomainError("出さない理由がありません。", "なぜ出さないのかを、一言入れてください。", "release-reason", 422)
    session.add(ReportDecision(
        snapshot_id=snapshot.id, released_period=None, reason=reason.strip()[:LONGEST], at=now, by=actor.label, by_id=actor.id
    ))  # fmt: skip
    session.flush()


def _waiting(release: Release) -> ReportSnapshot:
    if release.decision is not None:
        raise DomainError("もう決まっています。", "画面を開き直して、どうなったかを確かめてください。", "decided", 409)
    return release.snapshot


def _freeze(session: Session, actor: Actor, report: Report, now: datetime) -> ReportSnapshot:
    few = fewest(session).few
    found = clear(report.period, report.counts, report.spans, _before(session, report.period), few)
    snapshot = ReportSnapshot(
        period=report.period.key, few=few, asked_at=now, asked_by=actor.label, asked_by_id=actor.id,
        exact={key: {"total": count.total, "cells": count.cells} for key, count in report.counts.items()},
        cleared={"figures": dict(found.figures), "spans": dict(found.spans)}, audit=dict(found.audit),
    )  # fmt: skip
    session.add(snapshot)
    session.flush()
    return snapshot


def _before(session: Session, period: Period) -> list[Before]:
    """What has left of the same fiscal year: other years share no month with it."""
    query = select(ReportSnapshot).join(ReportDecision, ReportDecision.snapshot_id == ReportSnapshot.id)
    rows = session.scalars(query.where(ReportDecision.released_period.is_not(None)).order_by(ReportSnapshot.period))
    found = [(read_period(row.period, day_in_japan(row.asked_at)), row) for row in rows]
    return [Before(each, _counts(row.exact), row.cleared["figures"]) for each, row in found if each.year == period.year]


def _counts(kept: Mapping[str, Any]) -> dict[str, Count]:
    return {key: Count(found["total"], found["cells"]) for key, found in kept.items()}
