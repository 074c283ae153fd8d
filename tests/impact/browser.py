"""A browser that opens a page from a file, with no network at all."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Page, sync_playwright


@contextmanager
def opened(page_file: Path, *, dark: bool = False) -> Iterator[tuple[Page, list[str]]]:
    """The page, and whatever goes wrong on it: errors of scripts, and requests for anything but the file.

    Raises RuntimeError where there is no Chromium: what is not looked at is not known to work.
    """
    browser_path = shutil.which("chromium") or shutil.which("google-chrome")
    if browser_path is None:
        raise RuntimeError("these tests need Chromium on the path")
    troubles: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_path, args=["--no-sandbox"])
        context = browser.new_context(color_scheme="dark" if dark else "light", offline=True)
        page = context.new_page()
        page.on("pageerror", lambda error: troubles.append(str(error)))
        page.on("console", lambda message: troubles.append(message.text) if message.type == "error" else None)
        page.on("request", lambda sent: troubles.append(sent.url) if sent.url != page_file.as_uri() else None)
        page.goto(page_file.as_uri())
        yield page, troubles
        browser.close()
