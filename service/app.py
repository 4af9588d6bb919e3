"""The house assembled: every slice's pages, one way in, one shape of error."""

import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final

from litestar import Litestar, Router
from litestar.concurrency import set_asyncio_executor
from litestar.config.compression import CompressionConfig
from litestar.config.csrf import CSRFConfig
from litestar.datastructures import CacheControlHeader
from litestar.di import Provide
from litestar.exceptions import HTTPException
from litestar.openapi.config import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin
from litestar.static_files import create_static_files_router

from service.accounts.controllers import SignIn
from service.accounts.doorkeeper import Doorkeeper
from service.accounts.join_controllers import Join
from service.accounts.own_controllers import OwnAccount
from service.accounts.roles import (
    AUDIT_ROOM,
    AUDITOR,
    GUEST,
    HOMES,
    HOST,
    HOST_HOME,
    READ_CASES,
    READ_CATALOGUE,
    READ_FOLLOWUP,
    READ_MATCHES,
    READ_MEETINGS,
    READ_PLACEMENTS,
    READ_PROCESS,
    READ_REPORTS,
    READ_SETTINGS,
    REFER,
    REFERRER,
    SIGNED_IN,
    TEAM,
    TEAM_PAGES,
)
from service.accounts.second.controllers import SecondStep
from service.kernel.errors import DomainError
from service.settings import Settings
from service.web.actor import Town
from service.web.call import provide_call
from service.web.errors import answer_domain_error, answer_http_error, answer_unexpected
from service.web.health import healthz, readyz
from service.web.page import Face, Finds, NavEntry
from service.web.permission import PUBLIC, check_permission, refuse_undeclared
from service.web.security import guard_answers
from service.web.templating import STATIC

NAV = (
    NavEntry("今日", "/", SIGNED_IN),
    NavEntry("つなぐシート", "/refer", REFER),
    NavEntry("会議の案内", "/invitations", REFER),
    NavEntry("関わっているケース", "/team", TEAM_PAGES),
    NavEntry("受付", "/referrals", READ_PROCESS, also=("/feedback", "/advice")),
    NavEntry("人をさがす", "/people", READ_CASES),
    NavEntry("合同照合", "/joint", READ_MATCHES),
    NavEntry("打診・紹介", "/placements", READ_PLACEMENTS),
    NavEntry("会議", "/meetings", READ_MEETINGS),
    NavEntry("フォローアップ", "/followup", READ_FOLLOWUP, also=("/calendar",)),
    NavEntry("受け入れ先", "/hosts", READ_CATALOGUE, also=("/openings", "/gaps", "/agencies")),
    NavEntry("統計", "/reports", READ_REPORTS),
    NavEntry("操作の記録", "/audit", AUDIT_ROOM),
    NavEntry("設定", "/settings", READ_SETTINGS),
)
FINDS = (
    Finds(READ_CASES, "氏名・カナ・ケース番号"),
    Finds(READ_PROCESS, "シートの氏名・ケース番号"),
    Finds(READ_CATALOGUE, "受け入れ先の名前・住所"),
)
"""What the box in the head finds, the most telling first; to whom it would show nothing it is not shown."""
FACES = {
    HOST: Face("host_face/base.html", HOST_HOME),
    REFERRER: Face(home=HOMES[REFERRER]),
    GUEST: Face(home=HOMES[GUEST]),
    TEAM: Face(home=HOMES[TEAM]),
    AUDITOR: Face(home=HOMES[AUDITOR]),
}
"""Whoever has one of these roles finds another house around the page; everybody else the staff's."""
WARM_UP = "warm-up"
STAFF_FACE, HOST_FACE, BOTH_FACES = "staff", "host", "both"
HAS_STAFF: Final = (STAFF_FACE, BOTH_FACES)
HAS_HOSTS: Final = (HOST_FACE, BOTH_FACES)
# Static addresses change with their content (templating.static_url).
FOR_EVER = CacheControlHeader(max_age=31_536_000, public=True, immutable=True)


