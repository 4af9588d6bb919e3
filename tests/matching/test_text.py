"""Text fit: wishes find the activities that mean the same, show why, and say nothing when nothing is shared."""

import copy
import io
import json
import math
import tomllib
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks import text as benchmark
from service.kernel.errors import DomainError
from service.matching.scoring.text import TextIndex, join_parts, rank
from service.matching.scoring.thesaurus import Thesaurus

VOCABULARY = Path(__file__).parents[2] / "seed" / "vocab"
DATA: dict[str, Any] = tomllib.loads((VOCABULARY / "thesaurus.toml").read_text(encoding="utf-8"))
THESAURUS = Thesaurus.from_data(DATA)
ACTIVITIES = tomllib.loads((VOCABULARY / "activities.toml").read_text(encoding="utf-8"))["activity"]

TEXTS = [
    "図書館の本の修理と書架の整理。静かな環境です。",
    "花壇の植え替えと水やり。",
    "猫の世話とケージの掃除。",
    "レジと接客、商品の品出し。",
    "将棋と囲碁の相手。",
    "パンの袋詰め。早朝から。",
    "封筒への封入。黙々と一人で取り組めます。",
    "図書館の本の修理と書架の整理。静かな環境です。",
]
INDEX = TextIndex.build(TEXTS, THESAURUS)
wishes = st.sampled_from(["読書が好き", "動物とパン", "接客は苦手", "花と将棋", "静かに封入", "量子力学", ""]) | st.text(
    max_size=30
)


def best(query: str) -> int:
    return int(np.argmax(INDEX.similarity(query)))


def test_different_words_for_the_same_activity_find_it() -> None:
    assert best("ガーデニングをしたい") == 1
    assert best("読書の好きな人です") == 0
    assert best("ペットとふれあいたい") == 2


def test_half_width_kana_and_hiragana_find_what_kanji_and_full_width_say() -> None:
    assert best("ｶﾞｰﾃﾞﾆﾝｸﾞ") == 1
    np.testing.assert_array_equal(INDEX.similarity("ねこ カフェ"), INDEX.similarity("ネコカフェ"))
    np.testing.assert_array_equal(INDEX.similarity("ﾊﾟﾝ"), INDEX.similarity("パン"))


@pytest.mark.parametrize("query", ["", "  \n", "。、", "好きです", "量子力学", "ですます"])
def test_nothing_shared_is_exactly_zero_for_every_text(query: str) -> None:
    assert not INDEX.similarity(query).any()
    assert rank(INDEX.similarity(query), list("abcdefgh"), 10) == []


def test_a_text_about_something_else_stays_at_zero() -> None:
    similarity = INDEX.similarity("将棋を指したい")
    assert similarity[4] > 0
    assert not np.delete(similarity, 4).any()


@given(wishes)
@settings(max_examples=60, deadline=None)
def test_similarity_lies_between_zero_and_one_and_is_positive_exactly_when_there_is_a_reason(query: str) -> None:
    similarity = INDEX.similarity(query)
    assert similarity.dtype == np.float32
    assert similarity.shape == (len(TEXTS),)
    assert ((similarity >= 0) & (similarity <= 1)).all()
    assert [bool(INDEX.why(query, i)) for i in range(len(TEXTS))] == (similarity > 0).tolist()


@given(st.permutations(range(len(TEXTS))), wishes)
@settings(max_examples=40, deadline=None)
def test_the_order_of_the_texts_does_not_change_their_similarity(order: list[int], query: str) -> None:
    shuffled = TextIndex.build([TEXTS[i] for i in order], THESAURUS)
    np.testing.assert_array_equal(shuffled.similarity(query), INDEX.similarity(query)[order])


def test_the_same_text_twice_is_equally_near() -> None:
    similarity = INDEX.similarity("本の修理")
    assert similarity[0] == similarity[7] > 0


def test_building_and_asking_again_gives_the_same_numbers() -> None:
    again = TextIndex.build(TEXTS, Thesaurus.load(VOCABULARY / "thesaurus.toml"))
    np.testing.assert_array_equal(again.similarity("静かな場所で読書"), INDEX.similarity("静かな場所で読書"))


@pytest.mark.parametrize("texts", [[], ["", "。"], ["ですます"]])
def test_a_catalogue_without_words_answers_with_zeros(texts: list[str]) -> None:
    assert TextIndex.build(texts, THESAURUS).similarity("読書").tolist() == [0.0] * len(texts)


