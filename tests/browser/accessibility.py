"""What axe-core finds wrong with a page, icons that are read out, and whether the keyboard's focus is seen."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Literal

from playwright.sync_api import Page

THEMES: tuple[Literal["light"], Literal["dark"]] = ("light", "dark")
# Every rule of WCAG 2.2 A and AA, and two that hold headings in order. No finding is let through, ours or Streamlit's.
_RULES = """axe.getRules(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']).map(rule => rule.ruleId)
    .concat(['heading-order', 'page-has-heading-one'])"""
_FIND = """async rules => {
    const found = await axe.run(document, {
        runOnly: { type: 'rule', values: rules }, resultTypes: ['violations'],
    })
    return found.violations.flatMap(({ id, impact, nodes }) => nodes.map(
        ({ html, failureSummary }) => [impact, id, html.slice(0, 200), failureSummary].join(' | ')
    ))
}"""
# Material's icons are ligatures: a screen reader would read their names.
_ICONS_READ = """() => [...document.querySelectorAll('span')]
    .filter(span => span.childElementCount === 0 && span.textContent.trim())
    .filter(span => getComputedStyle(span).fontFamily.includes('Material Symbols'))
    .filter(span => !span.closest('[aria-hidden=true], [role=img]'))
    .map(span => span.outerHTML)"""
# The element in focus, the width of its outline (or of that of the field or grid which it is a part of), and the
# outline's contrast to what is behind it.
_FOCUS = """() => {
    const rgb = color => {
        const one = Object.assign(document.createElement('canvas'), { width: 1, height: 1 }).getContext('2d')
        one.fillStyle = color
        one.fillRect(0, 0, 1, 1)
        return [...one.getImageData(0, 0, 1, 1).data]
    }
    const luminance = color => [0.2126, 0.7152, 0.0722].reduce((sum, weight, at) => {
        const part = color[at] / 255
        return sum + weight * (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4)
    }, 0)
    const around = function* (element) { for (; element; element = element.parentElement) yield element }
    const outlined = each => getComputedStyle(each).outlineStyle === 'solid'
    const focused = document.activeElement
    const name = focused.getAttribute('aria-label') || focused.textContent.trim().slice(0, 60)
    const ring = [...around(focused)].slice(0, 4).find(outlined) || focused.closest('[data-testid=stDataFrame]')
    if (!ring || !outlined(ring)) return [name, 0, 0]
    const style = getComputedStyle(ring)
    const behind = [...around(parseFloat(style.outlineOffset) < 0 ? ring : ring.parentElement)]
        .map(each => rgb(getComputedStyle(each).backgroundColor)).find(color => color[3] === 255)
    const [dark, light] = [luminance(rgb(style.outlineColor)), luminance(behind)].sort((one, other) => one - other)
    return [name, parseFloat(style.outlineWidth), (light + 0.05) / (dark + 0.05)]
}"""


@cache
def _axe() -> str:
    return files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")


def findings(page: Page) -> list[str]:
    """What axe-core finds on the page as it is, and icons whose names are read out."""
    page.evaluate(_axe())
    found: list[str] = page.evaluate(_FIND, page.evaluate(_RULES))
    return found + [f"icon is read out | {icon}" for icon in page.evaluate(_ICONS_READ)]


def focus(page: Page) -> tuple[str, float, float]:
    """The name of the element in focus, its outline's width in pixels and contrast to what is behind it."""
    name, width, contrast = page.evaluate(_FOCUS)
    return name, width, contrast


def turn_dark(page: Page) -> None:
    """Changes the browser's theme, which the page follows."""
    page.emulate_media(color_scheme="dark")
    page.wait_for_function(
        "getComputedStyle(document.querySelector('[data-testid=stApp]')).colorScheme === 'dark'"
    )
