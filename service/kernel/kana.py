"""Keys for finding and ordering Japanese names: what is stored and what is typed fold to the same text."""

import unicodedata

import jaconv

MIN_SEARCH_LENGTH = 2
"""A search of fewer folded characters than this would match half of the town."""

_IGNORED_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Zs", "Zl", "Zp"})
_IGNORED = frozenset("・･‧·")
_KANJI_VARIANTS = str.maketrans("髙﨑邉邊齋齊斉濵濱澤廣嶋𠮷", "高崎辺辺斎斎斎浜浜沢広島吉")
_ONES_SMALL = dict(zip("ァィゥェォッャュョヮヵヶ", "アイウエオツヤユヨワカケ", strict=True))
_VOWEL_OF = {
    kana: vowel
    for vowel, row in {
        "ア": "アカサタナハマヤラワ",
        "イ": "イキシチニヒミリヰ",
        "ウ": "ウクスツヌフムユル",
        "エ": "エケセテネヘメレヱ",
        "オ": "オコソトノホモヨロヲ",
    }.items()
    for kana in row
}
_VOICING = {"\u3099": "1", "\u309a": "2"}


def fold_text(text: str) -> str:
    """The search key of a text: width, kana kind, case, spaces, ・ and the usual name variants no longer matter.

    Never raises: control characters, lone surrogates and variation selectors are dropped. The key is meant for
    `LIKE` on a column that holds `fold_text` of the stored words; escape % and _ in it.
    """
    decomposed = unicodedata.normalize("NFKD", text).casefold()
    kept = "".join(char for char in decomposed if not _is_ignored(char))
    composed = unicodedata.normalize("NFKC", kept)
    return jaconv.hira2kata(composed).translate(_KANJI_VARIANTS)


def is_searchable(text: str) -> bool:
    """True when enough is left of what was typed to search for."""
    return len(fold_text(text)) >= MIN_SEARCH_LENGTH


def sort_key(kana: str) -> str:
    """五十音 order as a text that plain binary comparison sorts (COLLATE "C" on PostgreSQL).

    Voicing, small kana and the long mark decide only between words that are otherwise equal,
    in the order of JIS X 4061: は < ば < ぱ, ー < っ < つ.
    """
    letters: list[str] = []
    voicing: list[str] = []
    size: list[str] = []
    for char in unicodedata.normalize("NFD", fold_text(kana)):
        if char in _VOICING and voicing:
            voicing[-1] = _VOICING[char]
            continue
        letter, rank = _letter_and_rank(char, letters[-1] if letters else "")
        letters.append(letter)
        voicing.append("0")
        size.append(rank)
    # The space sorts before every letter, so a word comes before its own continuations.
    return " ".join(("".join(letters), "".join(voicing), "".join(size)))


def _is_ignored(char: str) -> bool:
    is_variation_selector = "\ufe00" <= char <= "\ufe0f" or "\U000e0100" <= char <= "\U000e01ef"
    return char in _IGNORED or is_variation_selector or unicodedata.category(char) in _IGNORED_CATEGORIES


def _letter_and_rank(char: str, before: str) -> tuple[str, str]:
    """The full-size plain letter that a character sorts as, and its rank among those sorting alike."""
    if char == "ー" and before in _VOWEL_OF:
        return _VOWEL_OF[before], "0"
    if char in _ONES_SMALL:
        return _ONES_SMALL[char], "1"
    if char == "ヽ" and before:
        return before, "2"
    return char, "3"
