"""資源の不足 for a meeting: what is lacking as it is kept, without a person, and who does what until when."""

from datetime import datetime

from service.kernel.dates import say_instant
from service.resources.agencies.gap_pages import DevelopmentLine, GapLine, GapsView
from service.resources.fax import OFFICE
from service.web.actor import Actor, Town
from service.web.print.document import Block, Document, Rows, Words
from service.web.print.sheets import Letterhead

EMPTY = "当てはまる不足資源はありません。"


def gaps_paper(view: GapsView, label: str, town: Town, actor: Actor, now: datetime) -> Document:
    """A table of the needs, and one of what is undertaken; the numbers lead from one to the other."""
    head = Letterhead("資源の不足と資源開発", town.name, OFFICE, "会議資料", actor.label, say_instant(now))
    needs = tuple(_need(str(at), line) for at, line in enumerate(view.lines, 1))
    acts = tuple(_act(str(at), row) for at, line in enumerate(view.lines, 1) for row in line.developments)
    blocks: tuple[Block, ...] = (
        Rows(
            ("", "足りないこと", "年代・地区", "状態", "会議のメモ"), (1, 9, 4, 4, 5), needs, f"足りないこと　{len(needs)}件"
        ),
        Rows(
            ("", "すること", "だれが・だれに", "いつまで", "状態・結果"), (1, 8, 5, 4, 6), acts, f"資源開発　{len(acts)}件"
        ),
    )
    late = f"　期日を過ぎたもの {view.overdue}件" if view.overdue else ""
    return Document(head, blocks if needs else (Words((EMPTY,)),), f"{label}{late}")


def _need(number: str, line: GapLine) -> tuple[str, ...]:
    whom = "　".join(filter(None, (line.age_band, line.district)))
    state = f"{line.status}（{line.end_reason}）" if line.end_reason else line.status
    return number, f"{line.summary}（{line.condition}）", whom or "—", state, ""


def _act(number: str, row: DevelopmentLine) -> tuple[str, ...]:
    until = f"{row.until}　期日を過ぎています" if row.is_overdue else row.until
    whom = f"{row.who} → {row.with_whom}" if row.with_whom else row.who
    return number, row.what, whom, until, "　".join(filter(None, (row.state, row.place, row.result)))
