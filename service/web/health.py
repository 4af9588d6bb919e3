"""For whoever watches over the machines: does the process answer, and can it work."""

from litestar import Response, get
from litestar.datastructures import State
from sqlalchemy import select

from service.kernel.audit import AuditEntry
from service.kernel.queue.working import AWAY
from service.web.permission import PUBLIC


@get("/healthz", perm=PUBLIC, sync_to_thread=False, media_type="text/plain", include_in_schema=False)
def healthz() -> str:
    """Whether the process answers."""
    return "ok"


@get("/readyz", perm=PUBLIC, sync_to_thread=True, media_type="text/plain", include_in_schema=False)
def readyz(state: State) -> Response[str]:
    """Whether every town's database answers; which one does not, the log says and not the answer."""
    try:
        for town in state.towns.values():
            with town.database.read() as session:
                session.execute(select(AuditEntry.seq).limit(1))
    except AWAY:
        return Response("not ready", status_code=503)
    return Response("ready")
