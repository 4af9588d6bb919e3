"""The card of a host as the host itself keeps it: its words and its conditions, never its status or what staff wrote."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from service.kernel.errors import NotFound
from service.kernel.vocab import Choice
from service.resources.catalogue import index_host
from service.resources.hosts import assign
from service.resources.models import Host, Opening


def own_host(session: Session, host_id: str) -> Host:
    """The host with what it may see of itself; remarks, assessments and people found there stay unread."""
    query = (
        select(Host)
        .where(Host.id == host_id)
        .options(
            selectinload(Host.sites), selectinload(Host.conditions),
            selectinload(Host.openings).options(selectinload(Opening.slots)),
        )
        .execution_options(populate_existing=True)
    )  # fmt: skip
    host = session.scalars(query).one_or_none()
    if host is None:
        raise NotFound()
    return host


def save_card(
    host: Host, version: int, values: Mapping[str, Any], activities: Mapping[str, tuple[int, str]],
    buildings: Mapping[str, tuple[int, str]], choices: Iterable[Choice],
) -> None:  # fmt: skip
    """Take over what the host says of itself, per opening and per site with the version it saw; Conflict when one moved."""
    host.expect(version)
    for opening in _of(host.openings, activities):
        opening.expect(activities[opening.id][0])
    for site in _of(host.sites, buildings):
        site.expect(buildings[site.id][0])
    assign(host, values)
    for opening in _of(host.openings, activities):
        assign(opening, {"activity": activities[opening.id][1]})
    for site in _of(host.sites, buildings):
        assign(site, {"building": buildings[site.id][1]})
    index_host(host, choices)


def _of(rows: Iterable[Any], said: Mapping[str, Any]) -> list[Any]:
    return [row for row in rows if row.id in said]
