"""Counting the SQL a page needs."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import event

from tests.cast import World


@contextmanager
def counted_queries(world: World) -> Iterator[list[str]]:
    """Every statement sent to the town's database inside; PRAGMAs, transaction marks and a writer's queueing aside."""
    seen: list[str] = []

    def listen(connection: object, cursor: object, statement: str, *_: object) -> None:
        if not statement.upper().startswith(("PRAGMA", "BEGIN", "SELECT SET_CONFIG")):
            seen.append(statement)

    engines = (world.town.database.reading, world.town.database.writing)
    for engine in engines:
        event.listen(engine, "before_cursor_execute", listen)
    yield seen
    for engine in engines:
        event.remove(engine, "before_cursor_execute", listen)
