"""Agreed scenarios run through the same code as the 照合 page: what was expected, what came out."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

from service.kernel.vocab import Vocabulary, load_vocabulary, say_days
from service.matching.bands import Band
from service.matching.instance import Catalogue
from service.matching.relax import relaxations
from service.matching.rules import UNKNOWN, VIOLATED
from service.matching.scenario_file import ScenarioProblem, read_host, read_person
from service.matching.scenarios_joint import JointResult, describe_joint, run_joint
from service.matching.verdict import Verdicts, evaluate

SCENARIO_DAY: Final = date(2026, 11, 24)


@dataclass(frozen=True, slots=True)
class Outcome:
    """One host for one participant: band, codes violated, codes unknown, usable weekdays (None = not said)."""

    band: str | None
    reasons: frozenset[str] = frozenset()
    unknown: frozenset[str] = frozenset()
    days: str | None = None

    def __str__(self) -> str:
        parts = [self.band or "（記載なし）", *sorted(self.reasons), *(f"？{code}" for code in sorted(self.unknown))]
        return " ".join(parts) + ("" if self.days is None else f" ［{self.days}］")


@dataclass(frozen=True, slots=True)
class HostLine:
    """Expected and got for one host."""

    host: str
    expected: Outcome
    got: Outcome

    @property
    def is_equal(self) -> bool:
        expected = (
            self.expected
            if self.expected.days is not None
            else Outcome(self.expected.band, self.expected.reasons, self.expected.unknown, self.got.days)
        )
        return expected == self.got


@dataclass(frozen=True, slots=True)
class ScenarioResult:
    """One participant before all hosts, and what dropping one need would open."""

    id: str
    name: str
    lines: tuple[HostLine, ...]
    expected_relax: Mapping[str, frozenset[tuple[str, str]]]
    got_relax: Mapping[str, frozenset[tuple[str, str]]]

    @property
    def is_equal(self) -> bool:
        return all(line.is_equal for line in self.lines) and self.expected_relax == self.got_relax


@dataclass(frozen=True, slots=True)
class Report:
    """All scenarios of a file: one participant before all hosts, and several at once."""

    results: tuple[ScenarioResult, ...]
    joint: tuple[JointResult, ...]

    @property
    def is_equal(self) -> bool:
        return self.good == len(self.results) + len(self.joint)

    @property
    def good(self) -> int:
        """How many came out as agreed."""
        return sum(result.is_equal for result in self.results) + sum(result.is_equal for result in self.joint)


def run(path: Path, vocabulary: Vocabulary | None = None) -> Report:
    """Runs a file of scenarios; ScenarioProblem in Japanese when the file cannot be read."""
    return run_scenarios(_load(path), vocabulary or load_vocabulary())


def _load(path: Path) -> Mapping[str, Any]:
    try:
        content = json.loads(path.read_text("utf-8-sig"))
    except OSError as problem:
        raise ScenarioProblem(f"ファイル {path.name} を開けません（{problem.strerror}）。") from problem
    except UnicodeDecodeError as problem:
        raise ScenarioProblem(f"ファイル {path.name} の文字コードが UTF-8 ではありません。") from problem
    except (json.JSONDecodeError, RecursionError) as problem:
        raise ScenarioProblem(f"ファイル {path.name} を JSON として読めません（{problem}）。") from problem
    if not isinstance(content, dict):
        raise ScenarioProblem(f"ファイル {path.name} のいちばん外側が {{ }} ではありません。")
    return content


def run_scenarios(content: Mapping[str, Any], vocabulary: Vocabulary) -> Report:
    """The same for content already read."""
    hosts = _part(content, "hosts", list)
    openings = [read_host(host, place, vocabulary, SCENARIO_DAY) for place, host in enumerate(hosts)]
    if len({opening.id for opening in openings}) < len(openings):
        raise ScenarioProblem("hosts の id が重なっています。")
    catalogue = Catalogue.build(openings, vocabulary)
    expected = _part(content, "expected", dict)
    participants = _part(content, "participants", dict)
    if lost := sorted(set(expected) - set(participants)):
        raise ScenarioProblem(f"expected にある {'、'.join(lost)} が participants にありません。")
    results = tuple(
        _run_one(catalogue, id_, participant, _mapping(expected.get(id_), f"expected.{id_}"))
        for id_, participant in participants.items()
    )
    joint = _part(content, "joint", dict)
    return Report(results, tuple(run_joint(catalogue, id_, entry, SCENARIO_DAY) for id_, entry in joint.items()))


def _part(content: Mapping[str, Any], key: str, kind: type) -> Any:
    part = content.get(key)
    part = kind() if part is None else part
    if not isinstance(part, kind):
        raise ScenarioProblem(f"「{key}」の形が FORMAT と違います。")
    return part


def _mapping(value: Any, where: str) -> Mapping[str, Any]:
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise ScenarioProblem(f"「{where}」の形が FORMAT と違います。")
    return value


def _run_one(catalogue: Catalogue, id_: str, participant: Any, expected: Mapping[str, Any]) -> ScenarioResult:
    person = read_person(participant, id_, catalogue.vocabulary)
    verdicts = evaluate(catalogue, person, today=SCENARIO_DAY)
    wanted = read_expected(expected, id_)
    got = {host: outcome_of(verdicts, place) for place, host in enumerate(catalogue.ids)}
    absent = Outcome(None)
    lines = tuple(HostLine(host, wanted.get(host, absent), got.get(host, absent)) for host in sorted({*got, *wanted}))
    name = participant.get("name") or ""
    return ScenarioResult(id_, str(name), lines, _expected_relax(expected, id_), relax_of(verdicts))


def outcome_of(verdicts: Verdicts, place: int) -> Outcome:
    """What the match says about one opening, in the file's terms."""
    decided = [(need, finding) for need, finding in verdicts.of(place) if need.strength.decides]
    days = int(verdicts.usable_days[place])
    return Outcome(
        Band(verdicts.bands[place]).label,
        frozenset(need.attribute.code for need, finding in decided if finding == VIOLATED),
        frozenset(need.attribute.code for need, finding in decided if finding == UNKNOWN),
        say_days(day for day in range(7) if days >> day & 1),
    )