def test_the_reason_names_concepts_and_the_words_as_written() -> None:
    assert INDEX.why("読書。静かな図書館", 0) == ("読書・本", "静かな場", "静かな", "図書館")
    assert "園芸・花" in INDEX.why("農作業", 1)
    assert INDEX.why("車庫の整理", 0) == ("整理・整頓", "整理")
    assert INDEX.why("将棋", 2) == ()


def test_a_single_letter_is_a_reason_only_when_there_is_no_other() -> None:
    index = TextIndex.build(["鍋敷き"], THESAURUS)
    assert index.why("鍋", 0) == ("鍋",)
    assert index.why("敷物と鍋敷き", 0) == ("鍋敷き",)


def test_a_word_every_activity_has_is_no_reason() -> None:
    assert TextIndex.build(["手仕事の会"], THESAURUS).why("針仕事", 0) == ("手芸", "細かい手作業")


def test_a_dislike_counts_as_the_wish_behind_it_and_never_as_an_interest() -> None:
    similarity = INDEX.similarity("接客は苦手")
    assert similarity[3] == 0
    assert similarity[6] > 0
    assert not INDEX.similarity("将棋が嫌いです").any()


def test_a_dislike_ends_at_the_clause_and_at_a_contrast() -> None:
    assert best("接客は苦手、将棋は好き") == 4
    assert best("将棋は苦手だけど猫は好き") == 2


def test_a_phrase_that_only_looks_negative_keeps_its_interest() -> None:
    assert best("将棋を無理なく続けたい") == 4


def test_a_place_without_customers_is_near_to_somebody_who_avoids_them() -> None:
    index = TextIndex.build(["客室の清掃。接客はありません。", "客室の清掃。接客があります。"], THESAURUS)
    quiet, busy = index.similarity("接客は無理")
    assert quiet > busy


def test_a_longer_word_is_not_read_as_the_shorter_word_inside_it() -> None:
    assert "baking" not in THESAURUS.read("自転車のパンク").concepts
    assert "reading" not in THESAURUS.read("日本の本人確認").concepts
    assert "reading" in THESAURUS.read("本").concepts


@pytest.mark.parametrize("activity", ACTIVITIES, ids=lambda activity: activity["key"])
def test_every_starting_activity_tag_reaches_a_concept(activity: dict[str, str]) -> None:
    assert THESAURUS.read(activity["label"]).concepts


def test_activity_tags_have_one_key_and_one_label_each() -> None:
    assert len({row["key"] for row in ACTIVITIES}) == len({row["label"] for row in ACTIVITIES}) == len(ACTIVITIES)


def test_a_term_added_to_the_data_is_found_without_code() -> None:
    data = copy.deepcopy(DATA)
    assert INDEX.similarity("ニャンズ")[2] == 0
    next(concept for concept in data["concept"] if concept["key"] == "cats")["terms"].append("ニャンズ")
    assert TextIndex.build(TEXTS, Thesaurus.from_data(data)).similarity("にゃんず")[2] > 0


def test_a_larger_weight_gives_meaning_more_say() -> None:
    light, heavy = (TextIndex.build(TEXTS, Thesaurus.from_data(DATA | {"weight": weight})) for weight in (0.1, 1))
    assert light.similarity("ガーデニング")[1] < heavy.similarity("ガーデニング")[1]


def test_a_neighbouring_activity_counts_less_than_the_activity_itself() -> None:
    index = TextIndex.build(["畑の草取り", "花壇の手入れ", "将棋"], THESAURUS)
    itself, neighbour, other = index.similarity("農業")
    assert itself > neighbour > other == 0


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"concept": [{"key": "a", "label": "あ", "terms": ["い"], "near": ["b"]}]}, "b"),
        ({"concept": [{"key": "a", "label": "あ", "terms": ["い"]}] * 2}, "二つ"),
        ({"concept": [{"key": "a", "label": "あ"}]}, "terms"),
        ({"concept": [{"key": "a", "label": "あ", "terms": "いう"}]}, "terms"),
        ({"concept": [{"key": "a", "label": "あ", "terms": [" "]}]}, "terms"),
        ({"avoidance": [{"about": ["音"], "wish": ["nowhere"]}]}, "nowhere"),
        ({"weight": 0}, "weight"),
        ({"negations": [3]}, "negations"),
        ({"concept": [3]}, "ことばの辞書"),
    ],
)
def test_a_thesaurus_that_cannot_be_used_is_refused_in_words(data: dict[str, Any], said: str) -> None:
    with pytest.raises(DomainError, match=said):
        Thesaurus.from_data(data)


