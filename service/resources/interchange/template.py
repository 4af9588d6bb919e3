"""The empty list of places to fill in, made from the vocabulary: its columns, a sample row, the words to use."""

from typing import Final

from openpyxl import Workbook
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from service.kernel.vocab import Attribute, Side, SideType, Vocabulary
from service.resources.interchange.answers import ANSWERABLE, say_allowed
from service.resources.interchange.drafts import HOST_KINDS
from service.resources.interchange.table import header_key
from service.resources.interchange.writing import header_cells, text_cell, workbook_bytes

SOURCE: Final = "受け入れ先一覧"
SAMPLE_MARK: Final = "（記入例）"
STATES: Final = ("受け入れ中", "休止中")
# Where the ready-made lists of answers reach in the template.
_LISTED_ROWS: Final = 1_000
# Columns of a place: header, what stands in the sample row, what may be written.
COLUMNS: Final = (
    ("名称*", f"{SAMPLE_MARK}海の台所", "必ず入れます。200字まで"),
    ("よみがな", "うみのだいどころ", ""),
    ("種別", "居場所", "・".join(HOST_KINDS.values())),
    ("運営団体", "NPO法人 海の会", ""),
    ("住所", "〇〇市△△町1-2-3", "町名と番地まで"),
    ("建物", "", ""),
    ("緯度", "", "35.123456 のような数字。分からなければ空"),
    ("経度", "", "139.123456 のような数字。分からなければ空"),
    ("電話", "000-000-0000", "2つあるときは「、」で区切ります"),
    ("FAX", "", ""),
    ("メール", "", ""),
    ("URL", "", "https:// から"),
    ("紹介文", "昼ごはんを一緒に作って食べる場所です。", "2,000字まで"),
    ("活動", "昼食づくり", "受け入れる活動の名前"),
    ("活動の内容", "野菜を切る、盛りつける、片付ける", ""),
    ("活動の種類", "料理、配膳", ""),
    ("曜日時間", "月水金 10:00-13:00; 第2・第4土 9:00-11:00", "曜日と時間。「;」で区切ります"),
    ("時間の説明", "8月は休み", "曜日時間に書ききれないこと"),
    ("空き", "2", "いま受け入れられる人数。分からなければ空"),
    ("状況", "受け入れ中", "・".join(STATES)),
    ("備考", "", ""),
)
OWN_HEADERS: Final = frozenset(header_key(name) for name, _, _ in COLUMNS)
INTERESTS: Final = "interests"
_ALIASES: Final = {"最短分": "session", "最短時間": "session"}
# What a list of answers in a cell may be long; beyond that a spreadsheet calls the file damaged.
_LONGEST_LIST: Final = 255


def write_template(vocabulary: Vocabulary) -> bytes:
    """An xlsx file to fill in: header and a sample row, and a second sheet with the words that may be used."""
    attributes = template_headers(vocabulary)
    header = [*(name for name, _, _ in COLUMNS), *attributes]
    sample = [*(words for _, words, _ in COLUMNS), *([""] * len(attributes))]
    book = Workbook(write_only=True)
    sheet = book.create_sheet(SOURCE)
    sheet.freeze_panes = "B2"
    for at, name in enumerate(header, start=1):
        sheet.column_dimensions[get_column_letter(at)].width = min(max(2 * len(name) + 2, 10), 30)
    for at, attribute in enumerate(attributes.values(), start=len(COLUMNS) + 1):
        if listed := _listed(attribute.host):
            sheet.data_validations.append(_choices(listed, get_column_letter(at)))
    sheet.append(list(header_cells(sheet, header)))
    sheet.append([text_cell(sheet, words) for words in sample])
    words = book.create_sheet("書き方")
    words.append(list(header_cells(words, ("見出し", "書き方"))))
    for name, _, how in COLUMNS:
        how = say_allowed(activity_side(vocabulary)) if name == "活動の種類" else how
        words.append([text_cell(words, name), text_cell(words, how)])
    for name, attribute in attributes.items():
        how = "。".join(part for part in (say_allowed(attribute.host), attribute.host.hint) if part)
        words.append([text_cell(words, name), text_cell(words, how)])
    return workbook_bytes(book)


def asked_of_place(vocabulary: Vocabulary) -> list[Attribute]:
    """The attributes with a column of their own; the interests are the column 活動の種類."""
    return [
        attribute
        for attribute in vocabulary.asked_of_host
        if attribute.host.type in ANSWERABLE and attribute.key != INTERESTS
    ]


def template_headers(vocabulary: Vocabulary) -> dict[str, Attribute]:
    """The columns of the attributes as the template shows them: the label with its unit, 1回の長さ（分）.

    A label that is already a column gets the attribute's key behind it.
    """
    headers: dict[str, Attribute] = {}
    for attribute in asked_of_place(vocabulary):
        unit = attribute.host.unit
        header = f"{attribute.label}（{unit}）" if unit else attribute.label
        taken = header_key(header) in OWN_HEADERS or header in headers
        headers[f"{header}〔{attribute.key}〕" if taken else header] = attribute
    return headers


def accepted_headers(vocabulary: Vocabulary) -> dict[str, Attribute]:
    """Every header under which an attribute may come back: as in the template, without its unit, or its key."""
    shown = template_headers(vocabulary)
    accepted = {header_key(header): attribute for header, attribute in shown.items()}
    for attribute in shown.values():
        accepted.setdefault(header_key(attribute.label), attribute)
        accepted.setdefault(header_key(attribute.key), attribute)
    aliases = {header: vocabulary[key] for header, key in _ALIASES.items() if key in vocabulary}
    return {header: attribute for header, attribute in (aliases | accepted).items() if header not in OWN_HEADERS}


def activity_side(vocabulary: Vocabulary) -> Side:
    """The activity tags as something to choose from."""
    return Side(SideType.TAGS, choices=vocabulary.activities)


def _listed(side: Side) -> str:
    """The answers a cell offers as a list, empty where it offers none."""
    if side.type is SideType.FLAG:
        return "はい,いいえ"
    labels = ",".join(choice.label for choice in side.choices)
    return labels if side.type is SideType.CHOICE and len(labels) <= _LONGEST_LIST else ""


def _choices(listed: str, column: str) -> DataValidation:
    return DataValidation("list", formula1=f'"{listed}"', sqref=f"{column}2:{column}{_LISTED_ROWS}", showErrorMessage=False)
