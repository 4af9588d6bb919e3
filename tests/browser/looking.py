"""What can be measured on a page: accessibility, overflow, sizes to tap, the ring around the focus."""

from pathlib import Path
from typing import Any

from playwright.sync_api import Page

AXE = (Path(__file__).with_name("axe.min.js")).read_text("utf-8")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
RUN_AXE = """([rules, colours]) => axe.run(document, {
    runOnly: {type: "tag", values: rules}, rules: {"color-contrast": {enabled: colours}}, resultTypes: ["violations"]})
  .then(found => found.violations.map(v => v.id + ": " + v.nodes.map(n => n.target.join(" ")).slice(0, 4).join(" | ")))"""
WIDER_THAN_WINDOW = """() => {
  const wide = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= wide) return [];
  return [...document.body.querySelectorAll("*")].filter(e => e.getBoundingClientRect().right > wide + 1)
    .map(e => e.tagName + "." + e.className).slice(0, 5);
}"""
SMALL_TARGETS = """least => [...document.querySelectorAll("a.btn, button, select, input:not([type=hidden]), textarea, summary, nav a, .card h2 a")]
  .map(e => e.matches("label input") ? e.closest("label") : e)
  .filter(e => !e.closest(".vh") && e.checkVisibility())
  .map(e => [e, e.getBoundingClientRect()])
  .filter(([e, box]) => box.width && (box.width < least || box.height < least))
  .map(([e, box]) => `${e.tagName} ${e.textContent.trim().slice(0, 12)} ${Math.round(box.width)}x${Math.round(box.height)}`)"""
RING = """() => {
  const here = document.activeElement;
  const drawn = here.nextElementSibling && getComputedStyle(here).opacity === "0" ? here.nextElementSibling : here;
  const style = getComputedStyle(drawn);
  return style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
}"""
HERE = "document.activeElement.outerHTML.slice(0, 120)"


def accessibility_faults(page: Page, *, colours: bool = True) -> list[str]:
    """What axe finds against WCAG 2.2 AA and good practice; `colours` once a page is enough, and is half of the time."""
    page.evaluate(AXE)
    found: list[str] = page.evaluate(RUN_AXE, [RULES, colours])
    return found


def parts_beyond_the_edge(page: Page) -> list[str]:
    """What makes the page scroll sideways."""
    found: list[str] = page.evaluate(WIDER_THAN_WINDOW)
    return found


def small_targets(page: Page, least: int = 24) -> list[str]:
    """Things to tap that are smaller than this many CSS pixels either way; links inside sentences aside."""
    found: list[str] = page.evaluate(SMALL_TARGETS, least)
    return found


def tab_to(page: Page, selector: str, most: int = 80) -> None:
    """Press Tab until the focus is there; wherever it stops on the way, it can be seen."""
    for _ in range(most):
        page.keyboard.press("Tab")
        assert page.evaluate(RING), page.evaluate(HERE)
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"Tab never reaches {selector}")


def counts(page: Page) -> dict[str, int]:
    """How many places stand in each band."""
    said: Any = page.eval_on_selector_all(
        ".bands a", "all => all.map(a => [a.classList[0], parseInt(a.querySelector('b').textContent)])"
    )
    return dict(said)
