"""Text fit: how near a person's wishes and strengths are to what a place does, by words and by meaning."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from service.matching.scoring.thesaurus import Reading, Thesaurus

_LONGEST_GRAM = 3
_PARTICLE_AT_EDGE = re.compile(r"^[がをにはでとものや](?=[^ぁ-ゖ])|(?<=[^ぁ-ゖ])[がをにはでとものや]$")
_HIRAGANA = frozenset(map(chr, range(ord("ぁ"), ord("ゖ") + 1))) | {"ー"}


@dataclass(frozen=True)
class TextIndex:
    """N texts as columns of weighted word pieces and concepts: a query touches only its own columns."""

    thesaurus: Thesaurus
    readings: tuple[Reading, ...]
    row_of: NDArray[np.intp]
    grams: dict[str, int]
    gram_weights: NDArray[np.float32]
    concepts: dict[str, int]
    concept_weights: NDArray[np.float32]
    columns: Any

    @classmethod
    def build(cls, texts: Sequence[str], thesaurus: Thesaurus) -> Self:
        """Index N texts in linear time; equal texts share one row. The first call imports scikit-learn."""
        from scipy.sparse import csc_array, hstack

        distinct = {text: row for row, text in enumerate(dict.fromkeys(texts))}
        readings = tuple(thesaurus.read(text) for text in distinct)
        share = thesaurus.weight / (1 + thesaurus.weight)
        gram_lists = [list_grams(reading, thesaurus.meaningless) for reading in readings]
        grams, gram_weights, by_gram = _weigh(gram_lists)
        concepts, concept_weights, by_concept = _weigh([list(reading.concepts) for reading in readings])
        both = [by_gram * np.float32(1 - share), by_concept * np.float32(share)]
        columns = csc_array(hstack(both, format="csc"))
        row_of = np.array([distinct[text] for text in texts], dtype=np.intp)
        return cls(thesaurus, readings, row_of, grams, gram_weights, concepts, concept_weights, columns)

    def similarity(self, query: str) -> NDArray[np.float32]:
        """Nearness of each of the N texts to a query, 0..1; exactly 0 says 該当なし."""
        reading = self.thesaurus.read(query)
        used, weights = self._weigh_query(reading)
        if not used.size:
            return np.zeros(self.row_of.size, dtype=np.float32)
        scores: NDArray[np.float32] = self.columns[:, used] @ weights
        return np.minimum(scores, np.float32(1))[self.row_of]

    def why(self, query: str, i: int) -> tuple[str, ...]:
        """What a query and text i share, for the coordinator: concept labels, then words as the query has them."""
        asked, offered = self.thesaurus.read(query), self.readings[self.row_of[i]]
        meant = self._spread(asked)
        shared = sorted((key for key in offered.concepts if key in meant), key=lambda key: -meant[key])
        labels = [self.thesaurus.concepts[key].label for key in shared]
        grams = [set(list_grams(reading, self.thesaurus.meaningless)) for reading in (asked, offered)]
        words = [_PARTICLE_AT_EDGE.sub("", word) for word in _shared_words(asked, grams[0] & grams[1])]
        telling = [*labels, *(word for word in words if self._says_much(word))]
        return tuple(dict.fromkeys(telling or words))

    def _says_much(self, word: str) -> bool:
        return len(word) > 1 and not self.thesaurus.is_boilerplate(word)

    def _weigh_query(self, reading: Reading) -> tuple[NDArray[np.intp], NDArray[np.float32]]:
        """The columns a query touches and the weight of each; words and concepts are of unit length apart."""
        counts = Counter(list_grams(reading, self.thesaurus.meaningless))
        columns, weights = _unit_weights(counts, self.grams, self.gram_weights)
        meant, meant_weights = _unit_weights(self._spread(reading), self.concepts, self.concept_weights)
        return np.concatenate([columns, meant + len(self.grams)]), np.concatenate([weights, meant_weights])

    def _spread(self, reading: Reading) -> dict[str, float]:
        """Concept → how much it is meant: 1 when said, near_weight when only a neighbour was said."""
        thesaurus = self.thesaurus
        near = [key for said in reading.concepts for key in thesaurus.concepts[said].near]
        return dict.fromkeys(near, thesaurus.near_weight) | dict.fromkeys(reading.concepts, 1.0)


def rank(similarities: NDArray[np.float32], ids: Sequence[str], k: int) -> list[str]:
    """The k nearest ids, nearest first, ties by id; texts of similarity 0 are never listed."""
    similar = np.flatnonzero(similarities > 0)
    if 0 < k < similar.size:
        similar = similar[similarities[similar] >= np.partition(similarities[similar], -k)[-k]]
    ordered = sorted((-float(similarities[i]), ids[i]) for i in similar.tolist())
    return [found for _, found in ordered[: max(k, 0)]]


def join_parts(*parts: str) -> str:
    """One text of several parts (kind, name, activity; or tags and wishes), none read into the next."""
    return "。".join(part for part in parts if part)


def list_grams(reading: Reading, meaningless: frozenset[str]) -> list[str]:
    """The folded runs of 1–3 characters of a text; runs in hiragana alone are mostly grammar and left out."""
    grams: list[str] = []
    for shown, folded in reading.pieces:
        grams += [char for char in folded if char not in meaningless]
        for size in range(2, _LONGEST_GRAM + 1):
            spans = [slice(start, start + size) for start in range(len(folded) - size + 1)]
            grams += [folded[span] for span in spans if not _HIRAGANA.issuperset(shown[span])]
    return grams


def _weigh(rows: list[list[str]]) -> tuple[dict[str, int], NDArray[np.float32], Any]:
    """TF-IDF with scikit-learn: column of each term, its rarity, and the matrix, rows of unit length."""
    from scipy.sparse import csr_array
    from sklearn.feature_extraction.text import TfidfVectorizer

    if not any(rows):
        return {}, np.zeros(0, dtype=np.float32), csr_array((len(rows), 0), dtype=np.float32)
    vectorizer = TfidfVectorizer(analyzer=_as_is, sublinear_tf=True, dtype=np.float32)
    matrix = vectorizer.fit_transform(rows)
    return dict(vectorizer.vocabulary_), vectorizer.idf_.astype(np.float32), matrix


def _as_is(terms: list[str]) -> list[str]:
    return terms


def _unit_weights(
    amounts: dict[str, float] | Counter[str], columns: dict[str, int], rarity: NDArray[np.float32]
) -> tuple[NDArray[np.intp], NDArray[np.float32]]:
    """Known terms of a query as sorted columns and TF-IDF weights of unit length."""
    known = sorted((columns[term], amount) for term, amount in amounts.items() if term in columns)
    used = np.array([column for column, _ in known], dtype=np.intp)
    weights = np.array([amount for _, amount in known], dtype=np.float32) * rarity[used]
    return used, weights / np.linalg.norm(weights) if used.size else weights


def _shared_words(asked: Reading, shared: set[str]) -> Iterator[str]:
    """The longest stretches of a query that are covered by shared runs, as the query writes them."""
    for shown, folded in asked.pieces:
        start = end = 0
        for at in range(len(folded)):
            if at >= end and start < end:
                yield shown[start:end]
            reach = _reach(folded, at, shared)
            start, end = (at, reach) if at >= end else (start, max(end, reach))
        if start < end:
            yield shown[start:end]


def _reach(folded: str, start: int, shared: set[str]) -> int:
    """Where the longest shared run that starts here ends; the start itself when there is none."""
    ends = range(min(start + _LONGEST_GRAM, len(folded)), start, -1)
    return next((end for end in ends if folded[start:end] in shared), start)
