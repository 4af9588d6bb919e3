"""What the coordinator reads: reasons, questions, good points and concerns, in plain Japanese."""

import re
from dataclasses import replace
from datetime import date

from service.kernel.vocab import Kind, Side, SideType, Strength
from service.matching.bands import Band
from service.matching.explain import STATUTORY_FIRST, OpeningVerdict, explain
from service.matching.facts import Need, PersonFacts, Slot
from service.matching.instance import Catalogue
from service.matching.questions import host_questions, next_question, person_questions
from service.matching.relax import near_misses, negotiations, relaxations
from service.matching.verdict import evaluate
from tests.matching.cast import TODAY, anybody, catalogue, judge, openings, person, place, vocabulary


def verdict_of(who: str, host: str) -> OpeningVerdict:
    verdicts = evaluate(catalogue(), person(who), today=TODAY)
    return explain(verdicts, catalogue().place_of[host])


def reasons(who: str, host: str) -> list[str]:
    return [found.text for found in verdict_of(who, host).reasons]


def test_reasons_are_complete_and_say_both_sides() -> None:
    assert reasons("S01", "A16") == [
        "活動の曜日・時間（火水木 9:00–12:00）と本人の動ける時間（月火水木金 12:00–17:00）が重なりません",
        "1回120分以上ですが、本人は90分までです",
        "週3日以上ですが、合う日は0日（本人は週2日まで）です",
        "にぎやかさが「ふつう」です（本人は「静か」まで）",
        "途中で帰ることができません",
    ]
    assert reasons("S02", "A07") == ["片道のめやす27分（自転車）で、上限25分を超えます"]
    assert reasons("S03", "A08") == ["受け入れ年齢は18歳以上です（本人16歳）"]
    assert reasons("S04", "A11") == ["対象の性別が合いません（女性の場）"]
    assert reasons("S05", "A16")[1:] == ["におい・薬品があります", "禁煙ではありません（分煙）"]


def test_contact_avoidance_says_neither_who_nor_where() -> None:
    hidden = "接触回避の設定に当たります（詳細は権限のある人のみ）"
    assert reasons("S01", "A15")[0] == hidden
    assert reasons("S06", "A02") == [hidden]


def test_an_unknown_becomes_the_question_for_the_phone() -> None:
    verdict = verdict_of("S05", "A10")
    assert verdict.band is Band.NEEDS_CHECK
    assert [found.text for found in verdict.questions] == ["香料・消毒・塗料などのにおいはありますか"]
    assert [found.text for found in verdict_of("S01", "A14").questions] == [
        "ひきこもりの方・発達に特性のある方を受け入れたことがありますか"
    ]


def test_what_is_missing_on_the_persons_side_is_asked_of_the_person() -> None:
    facts = PersonFacts(consented=True, needs={"travel": Need({"modes": ["walk"], "max_min": 20}, Strength.HARD)})
    verdict = explain(judge(facts, place(lat=35.3, lon=139.5)), 0)
    assert [found.asks_person for found in verdict.questions] == [True]
    assert "自宅" in verdict.questions[0].text


def test_the_points_on_the_card_add_up_to_the_score() -> None:
    wishes = Need({"tags": ["reading", "animals"], "text": ""}, Strength.WISH)
    facts = person("S01", interests=wishes, staff=Need(("F",), Strength.NICE), talk=Need("little", Strength.WISH))
    verdicts = evaluate(catalogue(), facts, today=TODAY)
    for spot in range(len(catalogue())):
        card = explain(verdicts, spot)
        assert sum(point.points for point in (*card.good, *card.concerns)) == card.score
    bookshop = explain(verdicts, catalogue().place_of["A12"])
    assert any(point.text == "希望に合う活動（動物）" and point.points == 3 for point in bookshop.good)
    assert not any("猫" in point.text for point in bookshop.concerns)


def test_what_nobody_asked_about_is_still_worth_knowing() -> None:
    texts = [point.text for point in verdict_of("S02", "A03").concerns]
    assert texts == ["におい・薬品があります", "犬がいます", "たばこを吸う人がいます", "力仕事があります"]


def test_a_statutory_service_says_that_existing_services_come_first() -> None:
    assert explain(judge(anybody(), place(values={"statutory": True})), 0).statutory == STATUTORY_FIRST
    assert explain(judge(anybody(), place()), 0).statutory == ""


def test_a_pause_says_until_when_and_a_full_place_how_many_wait() -> None:
    paused = explain(judge(anybody(), place(status="paused", paused_until=date(2026, 12, 20))), 0)
    assert [found.text for found in paused.reasons] == ["受け入れ休止中です（令和8年12月20日(日)まで）"]
    full = explain(judge(anybody(), place(free=0, waiting=3)), 0)
    assert [found.text for found in full.reasons] == ["空きがありません（空き待ち3人）"]


