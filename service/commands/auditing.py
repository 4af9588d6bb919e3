"""`tsunagi audit`: does the log hold together, and is it still the one that was anchored."""

from __future__ import annotations

import argparse

from service.keeping.anchors import broken_anchors, read, say
from service.keeping.facts import head_of
from service.keeping.shelf import copies_on
from service.kernel.audit import verify_chain
from service.web.actor import Town


def audit(town: Town, options: argparse.Namespace) -> int:
    """Print an anchor, or verify against all that are given; a log that does not hold ends with 1."""
    with town.database.read() as session:
        if options.action == "anchor":
            print(say(head_of(session.connection())))
            return 0
        anchors = [read(each) for each in options.anchor]
        anchors += [copy.facts.head for copy in copies_on(options.copies, town.code)] if options.copies else []
        broken = verify_chain(session, town.key)
        lost = broken_anchors(session, anchors)
    if broken is not None:
        print(f"{broken}番目の記録から、つながりが合いません。")
    elif lost:
        print(f"目印と合いません：{'、'.join(map(str, lost))}番目。末尾が消されたか、書きかえて印が付け直されています。")
    else:
        print("記録のつながりは正しいです。" + (f"目印{len(anchors)}個とも合います。" if anchors else ""))
    return int(broken is not None or bool(lost))
