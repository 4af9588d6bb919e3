"""Every door of the house says who may use it, or the house stays shut."""

from typing import Any

import pytest
from litestar import Litestar, WebSocket, asgi, get, route, websocket
from litestar.exceptions import ImproperlyConfiguredException
from litestar.types import Receive, Scope, Send

from service.accounts import roles
from service.accounts.roles import ADMIN, HOST, SUPERVISOR
from service.app import build_app
from service.web.actor import Actor
from service.web.permission import PUBLIC, Permission, handlers_of
from tests.cast import World


@get("/planted", sync_to_thread=False)
def naked() -> str:
    """Forgot to say who may use it."""
    return "secret"


@get("/planted", perm="coordinator", sync_to_thread=False)
def worded() -> str:
    """Says it in a word nobody checks."""
    return "secret"


@get("/planted", perm=None, sync_to_thread=False)
def emptied() -> str:
    """Says nothing, politely."""
    return "secret"


@route("/planted", http_method=["OPTIONS"], sync_to_thread=False)
def asked_for_options() -> str:
    """Hides behind the method the framework answers itself."""
    return "secret"


@websocket("/planted")
async def talking(socket: WebSocket[Any, Any, Any]) -> None:
    """Another kind of door."""


@asgi("/planted", copy_scope=True)
async def bare(scope: Scope, receive: Receive, send: Send) -> None:
    """A door without a frame."""


@pytest.mark.parametrize("planted", [naked, worded, emptied, asked_for_options, talking, bare], ids=lambda h: h.fn.__name__)
def test_a_handler_that_does_not_say_who_may_use_it_keeps_the_app_from_starting(world: World, planted: Any) -> None:
    with pytest.raises(ImproperlyConfiguredException, match="/planted"):
        build_app(world.settings, planted)


def test_a_handler_that_says_it_lets_the_app_start(world: World) -> None:
    @get("/planted", perm=roles.READ_CASES, sync_to_thread=False)
    def declared() -> str:
        return "secret"

    assert "/planted" in [path for path, _ in handlers_of(build_app(world.settings, declared))]


def test_every_handler_of_the_house_names_a_right(world: World) -> None:
    handlers = handlers_of(world.app)
    assert len(handlers) > 40
    assert [path for path, handler in handlers if not isinstance(handler.opt.get("perm"), Permission)] == []


def test_only_the_door_the_static_files_and_the_pulse_are_public(world: World) -> None:
    public = {path for path, handler in handlers_of(world.app) if handler.opt["perm"] == PUBLIC}
    assert public == {"/sign-in", "/sign-in/code", "/sign-in/set-up", "/join", "/healthz", "/readyz", "/static/{file_path}", "/l/thanks", "/l/{token}", "/ics/{feed}",
                      "/d/{door}", "/d/{door}/answer", "/d/{door}/withdraw"}  # fmt: skip


def test_nothing_of_the_static_files_leads_out_of_their_folder(world: World) -> None:
    visitor = world.visit(None)
    for path in (
        "/static/../templating.py",
        "/static/%2e%2e/templating.py",
        "/static/..%2f..%2fsettings.py",
        "/static//etc/passwd",
    ):
        assert visitor.get(path).status_code == 404


def test_the_description_of_the_api_is_for_staff(world: World) -> None:
    nobody, staff = world.visit(None), world.visit("石井")
    for path in ("/schema", "/schema/openapi.json", "/schema/openapi.yaml", "/schema/swagger", "/schema/redoc"):
        assert nobody.get(path).status_code == 401
        assert staff.get(path).status_code == (200 if path in ("/schema", "/schema/openapi.json") else 404)


def test_other_methods_tell_nothing_and_break_nothing(world: World) -> None:
    for visitor in (world.visit(None), world.visit("青木")):
        for path in ("/people", "/people/new", "/sign-in", "/", "/api/v1/hosts"):
            for method in ("OPTIONS", "HEAD", "PUT", "PATCH", "DELETE", "TRACE"):
                assert visitor.request(method, path).status_code in (401, 403, 405), (method, path)


def test_admins_hold_no_right_to_cases_or_to_what_staff_say_about_hosts() -> None:
    admin = Actor("x", "遠野", frozenset({ADMIN}))
    rights = [right for right in vars(roles).values() if isinstance(right, Permission)]
    held = {right.name for right in rights if right.allows(admin)}
    assert held == {"signed-in", "leave", "catalogue.read", "reports.read", "settings.read", "settings.edit",
                    "people.read", "people.ask", "people.confirm-reset"}  # fmt: skip


def test_supervisors_read_cases_and_change_none() -> None:
    supervisor = Actor("x", "北条", frozenset({SUPERVISOR}))
    assert roles.READ_CASES.allows(supervisor)
    assert not roles.EDIT_CASES.allows(supervisor)
    assert not roles.EDIT_CATALOGUE.allows(supervisor)
    assert roles.EDIT_SETTINGS.allows(supervisor)


def test_whoever_holds_no_role_holds_no_right() -> None:
    nobody = Actor("x", "だれか", frozenset())
    rights = [right for right in vars(roles).values() if isinstance(right, Permission)]
    assert rights
    assert not any(right.allows(nobody) for right in rights)
    assert {role for right in rights for role in right.roles} == set(roles.ROLE_LABELS)


def test_a_host_holds_the_rights_of_its_own_face_and_no_other() -> None:
    host = Actor("x", "店主", frozenset({HOST}))
    rights = [right for right in vars(roles).values() if isinstance(right, Permission)]
    assert {right.name for right in rights if right.allows(host)} == {"leave", "host.face"}


def test_the_app_of_the_tests_is_the_app_that_is_served(world: World) -> None:
    assert isinstance(build_app(world.settings), Litestar)