def test_ways_list_every_mode_and_which_keep_to_the_limit() -> None:
    ways = verdict_of("S04", "A05").ways
    assert [(way.label, way.minutes, way.within) for way in ways] == [("電車・バス", 17, True), ("送迎あり", 0, True)]
    assert [way.within for way in verdict_of("S01", "A12").ways] == [False, True]


def test_no_sentence_shows_an_unfilled_field() -> None:
    everything = {
        attribute.key: attribute.probe for attribute in vocabulary().asked_of_person if attribute.probe is not None
    }
    facts = replace(anybody(**everything), lat=35.33, lon=139.55, age=14, gender="M")
    values = {key: value for opening in openings() for key, value in opening.values.items()}
    for opening in (place(), place(values=values, lat=35.4, lon=139.6, slots=(Slot(5, 540, 600),), free=0)):
        card = explain(judge(facts, opening), 0)
        for text in [found.text + found.need for found in card.findings] + [p.text for p in (*card.good, *card.concerns)]:
            assert not re.search(r"[{}]|None|（）", text), text


def test_only_suggestable_needs_are_proposed_to_be_dropped() -> None:
    verdicts = evaluate(catalogue(), person("S06"), today=TODAY)
    opens = {r.code: [catalogue().ids[spot] for spot, _ in r.opens] for r in relaxations(verdicts)}
    assert opens == {"R-TIME": ["A06"]}
    assert {miss.attribute.code for miss in near_misses(verdicts, 9)} > set(opens)


def test_a_condition_the_host_calls_negotiable_goes_to_the_second_list() -> None:
    facts = anybody(crowd=5, noise="quiet")
    marked = place("A", values={"crowd": 8, "noise": "normal"}, negotiable=frozenset({"crowd", "noise"}))
    half = place("B", values={"crowd": 8, "noise": "normal"}, negotiable=frozenset({"crowd"}))
    open_question = place("C", values={"crowd": 8}, negotiable=frozenset({"crowd"}))
    found = negotiations(judge(facts, marked, half, open_question))
    said = {item.place: ([a.key for a in item.attributes], item.band) for item in found}
    assert said == {0: (["noise", "crowd"], Band.FITS), 2: (["crowd"], Band.NEEDS_CHECK)}


def test_the_host_question_that_settles_most_places_comes_first() -> None:
    facts = anybody(scent=True, watch=True)
    towns = [
        place("A", values={"watch": True}),
        place("B", values={"watch": True}),
        place("C", values={"scent": "none"}),
        place("D"),
        place("E", values={"watch": False}),
    ]
    questions = host_questions(judge(facts, *towns))
    assert [(q.attribute.key, q.settled_by_one_call, len(q.places)) for q in questions] == [("scent", 2, 3), ("watch", 1, 2)]


def test_the_persons_blank_that_changes_most_comes_first_and_answered_ones_are_not_asked_again() -> None:
    towns = [place(str(number), values={"crowd": 20, "animals": "dog" if number else "none"}) for number in range(3)]
    facts = anybody(**{a.key: None for a in vocabulary().core if a.key not in ("crowd", "animals")})
    questions = person_questions(judge(facts, *towns))
    assert [(q.attribute.key, q.changes) for q in questions] == [("crowd", 3), ("animals", 2)]
    assert questions[0].note == "答えによって、あと3か所が変わります"
    asked = next_question(judge(facts, *towns))
    assert asked is not None
    assert asked.attribute.key == "crowd"
    assert next_question(judge(replace(facts, needs={**facts.needs, "crowd": Need(None, Strength.HARD)}), towns[0])) is None


def test_an_attribute_added_as_data_alone_is_evaluated_and_explained() -> None:
    wifi = replace(
        vocabulary()["toilet"],
        key="wifi",
        code="R-WIFI",
        label="Wi-Fi",
        kind=Kind.NEEDS_VALUE,
        host=Side(SideType.FLAG),
        reason="Wi-Fiがありません",
        question="Wi-Fiは使えますか",
        core=False,
    )
    town = Catalogue.build(
        [place("A", values={"wifi": True}), place("B", values={"wifi": False}), place("C")],
        vocabulary().with_attribute(wifi),
    )
    verdicts = evaluate(town, anybody(wifi=True), today=TODAY)
    assert verdicts.bands.tolist() == [0, 2, 1]
    assert explain(verdicts, 1).reasons[0].text == "Wi-Fiがありません"
    assert explain(verdicts, 2).questions[0].text == "Wi-Fiは使えますか"


def test_text_similarity_is_one_named_part_of_the_score() -> None:
    import numpy as np

    towns = [place("A"), place("B")]
    verdicts = judge(anybody(), *towns, similarity=np.array([0.0, 0.5], np.float32))
    assert verdicts.order.tolist() == [1, 0]
    assert [(p.text, p.points) for p in explain(verdicts, 1).good] == [("希望と活動の近さ", 1.5)]
    assert explain(verdicts, 0).good == ()
