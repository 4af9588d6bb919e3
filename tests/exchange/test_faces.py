"""Two faces of one code base: what one does not serve is as absent there as what never was."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from service.app import build_app
from service.web.permission import handlers_of
from tests.cast import World
from tests.exchange.two_networks import Networks

HEAVY = {"ortools", "sklearn", "scipy"}
OF_HOSTS = ("/host", "/l")
SHARED = {
    "/healthz", "/readyz", "/sign-in", "/sign-in/code", "/sign-in/set-up", "/sign-out", "/account", "/account/password",
    "/account/second-factor", "/account/second-factor/prove", "/account/sessions/end-others",
    "/account/sessions/{session_id}/end", "/static/{file_path}",
}  # fmt: skip


def paths_of(world: World) -> set[str]:
    return {path for path, _ in handlers_of(world.app)}


def is_of_hosts(path: str) -> bool:
    return any(path == each or path.startswith(f"{each}/") for each in OF_HOSTS)


def filled(path: str) -> str:
    return "/".join("0" * 32 if part.startswith("{") else part for part in path.split("/"))


@pytest.fixture
def faces(networks: Networks) -> dict[str, World]:
    """One app for each face; the third has both."""
    staff, hosts = networks.staff.world, networks.hosts.world
    alone = World(staff.settings, staff.town, build_app(staff.settings, face="staff"), staff.ids)
    return {"staff": alone, "host": hosts, "both": staff}


def test_each_face_serves_its_own_pages_and_what_both_need(faces: dict[str, World]) -> None:
    both = paths_of(faces["both"])
    assert paths_of(faces["host"]) == {path for path in both if is_of_hosts(path) or path in SHARED}
    assert paths_of(faces["staff"]) == {path for path in both if not is_of_hosts(path)}
    assert len(paths_of(faces["host"])) > 20


@pytest.mark.parametrize("face", ["staff", "host"])
def test_a_page_of_the_other_face_is_as_absent_as_one_that_never_was(faces: dict[str, World], face: str) -> None:
    world = faces[face]
    everywhere = {(path, method) for path, each in handlers_of(faces["both"].app) for method in each.http_methods}
    missing = sorted(each for each in everywhere if each[0] not in paths_of(world))
    assert len(missing) > 20
    with world.visit(None) as nobody:
        for path, method in missing:
            absent = nobody.request(method, f"/{path.split('/')[1]}/never-was")
            answer = nobody.request(method, filled(path))
            assert (answer.status_code, _plain(answer.text)) == (absent.status_code, _plain(absent.text)), path
            assert answer.status_code in (404, 403), path


def _plain(text: str) -> str:
    return re.sub("[0-9a-f]{8,}", "*", text)


def test_the_hosts_own_process_loads_nothing_that_matches_or_solves(tmp_path: Path) -> None:
    code = (
        "import json, sys\n"
        "from pathlib import Path\n"
        "from service.app import build_app\n"
        "from service.settings import read_settings\n"
        "app = build_app(read_settings(Path(sys.argv[1])), face=sys.argv[2])\n"
        "assert bool(app.on_startup) == (sys.argv[2] == 'staff')\n"
        "print(json.dumps(sorted(sys.modules)))\n"
    )
    loaded = {
        face: set(json.loads(subprocess.run([sys.executable, "-c", code, str(tmp_path), face], check=True,
                                            capture_output=True, text=True).stdout))
        for face in ("host", "staff")
    }  # fmt: skip
    assert {name.split(".")[0] for name in loaded["host"]} & HEAVY == set()
    matching = {name for name in loaded["host"] if name.startswith(("service.matching.", "service.desk", "seed"))}
    assert matching <= {"service.matching.facts", "service.matching.sounding"}
    assert "service.matching.gather" in loaded["staff"]
