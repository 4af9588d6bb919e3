"""Files taken from elsewhere: listed with version, licence and hash, and nothing else lies beside them."""

import importlib.util
import shutil
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[2]


def load_tool() -> ModuleType:
    """tools/vendor.py is a script, not part of the package."""
    spec = importlib.util.spec_from_file_location("vendor_tool", ROOT / "tools" / "vendor.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["vendor_tool"] = module
    spec.loader.exec_module(module)
    return module


tool = load_tool()


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The vendored files alone, free to be damaged."""
    for entry in tool.read_list():
        target = tmp_path / entry.file
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / entry.file, target)
    return tmp_path


def test_every_vendored_file_has_its_hash_and_no_other_lies_beside_it() -> None:
    assert tool.find_problems(tool.read_list()) == []
    assert tool.main(["--check"]) == 0


def test_every_entry_names_version_and_licence() -> None:
    for entry in tool.read_list():
        assert entry.version
        assert entry.licence
        assert len(entry.sha256) == 64


def test_one_changed_byte_is_noticed(copy: Path) -> None:
    script = copy / "service/web/static/vendor/htmx.min.js"
    script.write_bytes(script.read_bytes() + b" ")
    assert [p.split(":")[0] for p in tool.find_problems(tool.read_list(), copy)] == ["service/web/static/vendor/htmx.min.js"]


def test_a_missing_and_an_unlisted_file_are_noticed(copy: Path) -> None:
    (copy / "service/web/static/vendor/tokens.css").unlink()
    (copy / "service/web/static/vendor/other.js").write_text("1")
    problems = tool.find_problems(tool.read_list(), copy)
    assert any("tokens.css: missing" in p for p in problems)
    assert any("other.js: not listed" in p for p in problems)


def test_what_only_the_tests_need_is_not_shipped() -> None:
    for entry in tool.read_list():
        assert entry.test_only == entry.file.startswith("tests/")


def test_the_font_keeps_its_licence_text_beside_it() -> None:
    text = (ROOT / "service/web/print/fonts/OFL.txt").read_text(encoding="utf-8")
    assert "SIL OPEN FONT LICENSE Version 1.1" in text
    assert "BIZ UDGothic Project Authors" in text
