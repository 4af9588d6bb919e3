"""Hostile texts in a real browser: every page that shows them shows text, and nothing else happens."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.conftest import open_window
from tests.browser.demo_town import DemoTown
from tests.browser.hostile_town import make_hostile
from tests.browser.places import DESK, PLACES
from tests.security.payloads import PAYLOADS

pytestmark = pytest.mark.browser
REPORT_TO_CONSOLE = (
    "addEventListener('securitypolicyviolation', e => console.error('csp ' + e.violatedDirective + ' ' + e.blockedURI))"
)
GROWN = """own => {
  const wild = "img:not([src^='/static/']), iframe, object, embed, base, style, math, video, source, u, s, " +
    "meta[http-equiv], [formaction], input[name=a], [style], [autofocus][x], [srcdoc], details[ontoggle], script:not([src])";
  const found = [...document.querySelectorAll(wild)];
  for (const e of document.querySelectorAll("*")) {
    if (e.getAttributeNames().some(name => name.startsWith("on") || name.includes("hx-on"))) found.push(e);
    for (const name of ["href", "src", "action", "xlink:href", "data"]) {
      const value = e.getAttribute(name);
      if (value === null || value.startsWith("#")) continue;
      const url = new URL(value, location.href);
      const leads = e.matches("a[rel]") && ["http:", "https:"].includes(url.protocol);
      const says = e.matches("a") && ["tel:", "mailto:"].includes(url.protocol);
      if (url.origin !== own && !leads && !says && !value.startsWith("data:image/")) found.push(e);
    }
    if (["B", "I", "A", "BUTTON"].includes(e.tagName) && ["x", "gpj.x"].includes(e.textContent)) found.push(e);
  }
  return found.map(e => e.outerHTML.slice(0, 160));
}"""
SHOWN = """() => [document.documentElement.textContent, ...[...document.querySelectorAll("input, textarea")].map(e => e.value)].join(" ")"""


@pytest.fixture
def beside(own_town: DemoTown) -> list[tuple[str | None, str]]:
    return make_hostile(own_town)


def squeezed(text: str) -> str:
    return re.sub(r"[\s\x00\ufeff]+", "", text)


def visits(beside: list[tuple[str | None, str]]) -> Iterator[tuple[str | None, str]]:
    """Every page of the application, by who looks, then the pages of what was added and the links."""
    yield from sorted(((place.login_name, place.path) for place in PLACES if place.status == 200), key=str)
    yield from beside


def test_no_hostile_text_does_anything_in_a_browser(
    chromium: Browser, own_town: DemoTown, beside: list[tuple[str | None, str]]
) -> None:
    windows: dict[str | None, Page] = {}
    dialogs: list[str] = []
    grown: dict[str, list[str]] = {}
    seen = ""
    watches = []
    for who, path in visits(beside):
        if who not in windows:
            page, watch = open_window(chromium, own_town, who, DESK)
            page.context.add_init_script(REPORT_TO_CONSOLE)
            page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss())[1])
            windows[who] = page
            watches.append(watch)
        page = windows[who]
        answer = page.goto(path)
        assert answer is not None
        assert answer.status == 200, path
        if found := page.evaluate(GROWN, own_town.base):
            grown[path] = found
        seen += squeezed(page.evaluate(SHOWN))
    assert grown == {}
    assert dialogs == []
    for watch, page in zip(watches, windows.values(), strict=True):
        watch.check([page])
        page.context.close()
    assert [text for text in PAYLOADS if squeezed(text) not in seen] == []
