from hypothesis import given
from hypothesis import strategies as st

from service.kernel.kana import fold_text, is_searchable, sort_key


def test_width_kana_kind_case_and_spaces_do_not_matter() -> None:
    wanted = fold_text("カフェ・ガーデン")
    for typed in ("かふぇ ガーデン", "ｶﾌｪｶﾞｰﾃﾞﾝ", "カフェ　ガーデン", "カフェ･ガーデン", "かふぇがーでん"):
        assert fold_text(typed) == wanted
    assert fold_text("ＳＯＭＰＯケア") == fold_text("sompo けあ")


def test_variants_of_family_names_find_each_other() -> None:
    for variants in ("髙高", "﨑崎", "邉邊辺", "齋齊斎斉", "濵濱浜", "澤沢", "廣広", "嶋島", "𠮷吉"):
        assert len({fold_text(kanji) for kanji in variants}) == 1, variants
    assert fold_text("邉\U000e0101") == fold_text("辺")


def test_part_of_a_name_is_found_by_like() -> None:
    assert fold_text("さいたま") in fold_text("さいたま子ども食堂")
    assert fold_text("ﾀﾏｺ") in fold_text("さいたま子ども食堂".replace("子", "コ"))


def test_two_letters_are_enough_to_search_and_one_is_not() -> None:
    assert is_searchable("農園")
    assert not is_searchable(" 農 ")
    assert not is_searchable("\u200b\u200d・")


def test_broken_text_is_folded_without_an_error() -> None:
    assert fold_text("\ud800青\x00木\u200b\udfff") == "青木"
    assert sort_key("\udc00") == sort_key("")


@given(st.text(alphabet=st.characters(), max_size=60))
def test_any_text_has_keys_without_spaces_or_controls(text: str) -> None:
    folded = fold_text(text)
    assert not any(char.isspace() or char in "\x00・" for char in folded)
    folded.encode("utf-8")
    sort_key(text).encode("utf-8")


@given(st.text(alphabet="あゔぁぱッーゞアｶﾞ青髙Ａz９ 　・", max_size=30))
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold_text(fold_text(text)) == fold_text(text)


def test_words_are_ordered_by_fifty_sounds() -> None:
    ordered = "あい アー ああ あいう か かあぶ カーブ がーぶ かた かだ がた かった かつた ハ ば ぱ ばあい はい ん"
    wanted = [
        *("アー", "ああ", "あい", "あいう", "か", "カーブ", "かあぶ", "がーぶ", "かた", "かだ", "がた"),
        *("かった", "かつた", "ハ", "ば", "ぱ", "ばあい", "はい", "ん"),
    ]
    assert sorted(ordered.split(), key=sort_key) == wanted


def test_hiragana_and_katakana_share_one_place_in_the_order() -> None:
    assert sort_key("しみず") == sort_key("シミズ") == sort_key("ｼﾐｽﾞ")
    assert sort_key("1") < sort_key("a") < sort_key("あ") < sort_key("亜")
