"""What whoever watches over the machines reads: one shape of log line, and figures at a door of their own."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Callable, Iterator
from typing import Final

import structlog
from prometheus_client import REGISTRY, start_http_server
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from service.commands.jobs import Standing, standing_of
from service.settings import Settings

OWN_MACHINE: Final = "127.0.0.1"
"""Figures are read on the machine itself, or through what its keeper sets up; never at the pages' door."""
FIGURES: Final[tuple[tuple[str, str, Callable[[Standing], float]], ...]] = (
    ("tsunagi_town_answers", "1 when the database of the town answers", lambda each: each.answers),
    ("tsunagi_jobs_waiting", "Jobs that wait to be begun", lambda each: each.waiting),
    ("tsunagi_jobs_oldest_seconds", "Seconds the oldest of them has been due", lambda each: each.oldest),
    ("tsunagi_jobs_running", "Jobs in hand", lambda each: each.running),
    ("tsunagi_jobs_failed_day", "Jobs given up within a day", lambda each: each.failed),
)


class TownFigures(Collector):
    """How each town stands at the moment somebody asks, by its code."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings

    def describe(self) -> Iterator[GaugeMetricFamily]:
        """Their names, for which no database is opened."""
        for name, said, _ in FIGURES:
            yield GaugeMetricFamily(name, said, labels=("town",))

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Their values."""
        standings = [standing_of(self.settings, entry) for entry in self.settings.entries]
        for name, said, figure in FIGURES:
            family = GaugeMetricFamily(name, said, labels=("town",))
            for each in standings:
                family.add_metric((each.code,), figure(each))
            yield family


def show_figures(settings: Settings, port: int) -> None:
    """Answer Prometheus at this port of the machine, beside whatever the process does; ends the process where it is taken."""
    try:
        start_http_server(port, OWN_MACHINE)
    except OSError as taken:
        raise SystemExit(
            f"計測の口（{OWN_MACHINE}:{port}）を開けません。ほかの番号を --metrics で指定してください。"
        ) from taken
    REGISTRY.register(TownFigures(settings))


def begin_logging() -> None:
    """One line for each event: for eyes, or with TSUNAGI_LOG=json for a collector, every answer among them."""
    if os.environ.get("TSUNAGI_LOG") != "json":
        structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.INFO))
        return
    shared: list[structlog.typing.Processor] = [
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    as_json = structlog.processors.JSONRenderer(ensure_ascii=False)
    structlog.configure(processors=[*shared, as_json])
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(as_json, foreign_pre_chain=shared))
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
