"""Files taken from elsewhere, by vendor.json: `--check` compares them with their sha256, without it they are fetched anew.

Packages of npm come through `npm pack`; fonts come from an installed Debian package, one of them cut to the letters that are
needed (tools/name_font.py). Nothing is fetched at run time.
"""

import argparse
import hashlib
import importlib
import json
import subprocess
import sys
import tarfile
import tempfile
from dataclasses import asdict, dataclass, replace
from pathlib import Path

ROOT = Path(__file__).parents[1]
LIST = ROOT / "vendor.json"
PLACES = ("service/web/static/vendor/**/*", "service/web/print/fonts/**/*", "tests/browser/*.js")
"""Where every file must be listed."""


@dataclass(frozen=True)
class Vendored:
    """One file: where it lies here, which package and which path in it it came from."""

    file: str
    name: str
    version: str
    licence: str
    source: str
    member: str
    sha256: str
    test_only: bool = False


def read_list(path: Path = LIST) -> list[Vendored]:
    """The entries of vendor.json."""
    return [Vendored(**row) for row in json.loads(path.read_text(encoding="utf-8"))]


def hash_file(path: Path) -> str:
    """The sha256 of a file, in hexadecimal."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def find_problems(entries: list[Vendored], root: Path = ROOT) -> list[str]:
    """One sentence per file that is missing, changed or not listed."""
    problems = []
    for entry in entries:
        path = root / entry.file
        if not path.is_file():
            problems.append(f"{entry.file}: missing; run tools/vendor.py")
        elif hash_file(path) != entry.sha256:
            problems.append(f"{entry.file}: differs from {entry.name} {entry.version}")
    listed = {entry.file for entry in entries}
    return problems + [f"{file}: not listed in vendor.json" for file in find_files(root) if file not in listed]


def find_files(root: Path = ROOT) -> list[str]:
    """Every file in the vendored places."""
    found = (path for place in PLACES for path in sorted(root.glob(place)))
    return [path.relative_to(root).as_posix() for path in found if path.is_file()]


def fetch(entry: Vendored) -> bytes:
    """The bytes of one entry from its package."""
    if entry.source == "debian":
        return (Path("/") / entry.member).read_bytes()
    if entry.source == "cut":
        # fonttools is needed for this alone; `--check` does without.
        return bytes(importlib.import_module("name_font").make_font(Path("/") / entry.member))
    with tempfile.TemporaryDirectory() as folder:
        command = ["npm", "pack", f"{entry.name}@{entry.version}", "--silent", "--pack-destination", folder]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)  # noqa: S603 - names and versions are our own list
        archive = next(Path(folder).glob("*.tgz"))
        with tarfile.open(archive) as packed:
            content = packed.extractfile(f"package/{entry.member}")
            if content is None:
                raise FileNotFoundError(f"{entry.name} {entry.version} holds no {entry.member}")
            return content.read()


def vendor_again(entries: list[Vendored]) -> list[Vendored]:
    """Fetch every packaged file, write it in its place and return the list with the hashes now found."""
    renewed = []
    for entry in entries:
        path = ROOT / entry.file
        if entry.source != "written here":
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(fetch(entry))
        renewed.append(replace(entry, sha256=hash_file(path)))
    return renewed


def main(arguments: list[str] | None = None) -> int:
    """Check or renew; 1 when something is wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="only compare, change nothing")
    entries = read_list()
    if not parser.parse_args(arguments).check:
        entries = vendor_again(entries)
        text = json.dumps([asdict(entry) for entry in entries], ensure_ascii=False, indent=2)
        LIST.write_text(text + "\n", encoding="utf-8")
    problems = find_problems(entries)
    sys.stdout.write(("\n".join(problems) or f"{len(entries)} vendored files are as listed") + "\n")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
