"""What a browser must never do while one of ours is open: complain, call outside, or tell a name."""

import json
import re
from dataclasses import dataclass, field
from functools import cache
from urllib.parse import unquote_plus, urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request

from seed.load_demo import DEMO

WITHOUT_NETWORK = ("net::ERR_", "error occurred when fetching the script")
REFUSED = re.compile(r"the server responded with a status of (\d+)")
KEPT = """() => location.href === "about:blank" ? [] : [localStorage, sessionStorage]
  .flatMap(store => Object.entries(store)).filter(([key, value]) => key !== "htmx-current-path-for-history" || !value.startsWith("/"))"""
"""htmx keeps the address of the last of our pages; addresses are looked at by themselves."""


@cache
def names_of_people() -> tuple[str, ...]:
    """Every name and reading of the demo's people, whole and in parts of two letters or more."""
    rows = json.loads((DEMO / "person.json").read_text("utf-8"))
    whole = [row[key].replace("（仮名）", "") for row in rows for key in ("name", "kana")]
    parts = [part for each in whole for part in [each, *re.split(r"[\s　]+", each)]]
    return tuple(sorted({part for part in parts if len(part) > 1}))


@dataclass
class Watch:
    """Notes what goes wrong in a browser context; `expects` are statuses this test provokes on purpose."""

    base: str
    expects: tuple[int, ...] = ()
    faults: list[str] = field(default_factory=list)
    requests: list[tuple[str, str]] = field(default_factory=list)

    def over(self, context: BrowserContext) -> None:
        """Begin to watch; a breach of the content security policy is an error on the console."""
        context.on("console", self._hear)
        context.on("weberror", lambda error: self.faults.append(f"script: {error.error}"))
        context.on("request", self._follow)

    def begin_anew(self, expects: tuple[int, ...]) -> None:
        """Forget an earlier test in the same window."""
        self.expects, self.faults, self.requests = expects, [], []

    def _hear(self, said: ConsoleMessage) -> None:
        refused = REFUSED.search(said.text)
        # 0 among the expected: this test cuts the network, perhaps while the worker is looked at for a newer one.
        is_cut = 0 in self.expects and any(words in said.text for words in WITHOUT_NETWORK)
        if said.type == "error" and not is_cut and not (refused and int(refused[1]) in self.expects):
            self.faults.append(f"console: {said.text}")

    def _follow(self, request: Request) -> None:
        self.requests.append((request.method, request.url))

    def posts_to(self, path: str) -> int:
        """How often a form was sent to this address."""
        return sum(method == "POST" and urlsplit(url).path == path for method, url in self.requests)

    def check(self, pages: list[Page]) -> None:
        """Fail when anything noted is a fault."""
        assert self.faults == []
        seen = [unquote_plus(url) for _, url in self.requests if not url.startswith("data:")]
        assert [url for url in seen if not url.startswith(f"{self.base}/")] == []
        assert [url for url in seen if any(name in url for name in names_of_people())] == []
        assert [kept for page in pages if not page.is_closed() for kept in page.evaluate(KEPT)] == []
