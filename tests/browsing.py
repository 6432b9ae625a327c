"""A real browser for tests: Chromium driven by Playwright, and the accessibility rules of axe-core.

Nothing is downloaded here. Tests skip where a part is absent, and fail where it is announced by an
environment variable and absent all the same; ``.ci/run`` installs all three parts and announces them.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Page, Request

BROWSER, AXE = "TYPOLOGY_BROWSER", "TYPOLOGY_AXE"
# a root account has no sandbox; the rest keeps the browser from calling home
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--disable-background-networking",
]
PATIENCE = 120_000  # milliseconds; other tests may run beside these


@dataclass(frozen=True)
class Chromium:
    """Where the browser is, and the source text of axe-core."""

    executable: str
    axe: str

    @contextmanager
    def window(self, *, width: int, height: int = 900, phone: bool = False) -> Iterator[Window]:
        """Open a window of its own, empty and without a history, and close it with its browser.

        The browser lives no longer than the window, since Playwright keeps an event loop running in the
        thread, which other tests must not meet.
        """
        from playwright.sync_api import sync_playwright

        with sync_playwright() as driver:
            browser = driver.chromium.launch(executable_path=self.executable, args=FLAGS)
            context = browser.new_context(
                viewport={"width": width, "height": height},
                device_scale_factor=2 if phone else 1,
                is_mobile=phone,
                has_touch=phone,
                reduced_motion="reduce",
            )
            context.set_default_timeout(PATIENCE)
            yield Window(context, context.new_page(), self.axe)
            browser.close()


@dataclass
class Window:
    """A page, with everything it asked for and complained about."""

    context: BrowserContext
    page: Page
    axe: str
    complaints: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("request", self._noted)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("console", lambda said: self.complaints.append(f"{said.type}: {said.text}"))

    def _noted(self, request: Request) -> None:
        self.requests.append(request.url)

    def violations(self, *, media: str = "screen") -> list[str]:
        """Return what axe-core objects to: all of its rules, WCAG 2.2 A and AA and best practices."""
        if not self.page.evaluate("'axe' in window"):
            self.page.evaluate(self.axe)
        self.page.emulate_media(media=media)
        # opt-in: off by default, though part of WCAG 2.2 AA
        options = {"resultTypes": ["violations"], "rules": {"target-size": {"enabled": True}}}
        result: dict[str, Any] = self.page.evaluate("options => axe.run(document, options)", options)
        self.page.emulate_media(media="screen")
        assert len(result["passes"]) > 15, "axe-core looked at nothing"
        return [
            f"{rule['id']} ({len(rule['nodes'])}): {rule['nodes'][0]['html'][:200]}"
            for rule in result["violations"]
        ]


def installed() -> Chromium:
    """Find browser, driver and rules; skip the test where one is absent and not announced."""
    announced = {name: os.environ.get(name) for name in (BROWSER, AXE)}
    if importlib.util.find_spec("playwright") is None:
        assert not announced[BROWSER], f"{BROWSER} is set, but the extra 'browser' is not installed"
        pytest.skip("the extra 'browser' (Playwright) is not installed")
    executable = announced[BROWSER] or shutil.which("chromium")
    if executable is None:
        pytest.skip(f"there is no Chromium, and {BROWSER} is not set")
    if announced[AXE] is None:
        pytest.skip(f"{AXE} is not set to the axe.min.js of the package axe-core")
    for name, path in ((BROWSER, executable), (AXE, announced[AXE])):
        assert Path(path).is_file(), f"{name} is {path}, which is not a file"
    return Chromium(executable, Path(announced[AXE]).read_text(encoding="utf-8"))
