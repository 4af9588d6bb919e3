"""How well the text fit finds the places graded as fitting: nDCG@10 and recall@10."""

import argparse
import json
import math
import statistics
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from service.kernel.errors import DomainError
from service.matching.scoring.text import TextIndex, join_parts, rank
from service.matching.scoring.thesaurus import Thesaurus

THESAURUS = Path(__file__).parents[1] / "seed" / "vocab" / "thesaurus.toml"
DEPTH = 10
RELEVANT = 2
_REPEATS = 5


class UnreadableFileError(Exception):
    """The file of documents and queries is not of the expected shape; says the line in Japanese."""


@dataclass(frozen=True)
class Query:
    """A wish as typed, its style, and the grade (0–3) of each document that was judged."""

    id: str
    style: str
    text: str
    grades: dict[str, int]


@dataclass
class Collection:
    """Documents by id, as the product would index them, and the graded queries."""

    documents: dict[str, str] = field(default_factory=dict)
    queries: list[Query] = field(default_factory=list)


@dataclass(frozen=True)
class Scores:
    """The measures of one query; None where its grades leave nothing to find."""

    ndcg: float | None
    ndcg_linear: float | None
    recall: float | None


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the measures of one file and return 0, or 2 with a Japanese message on stderr."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.text", description=__doc__)
    parser.add_argument("file", type=Path, help="JSON Lines: kind が doc または query の行")
    parser.add_argument("--json", action="store_true", help="表の代わりに JSON だけを出します")
    parser.add_argument("--thesaurus", type=Path, default=THESAURUS, help="ことばの辞書（TOML）")
    options = parser.parse_args(arguments)
    try:
        report = measure(read_collection(options.file), Thesaurus.load(options.thesaurus))
    except (UnreadableFileError, DomainError) as problem:
        print(problem, file=sys.stderr)
        return 2
    print(json.dumps(report, indent=2) if options.json else format_table(report))
    return 0


def measure(collection: Collection, thesaurus: Thesaurus) -> dict[str, Any]:
    """Index the documents, ask every query, and report the means, per style too."""
    import sklearn.feature_extraction.text  # noqa: F401  the import is not part of building an index

    ids = list(collection.documents)
    begun = time.perf_counter()
    index = TextIndex.build(list(collection.documents.values()), thesaurus)
    build_seconds = time.perf_counter() - begun
    answers = [rank(index.similarity(query.text), ids, DEPTH) for query in collection.queries]
    by_style: dict[str, list[Scores]] = {}
    for query, found in zip(collection.queries, answers, strict=True):
        by_style.setdefault(query.style, []).append(score_answer(found, query.grades))
    return {
        "documents": len(ids),
        **_means([score for scores in by_style.values() for score in scores]),
        "gain": f"ndcg_at_10: 2^grade-1, ndcg_linear_at_10: grade, recall_at_10: share of grade >= {RELEVANT}",
        "styles": {style: _means(members) for style, members in sorted(by_style.items())},
        "no_match": sum(not found for found in answers),
        "build_seconds": round(build_seconds, 4),
        "query_ms_p50": round(_median_query_ms(index, collection.queries), 3),
    }


def score_answer(found: Sequence[str], grades: Mapping[str, int]) -> Scores:
    """The measures of one list of ids, best first, against the grades of its query."""
    relevant = {document for document, grade in grades.items() if grade >= RELEVANT}
    hits = len(relevant.intersection(found[:DEPTH]))
    return Scores(
        ndcg=ndcg(found, grades, lambda grade: 2.0**grade - 1),
        ndcg_linear=ndcg(found, grades, float),
        recall=hits / len(relevant) if relevant else None,
    )


def ndcg(found: Sequence[str], grades: Mapping[str, int], gain: Callable[[int], float]) -> float | None:
    """Discounted gain of the first 10 ids over that of the best order; None when no order has any gain."""
    best = _discounted([gain(grade) for grade in sorted(grades.values(), reverse=True)])
    return _discounted([gain(grades.get(document, 0)) for document in found]) / best if best else None


