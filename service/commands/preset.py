"""`tsunagi preset`: the ways of working there are, what one would change in a town, and taking it over."""

from __future__ import annotations

import argparse

from service.desk.presets import apply_preset, differences, preset_named, presets
from service.kernel.clock import now_utc
from service.setup import MACHINE, signature
from service.web.actor import Town


def preset(town: Town, options: argparse.Namespace) -> int:
    """List them, or show or take over one; `--dry-run` writes nothing."""
    if options.what == "list":
        for each in presets().values():
            print(f"{each.key}　{each.name}　{each.about}")
        return 0
    chosen = preset_named(options.name)
    if options.what == "show" or options.dry_run:
        with town.database.read() as session:
            changes = differences(session, chosen)
    else:
        now = now_utc()
        with town.database.write(signature=signature(town, now)) as session:
            changes = apply_preset(session, MACHINE, chosen, now)
    print(f"{chosen.name}（もと：{chosen.source}）")
    for change in changes:
        print(f"  {change.what}：{change.before or '（なし）'} → {change.after}")
    print(_said(len(changes), wrote=options.what == "apply" and not options.dry_run))
    return 0


def _said(count: int, *, wrote: bool) -> str:
    if not count:
        return "変わることはありません。もう、このとおりです。"
    return f"{count}件を変えました。" if wrote else f"{count}件が変わります。まだ何も書き込んでいません。"
