"""A table as a CSV file in the encoding somebody asked for."""

from collections.abc import Iterable, Sequence
from urllib.parse import quote

from litestar import Response

from service.resources.catalogue_controllers import attachment
from service.resources.interchange.writing import Value, write_csv
from service.web.call import Call


def csv_answer(call: Call, header: Sequence[str], rows: Iterable[Sequence[Value]], name: str) -> Response[bytes]:
    """UTF-8 with BOM, or Shift_JIS; letters that it lacks are counted in a header of the answer and stand as 〓."""
    old = call.request.query_params.get("encoding") == "cp932"
    file = write_csv(header, rows, "cp932" if old else "utf-8-sig")
    answer = attachment(file.data, name, "text/csv; charset=" + ("shift_jis" if old else "utf-8"))
    if file.unmappable:
        answer.headers["x-unmappable-letters"] = quote("".join(file.unmappable))
    return answer