def read_collection(path: Path) -> Collection:
    """The documents and queries of a JSON Lines file; UnreadableFileError names the first line that is wrong."""
    try:
        lines = path.read_text(encoding="utf-8-sig").split("\n")
    except (OSError, UnicodeDecodeError) as problem:
        remedy = "UTF-8 の JSON Lines ファイルを指定してください。"
        raise UnreadableFileError(f"{path} を読めません。{remedy}") from problem
    collection = Collection()
    for number, line in enumerate(lines, start=1):
        if line.strip():
            _add_line(collection, line, f"{path} の {number} 行目")
    if not collection.documents or not collection.queries:
        raise UnreadableFileError(f"{path} に kind が doc の行と query の行が、どちらも 1 行以上必要です。")
    return collection


def format_table(report: Mapping[str, Any]) -> str:
    """The report as a small table for reading."""
    lines = [f"{'style':6}{'queries':>9}{'nDCG@10':>10}{'(linear)':>10}{'recall@10':>11}"]
    for name, row in [("all", report), *report["styles"].items()]:
        measures = [row[measure] for measure in ("ndcg_at_10", "ndcg_linear_at_10", "recall_at_10")]
        cells = ["-" if value is None else f"{value:.3f}" for value in measures]
        lines.append(f"{name:6}{row['queries']:>9}{cells[0]:>10}{cells[1]:>10}{cells[2]:>11}")
    lines.append(
        f"文書 {report['documents']} 件・該当なし {report['no_match']} 件・"
        f"索引 {report['build_seconds']:.2f} 秒・検索の中央値 {report['query_ms_p50']:.2f} ミリ秒"
    )
    return "\n".join(lines)


def _discounted(gains: Sequence[float]) -> float:
    return sum(gain / math.log2(place + 1) for place, gain in enumerate(gains[:DEPTH], start=1))


def _means(scores: Sequence[Scores]) -> dict[str, float | None]:
    return {
        "queries": len(scores),
        "ndcg_at_10": _mean([score.ndcg for score in scores]),
        "ndcg_linear_at_10": _mean([score.ndcg_linear for score in scores]),
        "recall_at_10": _mean([score.recall for score in scores]),
    }


def _mean(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return round(statistics.fmean(known), 4) if known else None


def _median_query_ms(index: TextIndex, queries: Sequence[Query]) -> float:
    times: list[float] = []
    for query in list(queries) * _REPEATS:
        begun = time.perf_counter()
        index.similarity(query.text)
        times.append(time.perf_counter() - begun)
    return statistics.median(times) * 1000


def _add_line(collection: Collection, line: str, where: str) -> None:
    try:
        row = json.loads(line)
        if row["kind"] == "doc":
            text = join_parts(*(str(part) for part in (row.get("host_type", ""), row.get("name", ""), row["text"])))
            collection.documents[str(row["id"])] = text
        elif row["kind"] == "query":
            collection.queries.append(_read_query(row))
        else:
            raise UnreadableFileError(f"{where}の kind は doc か query にしてください。")
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as problem:
        remedy = "doc は kind・id・text、query は kind・id・text・grades（文書の id と 0〜3 の段階）が必要です。"
        raise UnreadableFileError(f"{where}を読めません。{remedy}") from problem


def _read_query(row: Mapping[str, Any]) -> Query:
    grades = {str(document): _read_grade(grade) for document, grade in row["grades"].items()}
    return Query(str(row["id"]), str(row.get("style", "")), str(row["text"]), grades)


def _read_grade(grade: object) -> int:
    if isinstance(grade, bool) or not isinstance(grade, int) or not 0 <= grade <= 3:
        raise ValueError(grade)
    return grade


if __name__ == "__main__":
    sys.exit(main())