def test_a_thesaurus_file_that_cannot_be_read_is_refused_in_words(tmp_path: Path) -> None:
    (tmp_path / "broken.toml").write_text("concept = [", encoding="utf-8")
    for name in ("broken.toml", "absent.toml"):
        with pytest.raises(DomainError, match="読めません"):
            Thesaurus.load(tmp_path / name)


def test_ranking_is_by_similarity_then_id_and_never_pads() -> None:
    similarities = np.array([0.5, 0.0, 0.7, 0.5, 0.5], dtype=np.float32)
    ids = ["d", "e", "a", "c", "b"]
    assert rank(similarities, ids, 10) == ["a", "b", "c", "d"]
    assert rank(similarities, ids, 2) == ["a", "b"]
    assert rank(similarities, ids, 0) == []


def test_parts_are_not_read_into_each_other() -> None:
    assert THESAURUS.read(join_parts("農", "", "園芸")).concepts == ("farming", "gardening")
    assert "theatre" not in THESAURUS.read(join_parts("芝", "居")).concepts


def test_ndcg_equals_the_sum_worked_out_by_hand() -> None:
    grades = {"a": 3, "b": 2, "c": 1}
    best_order = 7 + 3 / math.log2(3) + 1 / 2
    scores = benchmark.score_answer(["b", "x", "a"], grades)
    assert scores.ndcg == pytest.approx((3 + 7 / 2) / best_order)
    assert scores.ndcg_linear == pytest.approx((2 + 3 / 2) / (3 + 2 / math.log2(3) + 1 / 2))
    assert scores.recall == 1.0
    assert benchmark.score_answer(["a", "b", "c"], grades).ndcg == pytest.approx(1.0)


def test_only_the_first_ten_answers_count() -> None:
    late = benchmark.score_answer([*"0123456789", "a"], {"a": 3})
    assert (late.ndcg, late.recall) == (0.0, 0.0)


def test_a_query_with_nothing_to_find_has_no_measure_instead_of_a_good_one() -> None:
    scores = benchmark.score_answer(["a"], {"a": 1})
    assert scores.ndcg == 1.0
    assert scores.recall is None
    assert benchmark.score_answer(["a"], {}).ndcg is None


def run_benchmark(*arguments: str) -> tuple[int, str, str]:
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        code = benchmark.main(arguments)
    return code, out.getvalue(), err.getvalue()


def write_lines(path: Path, *rows: object) -> str:
    path.write_text("\n".join(row if isinstance(row, str) else json.dumps(row) for row in rows), encoding="utf-8")
    return str(path)


def test_the_benchmark_reports_means_per_style_as_json_alone(tmp_path: Path) -> None:
    file = write_lines(
        tmp_path / "graded.jsonl",
        {"kind": "doc", "id": "1", "host_type": "農園", "name": "里山", "text": "畑の草取り"},
        {"kind": "doc", "id": "2", "host_type": "団体", "name": "会", "text": "将棋"},
        {"kind": "query", "id": "q1", "style": "s", "text": "農業がしたい", "grades": {"1": 3}},
        {"kind": "query", "id": "q2", "style": "k", "text": "量子力学", "grades": {"2": 2}},
    )
    code, out, err = run_benchmark("--json", file)
    report = json.loads(out)
    assert (code, err) == (0, "")
    assert (report["queries"], report["documents"], report["no_match"]) == (2, 2, 1)
    assert (report["ndcg_at_10"], report["recall_at_10"]) == (0.5, 0.5)
    assert report["styles"]["s"]["ndcg_at_10"] == 1.0
    assert report["styles"]["k"]["recall_at_10"] == 0.0
    assert "nDCG@10" in run_benchmark(file)[1]


@pytest.mark.parametrize(
    "row",
    ["{", "3", {"kind": "host"}, {"kind": "doc", "id": "1"}, {"kind": "query", "id": "q", "text": "本", "grades": {"1": 9}}],
)
def test_a_line_of_another_shape_is_named_in_japanese(tmp_path: Path, row: object) -> None:
    file = write_lines(tmp_path / "bad.jsonl", {"kind": "doc", "id": "1", "text": "本"}, row)
    code, out, err = run_benchmark("--json", file)
    assert (code, out) == (2, "")
    assert "2 行目" in err


def test_a_missing_or_empty_file_is_refused_in_japanese(tmp_path: Path) -> None:
    assert "読めません" in run_benchmark("--json", str(tmp_path / "absent.jsonl"))[2]
    assert "必要です" in run_benchmark("--json", write_lines(tmp_path / "empty.jsonl"))[2]
