"""The zip and XML of an xlsx file, checked before any parser sees it."""

import io
import re
import stat
import struct
import zipfile
import zlib
from typing import Final
from xml.parsers import expat

from service.resources.interchange.table import HEADER_WITHIN, MAX_COLUMNS, MAX_ROWS

MAX_UNPACKED: Final = 50 * 1024 * 1024
MAX_PARTS: Final = 200
MAX_RATIO: Final = 100
# Small parts may well be packed a hundredfold; they cannot hurt.
RATIO_FROM: Final = 1024 * 1024
# Formatted but empty rows cost time for nothing; a sheet with more than this is not a list somebody keeps.
MAX_ROW_MARKS: Final = 100_000

_LOCAL_HEADER = struct.Struct("<4s22xHH")
_CELL = re.compile(r"([A-Z]{1,4})([0-9]{1,8})")
_FORBIDDEN_PARTS = (
    ("vbaproject", "macro"),
    ("xl/macrosheets/", "macro"),
    ("xl/externallinks/", "external"),
    ("xl/embeddings/", "nested"),
    ("xl/activex/", "macro"),
)
_NESTED_MAGIC = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")


class PackageProblem(Exception):
    """Why a workbook is refused, as a code."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def open_package(data: bytes) -> bytes:
    """The same workbook, every part unpacked, counted and checked, as a zip whose sizes are true."""
    parts = _unpack(data)
    names = {name.lower() for name in parts}
    if "xl/workbook.xml" not in names:
        raise PackageProblem("not-xlsx")
    safe = io.BytesIO()
    with zipfile.ZipFile(safe, "w", zipfile.ZIP_STORED) as package:
        for name, content in parts.items():
            if name.lower().endswith((".xml", ".rels")):
                _check_xml(content)
                package.writestr(name, content)
    return safe.getvalue()


def _unpack(data: bytes) -> dict[str, bytes]:
    try:
        infos = zipfile.ZipFile(io.BytesIO(data)).infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError, struct.error):
        raise PackageProblem("broken") from None
    if len(infos) > MAX_PARTS:
        raise PackageProblem("parts")
    parts: dict[str, bytes] = {}
    total = 0
    for info in infos:
        _check_name(info)
        if info.filename in parts:
            raise PackageProblem("broken")
        content = _unpack_part(data, info, MAX_UNPACKED - total)
        total += len(content)
        parts[info.filename] = content
    if total > RATIO_FROM and total > MAX_RATIO * len(data):
        raise PackageProblem("unpacked")
    return parts


def _check_name(info: zipfile.ZipInfo) -> None:
    name = info.filename.lower()
    if info.flag_bits & 0x1:
        raise PackageProblem("encrypted")
    steps = name.replace("\\", "/").split("/")
    if ".." in steps or name.startswith(("/", "\\")) or ":" in name or stat.S_ISLNK(info.external_attr >> 16):
        raise PackageProblem("path")
    for forbidden, code in _FORBIDDEN_PARTS:
        if forbidden in name:
            raise PackageProblem(code)
    if name.endswith((".zip", ".xlsx", ".xlsm", ".docx", ".7z", ".rar", ".gz")):
        raise PackageProblem("nested")


def _unpack_part(data: bytes, info: zipfile.ZipInfo, budget: int) -> bytes:
    """The part's real bytes; the sizes that the archive states are not believed."""
    packed = _packed_bytes(data, info)
    if info.compress_type == zipfile.ZIP_STORED:
        content = packed
    elif info.compress_type == zipfile.ZIP_DEFLATED:
        content = _inflate(packed, budget)
    else:
        raise PackageProblem("broken")
    if len(content) > budget or (len(content) > RATIO_FROM and len(content) > MAX_RATIO * len(packed)):
        raise PackageProblem("unpacked")
    if len(content) != info.file_size:
        raise PackageProblem("broken")
    if content.startswith(_NESTED_MAGIC):
        raise PackageProblem("nested")
    return content


def _packed_bytes(data: bytes, info: zipfile.ZipInfo) -> bytes:
    start = info.header_offset
    if start < 0 or start + 30 > len(data):
        raise PackageProblem("broken")
    magic, name_length, extra_length = _LOCAL_HEADER.unpack_from(data, start)
    first = start + 30 + name_length + extra_length
    if magic != b"PK\x03\x04" or first + info.compress_size > len(data):
        raise PackageProblem("broken")
    return data[first : first + info.compress_size]


def _inflate(packed: bytes, budget: int) -> bytes:
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        content = inflater.decompress(packed, budget + 1)
    except zlib.error:
        raise PackageProblem("broken") from None
    if not inflater.eof and len(content) <= budget:
        raise PackageProblem("broken")
    return content


def _check_xml(content: bytes) -> None:
    """Refuses document types, and cells so far out that a dense grid up to them would fill the memory."""
    sheet = _SheetExtent()
    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = _refuse_doctype
    parser.StartElementHandler = sheet.start
    try:
        parser.Parse(content, True)
    except expat.ExpatError:
        raise PackageProblem("broken") from None


def _refuse_doctype(*_: object) -> None:
    raise PackageProblem("doctype")


class _SheetExtent:
    """How far out the cells of a sheet lie that hold anything; empty formatted rows do not count."""

    def __init__(self) -> None:
        self.row = 0
        self.column = 0
        self.marks = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        match name.rpartition(":")[2]:
            case "row":
                stated = attributes.get("r", "")
                self.row = int(stated) if stated.isascii() and stated.isdecimal() else self.row + 1
                self.column = 0
                self.marks += 1
                if self.marks > MAX_ROW_MARKS:
                    raise PackageProblem("empty-rows")
            case "c":
                self._enter_cell(attributes.get("r", ""))
            case "v" | "f" | "is":
                if self.row > MAX_ROWS + HEADER_WITHIN:
                    raise PackageProblem("rows")
                if self.column > MAX_COLUMNS:
                    raise PackageProblem("columns")

    def _enter_cell(self, reference: str) -> None:
        self.column += 1
        if stated := _CELL.fullmatch(reference.upper()):
            self.column = sum((ord(c) - 64) * 26**power for power, c in enumerate(reversed(stated[1])))
            self.row = int(stated[2])
