"""The words of the command line: which commands there are, and what each may be told."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path

Command = Callable[[argparse.Namespace], int]
Add = Callable[[str, str], argparse.ArgumentParser]


def build_parser(runs: Mapping[str, Command]) -> argparse.ArgumentParser:
    """The whole command line; `runs` says what does each command."""
    parser = argparse.ArgumentParser(prog="tsunagi", description="つなぎ — 参加支援マッチング")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def add(name: str, said: str) -> argparse.ArgumentParser:
        command = commands.add_parser(name, help=said, description=said)
        command.set_defaults(run=runs[name])
        return command

    for group in (_running, _founding, _background, _data, _keeping, _solving, _following, _deciding, _exchange):
        group(add)
    return parser


def _of_a_town(*commands: argparse.ArgumentParser) -> None:
    for command in commands:
        command.add_argument("--town", help="自治体コード（一つだけなら不要）")


def _running(add: Add) -> None:
    setup = add("setup", "データベースを作る・新しくする")
    setup.add_argument("--demo", action="store_true", help="空なら、架空の汐見市のデータを入れる")
    serve = add("serve", "画面を出す")
    serve.add_argument("--demo", action="store_true", help="先に setup --demo をする")
    serve.add_argument("--host", default="127.0.0.1")
    serve.add_argument("--port", type=int, default=8000)
    serve.add_argument(
        "--no-worker", action="store_true", help="裏の仕事をするプロセスを付けない（別に worker を動かすとき）"
    )
    serve.add_argument("--metrics", type=int, metavar="番号", help="計測（Prometheus）の口。この機械の中だけに開く")
    faces = ["staff", "host", "both"]
    serve.add_argument("--face", choices=faces, default="both", help="職員・受け入れ先・両方の画面（はじめは両方）")
    _of_a_town(setup)


def _founding(add: Add) -> None:
    town = add("town", "自治体を加える・一度だけの番号を作り直す")
    steps = town.add_subparsers(dest="action", required=True, metavar="ACTION")
    create = steps.add_parser("create", help="自治体を加えて、はじめの二人の番号を出す")
    create.add_argument("code", metavar="コード", help="全国地方公共団体コード（検査数字つきの6けた）")
    create.add_argument("name", metavar="名称")
    create.add_argument("--host", required=True, metavar="ホスト名", help="職員がこの自治体の画面を開くホスト名")
    create.add_argument("--url", default="", help="PostgreSQL のとき、空のデータベースの場所")
    create.add_argument("--admin", default="", metavar="氏名", help="はじめのシステム管理の人")
    create.add_argument("--supervisor", default="", metavar="氏名", help="はじめの管理者（スーパーバイザー）")
    create.add_argument("--demo", action="store_true", help="架空のデータを入れる（試すとき）")
    again = steps.add_parser("code", help="一度だけの番号を作り直す（前の番号は使えなくなる）")
    again.add_argument("login", metavar="利用者名")
    _of_a_town(again)


def _background(add: Add) -> None:
    worker = add("worker", "裏の仕事（合同照合など）をする")
    worker.add_argument("--once", action="store_true", help="たまっている仕事を終えたらやめる")
    worker.add_argument("--poll", type=float, default=0.5, metavar="秒", help="仕事を探す間隔")
    worker.add_argument("--lease", type=float, default=60.0, metavar="秒", help="返事がないとき、他に渡すまでの長さ")
    worker.add_argument("--parent", type=int, help=argparse.SUPPRESS)
    jobs = add("jobs", "裏の仕事のようすを見る")
    jobs.add_argument(
        "--late", type=int, default=300, metavar="秒", help="これより長く待つ仕事があれば1で終わる（はじめは300）"
    )
    jobs.add_argument("--json", action="store_true", help="結果を JSON だけで出す")
    every = add("solve-all", "すべての自治体で合同照合をし、終わるまで見せる")
    every.add_argument("--seconds", type=float, default=10.0, metavar="秒", help="一つの自治体にかける長さ（はじめは10）")
    every.add_argument("--here", type=int, nargs="?", const=1, default=0, metavar="数", help="自分で worker を動かす")
    every.add_argument("--json", action="store_true", help="結果を JSON だけで出す")
    night = add("nightly", "夜の仕事（古いものの片づけなど）を、いま行う")
    _of_a_town(worker, night)


def _data(add: Add) -> None:
    audit = add("audit", "操作の記録を検査する")
    audit.add_argument("action", choices=["verify", "anchor"], help="検査する・いまの終わりの目印を出す")
    audit.add_argument("--anchor", action="append", default=[], metavar="番号:印", help="前に出した目印（何度でも）")
    audit.add_argument("--copies", type=Path, metavar="DIR", help="控え札も目印にする")
    load = add("import", "受け入れ先を取り込む")
    load.add_argument("kind", choices=["kodomo-shokudo", "wam", "own"])
    load.add_argument("file", type=Path)
    load.add_argument("--dry-run", action="store_true", help="書き込まずに結果だけ見る")
    load.add_argument("--json", action="store_true", help="結果を JSON だけで出す")
    match = add("match", "ひとりの照合結果を出す")
    match.add_argument("person", help="人の識別番号またはケース番号")
    match.add_argument("--json", action="store_true")
    _of_a_town(audit, load, match)


def _keeping(add: Add) -> None:
    backup = add("backup", "封をした控えを取る・確かめる・戻す練習をする")
    steps = backup.add_subparsers(dest="action", required=True, metavar="ACTION")
    key = steps.add_parser("key", help="封をする鍵と、開く鍵の一組を作る")
    keys = steps.add_parser("keys", help="この設置の鍵そのものを、封をして控える")
    keys.add_argument("file", type=Path, metavar="FILE")
    take = steps.add_parser("take", help="前の控えのあとに書かれていれば、控えを取る")
    take.add_argument("--every", type=float, metavar="分", help="やめるまで、この間隔でくり返す")
    listed = steps.add_parser("list", help="控えを並べる")
    check = steps.add_parser("check", help="控えが新しく、こわれていないかを見る（そうでなければ1で終わる）")
    check.add_argument("--late", type=float, default=30.0, metavar="分", help="これより古く、続きがあれば遅い（はじめは30）")
    drill = steps.add_parser("drill", help="いちばん新しい控えを、空の所に戻してみる")
    drill.add_argument("--into", metavar="URL", help="PostgreSQL のとき、戻してみる空のデータベース")
    back = add("restore", "控えから戻す")
    back.add_argument("what", choices=["town", "keys"], help="自治体のデータ・この設置の鍵")
    back.add_argument("file", type=Path, metavar="FILE")
    for command in (take, listed, check, drill):
        command.add_argument("--to", type=Path, required=True, metavar="DIR", help="控えを置くフォルダー")
    for command in (key, keys, take):
        command.add_argument("--recipients", type=Path, required=True, metavar="FILE", help="封をする公開の鍵")
    for command in (key, drill, back):
        command.add_argument("--identity", type=Path, required=True, metavar="FILE", help="封を開く鍵（別の所に置く）")
    look = add("doctor", "この機械と自治体のデータが、決まりどおりかを見る")
    look.add_argument("--json", action="store_true", help="結果を JSON だけで出す")
    _of_a_town(take, listed, check, drill, back, look)


def _solving(add: Add) -> None:
    joint = add("joint", "合同照合をする・やり直して確かめる・計算のもとを出す")
    joint.add_argument("action", choices=["run", "replay", "export"])
    joint.add_argument("run_id", nargs="?", help="計算の番号（replay と export）")
    joint.add_argument("--as", dest="login", metavar="利用者名", help="だれの名前で計算するか（run）")
    joint.add_argument("--seconds", type=float, default=60.0, metavar="秒")
    joint.add_argument("--include-ask", action="store_true", help="要確認の組も含める")
    joint.add_argument("--json", action="store_true")
    solve = add("solve", "ファイルにした合同照合を解く")
    solve.add_argument("file", type=Path, help="形式は docs/matching-model.md の「合同照合のファイル」")
    solve.add_argument("--seconds", type=float, default=60.0, metavar="秒", help="かける長さ（はじめは60）")
    solve.add_argument("--json", action="store_true", help="結果を JSON だけで出す")
    scenarios = add("scenarios", "受入シナリオを検査する")
    scenarios.add_argument("file", type=Path)
    _of_a_town(joint)


def _following(add: Add) -> None:
    rhythm = add("rhythm", "起点の日から、リズムが求める日を出す")
    rhythm.add_argument(
        "--anchor",
        action="append",
        default=[],
        metavar="起点=日",
        help="placement_start・plan_start・closed など（何度でも）",
    )
    rhythm.add_argument("--attends", default="", metavar="曜日", help="通う曜日（月水 など）")
    rhythm.add_argument("--until", metavar="日", help="計算上の日がこの日まで（はじめは、最後の起点から1年）")
    rhythm.add_argument("--json", action="store_true", help="結果を JSON だけで出す")
    play = add("simulate", "架空の汐見市の数週間を、本物の仕組みで試す（別のデータベースで）")
    play.add_argument("--weeks", type=int, default=13, help="何週間か（はじめは13）")
    play.add_argument("--seed", type=int, default=1)
    play.add_argument("--from", dest="start", type=date.fromisoformat, metavar="日", help="はじめの日（はじめは今日）")
    play.add_argument("--json", action="store_true", help="結果を JSON だけで出す")
    _of_a_town(rhythm)


def _deciding(add: Add) -> None:
    preset = add("preset", "ほかの市のやり方（期限・呼び名・会議・リズム）を見る・選ぶ")
    steps = preset.add_subparsers(dest="what", required=True, metavar="ACTION")
    every = steps.add_parser("list", help="どんなやり方があるか")
    show = steps.add_parser("show", help="選ぶと、この町で何が変わるか")
    take = steps.add_parser("apply", help="選ぶ。前の版は残る")
    take.add_argument("--dry-run", action="store_true", help="書き込まずに、変わることだけ見る")
    for each in (show, take):
        each.add_argument("name", metavar="名前")
    _of_a_town(every, show, take)


def _exchange(add: Add) -> None:
    exchange = add("exchange", "職員の側と受け入れ先の側で、ファイルをやりとりする")
    steps = exchange.add_subparsers(dest="action", required=True, metavar="ACTION")
    key = steps.add_parser("key", help="二つの側が同じものを持つ鍵を作る")
    export = steps.add_parser("export", help="もう一方へ渡すファイルを書き出す")
    export.add_argument("what", metavar="FILE")
    export.add_argument("--to", choices=["host", "staff"], required=True, help="どちらの側へ渡すか")
    take = steps.add_parser("import", help="もう一方から来たファイルを取り込む")
    take.add_argument("what", metavar="FILE")
    take.add_argument("--dry-run", action="store_true", help="書き込まずに結果だけ見る")
    invite = steps.add_parser("invite", help="受け入れ先の側で、はじめの人を招くリンクを作る")
    invite.add_argument("what", metavar="名称")
    _of_a_town(key, export, take, invite)