def relax_of(verdicts: Verdicts) -> Mapping[str, frozenset[tuple[str, str]]]:
    """What dropping each suggestable need would open, in the file's terms."""
    ids = verdicts.catalogue.ids
    return {
        relaxation.code: frozenset((ids[place], band.label) for place, band in relaxation.opens)
        for relaxation in relaxations(verdicts)
    }


def read_expected(expected: Mapping[str, Any], id_: str) -> dict[str, Outcome]:
    """The expected outcome of every host named."""
    try:
        days = expected.get("usable_days")
        weekdays = {host: "".join(sorted(text or "", key="月火水木金土日".index)) for host, text in (days or {}).items()}
        said = dict.fromkeys(expected.get("feasible") or (), (Band.FITS, (), ()))
        said |= {host: (Band.NEEDS_CHECK, (), codes or ()) for host, codes in (expected.get("needs_check") or {}).items()}
        said |= {
            host: (Band.EXCLUDED, why.get("reasons") or (), why.get("unknown") or ())
            for host, why in (expected.get("excluded") or {}).items()
        }
        return {
            host: Outcome(
                band.label, frozenset(reasons), frozenset(unknown), None if days is None else weekdays.get(host, "")
            )
            for host, (band, reasons, unknown) in said.items()
        }
    except (AttributeError, TypeError, ValueError) as problem:
        raise ScenarioProblem(f"「expected.{id_}」の形が FORMAT と違います（{problem}）。") from problem


def _expected_relax(expected: Mapping[str, Any], id_: str) -> Mapping[str, frozenset[tuple[str, str]]]:
    relax = _mapping(expected.get("relax"), f"expected.{id_}.relax")
    try:
        return {code: frozenset((str(host), str(band)) for host, band in opens) for code, opens in relax.items() if opens}
    except (TypeError, ValueError) as problem:
        raise ScenarioProblem(f"「expected.{id_}.relax」の形が FORMAT と違います（{problem}）。") from problem


def describe(report: Report) -> str:
    """The report as text: one line per host, × on those that differ."""
    lines: list[str] = []
    for result in report.results:
        lines.append(f"{_mark(result.is_equal)} {result.id} {result.name}".rstrip())
        lines += [_describe_line(line) for line in result.lines]
        lines += _describe_relax(result)
    for joint in report.joint:
        lines += describe_joint(joint)
    lines.append(f"一致 {report.good}／{len(report.results) + len(report.joint)}")
    return "\n".join(lines)


def print_report(report: Report) -> None:
    """Writes the report to standard output."""
    print(describe(report))  # noqa: T201 — this is the command's output


def _mark(is_equal: bool) -> str:
    return "○" if is_equal else "×"


def _describe_line(line: HostLine) -> str:
    if line.is_equal:
        return f"  ○ {line.host} {line.got}"
    return f"  × {line.host} 期待: {line.expected} ／ 結果: {line.got}"


def _describe_relax(result: ScenarioResult) -> list[str]:
    lines = []
    for code in sorted({*result.expected_relax, *result.got_relax}):
        expected, got = (
            "、".join(f"{host}（{band}）" for host, band in sorted(relax.get(code, ()))) or "なし"
            for relax in (result.expected_relax, result.got_relax)
        )
        mark = _mark(expected == got)
        lines.append(f"  {mark} {code} を外すと " + (got if expected == got else f"期待: {expected} ／ 結果: {got}"))
    return lines
