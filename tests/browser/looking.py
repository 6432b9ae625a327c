"""What must hold for a report in a browser, whatever its verdict."""

from __future__ import annotations

from pathlib import Path

from tests.browsing import Chromium, Window

DESKTOP = 1280
PHONES = (390, 360, 320)  # 320 is the width at which WCAG 2.2 asks for reflow (1.4.10)
PAPER = 688  # pixels: A4 without the margins of the print style
LIGHT = 8_000_000
LEGIBLE = 0.85  # of the size it was drawn at, where text has 8 points or more

CUT_OFF = """limit => [...document.querySelectorAll('main *, header *')].filter(e => {
    const box = e.getBoundingClientRect();
    return box.width && box.right > limit + 1 && !e.closest('[tabindex="0"]')
}).map(e => e.outerHTML.slice(0, 120))"""
TOO_WIDE_FOR_PAPER = """limit => [...document.querySelectorAll('table, img, pre')]
    .filter(e => e.getBoundingClientRect().right > limit + 1).map(e => e.outerHTML.slice(0, 120))"""
OUT_OF_REACH = """() => [...document.querySelectorAll('*')].filter(e =>
    ['auto', 'scroll'].includes(getComputedStyle(e).overflowX) && e.scrollWidth > e.clientWidth + 1
    && !(e.tabIndex === 0 && e.getAttribute('role') && e.getAttribute('aria-label'))
).map(e => e.outerHTML.slice(0, 120))"""
SMALL = """limit => [...document.images].filter(i =>
    !i.complete || !i.naturalWidth || i.getBoundingClientRect().width < limit * i.getAttribute('width')
).map(i => i.alt.slice(0, 80))"""
# Rows of tables by type, of more than two lines, or that have to be scrolled sideways
TALL_OR_WIDE = """() => [...document.querySelectorAll('.typology-table')].filter(table =>
    table.querySelector('[scope="rowgroup"]') && table.querySelector('.number')
    && /^T\\d+$/.test(table.querySelector('[scope="row"]').textContent)
).filter(table => table.scrollWidth > table.clientWidth + 1
    || [...table.querySelectorAll('tbody tr')].some(row => {
    if (row.querySelector('[scope="rowgroup"]')) return false;
    const style = getComputedStyle(row.cells[0]);
    const padding = parseFloat(style.paddingTop) + parseFloat(style.paddingBottom);
    return row.getBoundingClientRect().height > padding + 2.5 * parseFloat(style.lineHeight)
})).map(table => table.getAttribute('aria-label'))"""
ASTRAY = """() => [...document.querySelectorAll('a[href^="#"]')].filter(a => {
    a.click();
    const target = document.querySelector(a.getAttribute('href'));
    const top = target.getBoundingClientRect().top;
    return !target.getClientRects().length || top < -1 || top > innerHeight
}).map(a => a.href)"""


def look_at_report(chromium: Chromium, report: Path) -> None:
    """Open a report on a desktop, on phones and on paper, and hold it to what is promised."""
    assert report.stat().st_size < LIGHT
    with chromium.window(width=DESKTOP) as window:
        _opened(window, report)
        assert not window.violations()
        assert not window.violations(media="print")
        assert not window.page.evaluate(ASTRAY)
        assert not window.page.evaluate(SMALL, LEGIBLE)
        _on_paper(window)
        _only_itself(window, report)
    with chromium.window(width=PHONES[0], phone=True) as window:
        _opened(window, report)
        assert not window.violations()
        for width in PHONES:
            window.page.set_viewport_size({"width": width, "height": 844})
            _fits(window, width)
            if width == PHONES[0]:
                assert not window.page.evaluate(TALL_OR_WIDE)
        assert not window.page.evaluate(SMALL, LEGIBLE)
        _scrolled_by_keyboard(window)
        _only_itself(window, report)


def _opened(window: Window, report: Path) -> None:
    window.page.goto(report.as_uri())
    assert window.page.locator("html").get_attribute("lang") == "en"
    _fits(window, int(window.page.evaluate("innerWidth")))


def _fits(window: Window, width: int) -> None:
    """Nothing makes the page scroll sideways, and what is wider scrolls by itself, by keyboard as well."""
    assert window.page.evaluate("document.documentElement.scrollWidth") <= width
    assert not window.page.evaluate(CUT_OFF, width)
    assert not window.page.evaluate(OUT_OF_REACH)


def _on_paper(window: Window) -> None:
    window.page.emulate_media(media="print")
    window.page.set_viewport_size({"width": PAPER, "height": 1000})
    assert not window.page.evaluate(TOO_WIDE_FOR_PAPER, PAPER)
    window.page.emulate_media(media="screen")


def _scrolled_by_keyboard(window: Window) -> None:
    region = window.page.locator(".typology-scroll").first
    region.focus()
    window.page.keyboard.press("ArrowRight")
    window.page.wait_for_function("document.activeElement.scrollLeft > 0")


def _only_itself(window: Window, report: Path) -> None:
    """It asked for nothing but itself and what it holds, and had nothing to complain about."""
    others = {url.partition("#")[0] for url in window.requests if not url.startswith("data:")}
    assert others == {report.as_uri()}
    assert not window.complaints
