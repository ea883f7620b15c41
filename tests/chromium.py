"""Debian's Chromium for browser tests, driven by Playwright's asynchronous API in the tests' own event loop.

Needed on the machine: `apt-get install chromium`. Nothing is downloaded.
"""

import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from playwright.async_api import Browser, async_playwright


class ChromiumMissingError(RuntimeError):
    """There is no Chromium on this machine."""


@asynccontextmanager
async def running_chromium() -> AsyncIterator[Browser]:
    """A browser without a window; pages that differ in nothing want a context of their own."""
    path = shutil.which("chromium")
    if path is None:
        raise ChromiumMissingError("browser tests need chromium on the PATH (apt-get install chromium)")
    async with async_playwright() as playwright:
        # As root Chromium starts only without its sandbox; tests show it nothing but our own pages.
        browser = await playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        await browser.close()