def build_app(settings: Settings, *extra: Any, face: str = BOTH_FACES) -> Litestar:
    """The web application of this installation, with one face or both; it refuses to start with a handler open to anyone."""
    # SQLAlchemy blocks its thread; the default pool of cpu+4 threads would make pages queue.
    set_asyncio_executor(ThreadPoolExecutor(32))
    towns = {entry.host: settings.open_town(entry) for entry in settings.entries}
    app = _assemble(settings, face, list(towns.values()), extra)
    app.state.towns = towns
    app.state.nav = NAV if face in HAS_STAFF else ()
    app.state.finds = FINDS if face in HAS_STAFF else ()
    # Where only hosts come, whoever has not signed in yet is one of them.
    app.state.faces = FACES if face in HAS_STAFF else {**FACES, "": FACES[HOST]}
    app.state.secure = settings.secure
    app.state.leaving = threading.Event()
    refuse_undeclared(app)
    return app


def _assemble(settings: Settings, face: str, towns: Sequence[Town], extra: Sequence[Any]) -> Litestar:
    return Litestar(
        route_handlers=[
            healthz,
            readyz,
            SignIn,
            SecondStep,
            OwnAccount,
            *_handlers(face),
            create_static_files_router("/static", [STATIC], opt={"perm": PUBLIC}, cache_control=FOR_EVER),
            *extra,
        ],
        dependencies={"call": Provide(provide_call)},
        middleware=[Doorkeeper],
        guards=[check_permission],
        csrf_config=_form_tokens(settings),
        before_send=[guard_answers(secure=settings.secure)],
        compression_config=CompressionConfig("gzip", minimum_size=1000, exclude_opt_key="uncompressed"),
        exception_handlers={
            DomainError: answer_domain_error,
            HTTPException: answer_http_error,
            Exception: answer_unexpected,
        },
        openapi_config=_api_description() if face in HAS_STAFF else None,
        logging_config=None,
        on_startup=[lambda: _warm_up(towns)] if face in HAS_STAFF else [],
        on_shutdown=[lambda: _close(towns)],
    )


def _close(towns: Sequence[Town]) -> None:
    for town in towns:
        town.database.close()


# Imported with the face: the hosts' own process never loads what matches and solves.


def _handlers(face: str) -> list[Any]:
    """The pages of a face; a page of the other one is as absent as a page that never was."""
    return [*(_staff_handlers() if face in HAS_STAFF else ()), *(_host_handlers() if face in HAS_HOSTS else ())]


def _staff_handlers() -> list[Any]:
    from service.cases.controllers import CASE_HANDLERS
    from service.desk.controllers import DESK_HANDLERS
    from service.followup.controllers import FOLLOWUP_HANDLERS
    from service.matching.controllers import MATCHING_HANDLERS
    from service.meetings.controllers import MEETING_HANDLERS
    from service.oversight.controllers import OVERSIGHT_HANDLERS
    from service.reports.controllers import REPORT_HANDLERS
    from service.resources.controllers import RESOURCE_HANDLERS
    from service.team.controllers import TEAM_HANDLERS

    return [
        Join,
        *RESOURCE_HANDLERS, *CASE_HANDLERS, *MATCHING_HANDLERS, *FOLLOWUP_HANDLERS, *MEETING_HANDLERS, *REPORT_HANDLERS,
        *OVERSIGHT_HANDLERS, *TEAM_HANDLERS,
        *DESK_HANDLERS,
    ]  # fmt: skip


def _host_handlers() -> list[Any]:
    from service.host_face.controllers import HOST_HANDLERS

    return HOST_HANDLERS


def _warm_up(towns: Sequence[Town]) -> None:
    from service.matching.gather import warm_up

    for town in towns:
        threading.Thread(target=warm_up, args=(town,), name=f"{WARM_UP} {town.code}", daemon=True).start()


def _form_tokens(settings: Settings) -> CSRFConfig:
    """What shows that a form was sent from a page of ours."""
    return CSRFConfig(
        secret=settings.csrf_secret(),
        cookie_name="__Host-csrf" if settings.secure else "csrftoken",
        cookie_secure=settings.secure,
        cookie_httponly=True,
    )


def _api_description() -> OpenAPIConfig:
    """The API as programs read it; only for those who have signed in."""
    return OpenAPIConfig(
        title="つなぎ API",
        version="1",
        use_handler_docstrings=True,
        render_plugins=[JsonRenderPlugin()],
        openapi_router=Router("/schema", route_handlers=[], opt={"perm": SIGNED_IN}),
    )
