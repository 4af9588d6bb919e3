"""Jinja for every slice: strict about names, escaping everything, with the few filters pages share."""

import hashlib
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from service.kernel.dates import format_wareki, format_wareki_short

SERVICE = Path(__file__).parent.parent
STATIC = SERVICE / "web" / "static"


@cache
def environment() -> Environment:
    """The one template environment; a slice's templates live in its own folder, named `slice/page.html`."""
    folders = [SERVICE / "web" / "templates", *sorted(SERVICE.glob("*/templates"))]
    env = Environment(
        loader=FileSystemLoader(folders), undefined=StrictUndefined, autoescape=True, trim_blocks=True, lstrip_blocks=True
    )
    env.globals["static"] = static_url
    env.filters["wareki"] = format_wareki
    env.filters["wareki_short"] = format_wareki_short
    return env


def render_template(name: str, **context: Any) -> str:
    """Fill a template."""
    return environment().get_template(name).render(**context)


@cache
def static_url(name: str) -> str:
    """The address of a static file; it changes with the content, so browsers may keep it for ever."""
    digest = hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:10]
    return f"/static/{name}?v={digest}"
