"""How well the text fit finds the graded places: nDCG@10 and recall@10 on a file of documents and graded queries."""

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


class UnreadableFile(Exception):
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
    """The measures of one query."""

    ndcg: float
    ndcg_linear: float
    recall: float


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the measures of one file; 0 when it could be read, 2 with a Japanese message on stderr when not."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.text", description=__doc__)
    parser.add_argument("file", type=Path, help="JSON Lines: kind が doc または query の行")
    parser.add_argument("--json", action="store_true", help="表の代わりに JSON だけを出します")
    parser.add_argument("--thesaurus", type=Path, default=THESAURUS, help="ことばの辞書（TOML）")
    options = parser.parse_args(arguments)
    try:
        report = measure(read_collection(options.file), Thesaurus.load(options.thesaurus))
    except (UnreadableFile, DomainError) as problem:
        print(problem, file=sys.stderr)
        return 2
    print(json.dumps(report, ensure_ascii=False, indent=2) if options.json else format_table(report))
    return 0


def measure(collection: Collection, thesaurus: Thesaurus) -> dict[str, Any]:
    """Index the documents, ask every query, and report the means, per style too."""
    import sklearn.feature_extraction.text  # noqa: F401  the import is not part of building an index

    ids = list(collection.documents)
    begun = time.perf_counter()
    index = TextIndex.build(list(collection.documents.values()), thesaurus)
    build_seconds = time.perf_counter() - begun
    answers = [rank(index.similarity(query.text), ids, DEPTH) for query in collection.queries]
    scores = [score_answer(found, query.grades) for found, query in zip(answers, collection.queries, strict=True)]
    by_style: dict[str, list[Scores]] = {}
    for query, score in zip(collection.queries, scores, strict=True):
        by_style.setdefault(query.style, []).append(score)
    return {
        "documents": len(ids),
        **_means(scores),
        "gain": f"ndcg_at_10: 2^grade-1 (exponential); ndcg_linear_at_10: grade; recall_at_10: grade >= {RELEVANT}",
        "styles": {style: _means(members) for style, members in sorted(by_style.items())},
        "no_match": sum(not found for found in answers),
        "build_seconds": round(build_seconds, 4),
        "query_ms_p50": round(_median_query_ms(index, collection.queries), 3),
    }


def score_answer(found: Sequence[str], grades: Mapping[str, int]) -> Scores:
    """The measures of one list of ids against its grades; a query nothing is relevant to counts as answered fully."""
    relevant = {document for document, grade in grades.items() if grade >= RELEVANT}
    hits = len(relevant.intersection(found[:DEPTH]))
    return Scores(
        ndcg=ndcg(found, grades, lambda grade: 2.0**grade - 1),
        ndcg_linear=ndcg(found, grades, float),
        recall=hits / len(relevant) if relevant else 1.0,
    )


def ndcg(found: Sequence[str], grades: Mapping[str, int], gain: Callable[[int], float]) -> float:
    """Discounted gain of the first 10 ids over that of the best order possible; 1.0 when no order has any gain."""
    best = _discounted([gain(grade) for grade in sorted(grades.values(), reverse=True)])
    return _discounted([gain(grades.get(document, 0)) for document in found]) / best if best else 1.0


def read_collection(path: Path) -> Collection:
    """The documents and queries of a JSON Lines file; UnreadableFile names the first line that is wrong."""
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as problem:
        raise UnreadableFile(f"{path} を読めません。UTF-8 の JSON Lines ファイルを指定してください。") from problem
    collection = Collection()
    for number, line in enumerate(lines, start=1):
        if line.strip():
            _add_line(collection, line, f"{path} の {number} 行目")
    if not collection.documents or not collection.queries:
        raise UnreadableFile(f"{path} に kind が doc の行と query の行が、どちらも 1 行以上必要です。")
    return collection


def format_table(report: Mapping[str, Any]) -> str:
    """The report as a small table for reading."""
    rows = [("全体", report), *report["styles"].items()]
    lines = [f"{'':6}{'queries':>9}{'nDCG@10':>10}{'(linear)':>10}{'recall@10':>11}"]
    lines += [
        f"{name:6}{row['queries']:>9}{row['ndcg_at_10']:>10.3f}{row['ndcg_linear_at_10']:>10.3f}{row['recall_at_10']:>11.3f}"
        for name, row in rows
    ]
    lines.append(
        f"文書 {report['documents']} 件・該当なし {report['no_match']} 件・"
        f"索引 {report['build_seconds']:.2f} 秒・検索の中央値 {report['query_ms_p50']:.2f} ミリ秒"
    )
    return "\n".join(lines)


def _discounted(gains: Sequence[float]) -> float:
    return sum(gain / math.log2(place + 1) for place, gain in enumerate(gains[:DEPTH], start=1))


def _means(scores: Sequence[Scores]) -> dict[str, float]:
    return {
        "queries": len(scores),
        "ndcg_at_10": round(statistics.fmean(score.ndcg for score in scores), 4),
        "ndcg_linear_at_10": round(statistics.fmean(score.ndcg_linear for score in scores), 4),
        "recall_at_10": round(statistics.fmean(score.recall for score in scores), 4),
    }


def _median_query_ms(index: TextIndex, queries: Sequence[Query]) -> float:
    times: list[float] = []
    for query in queries * _REPEATS:
        begun = time.perf_counter()
        index.similarity(query.text)
        times.append(time.perf_counter() - begun)
    return statistics.median(times) * 1000


def _add_line(collection: Collection, line: str, where: str) -> None:
    try:
        row = json.loads(line)
        if row["kind"] == "doc":
            text = join_parts(*(str(row.get(part) or "") for part in ("host_type", "name", "text")))
            collection.documents[str(row["id"])] = text
        elif row["kind"] == "query":
            grades = {str(document): _read_grade(grade) for document, grade in row["grades"].items()}
            collection.queries.append(Query(str(row["id"]), str(row.get("style", "")), str(row["text"]), grades))
        else:
            raise UnreadableFile(f"{where}の kind は doc か query にしてください。")
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as problem:
        raise UnreadableFile(
            f"{where}を読めません。doc は kind・id・text、query は kind・id・text・grades（文書の id と 0〜3 の段階）が必要です。"
        ) from problem


def _read_grade(grade: object) -> int:
    if isinstance(grade, bool) or not isinstance(grade, int) or not 0 <= grade <= 3:
        raise ValueError(grade)
    return grade


if __name__ == "__main__":
    sys.exit(main())
