"""A person with a device: opens pages in a browser, and notes all that should not happen."""

import os
from pathlib import Path
from typing import Any

from playwright.async_api import Browser, BrowserContext, Page

PICTURES = Path(__file__).parents[1] / "build" / "pictures"
SIZES = {"phone": {"width": 390, "height": 844}, "desktop": {"width": 1280, "height": 860}, "narrow": {"width": 320, "height": 640}, "wall": {"width": 2560, "height": 1440}}  # fmt: skip


class Devices:
    """Browser contexts, one for each kind of device: a new one starts processes and reads every script and style anew.

    A blank page stays open in each, which keeps its process.
    """

    def __init__(self, browser: Browser, url: str) -> None:
        self._browser, self._url = browser, url
        self._kept: dict[tuple, BrowserContext] = {}

    async def of_kind(self, **options: Any) -> BrowserContext:
        """A context that remembers nothing."""
        kind = tuple((name, str(value)) for name, value in sorted(options.items()))
        if kind not in self._kept:
            self._kept[kind] = await self._browser.new_context(base_url=self._url, **options)
            await self._kept[kind].new_page()
        return self._kept[kind]

    async def forget(self, context: BrowserContext) -> None:
        """Make a context as new."""
        blank, *others = context.pages
        for page in others:
            await page.close()
        await context.set_offline(False)
        session = await context.new_cdp_session(blank)
        await session.send("Storage.clearDataForOrigin", {"origin": self._url, "storageTypes": "all"})
        await session.detach()


class Visitor:
    """Opens pages on devices of any kind; pictures, if wished, are named after the test."""

    def __init__(self, devices: Devices, url: str, name: str) -> None:
        self._devices, self.url, self._name = devices, url, name
        self._used: list[BrowserContext] = []
        self.complaints: list[str] = []
        self.is_offline = False

    async def device(
        self,
        size: str = "desktop",
        *,
        scheme: str = "light",
        scripts: bool = True,
        language: str = "fr-FR",
        zone: str = "Europe/Paris",
        workers: str = "block",
        **more: Any,
    ) -> Page:
        context = await self._devices.of_kind(
            viewport=SIZES[size], color_scheme=scheme, java_script_enabled=scripts, locale=language, timezone_id=zone,
            has_touch=size in ("phone", "narrow"), service_workers=workers, **more,
        )  # fmt: skip
        if context not in self._used:
            self._used.append(context)
            context.on("request", self._asked)
        page = await context.new_page()
        page.on("console", self._said)
        page.on("pageerror", lambda error: self.complaints.append(f"error: {error}"))
        return page

    def _said(self, message: Any) -> None:
        if message.type not in ("error", "warning") or "Service Worker registration blocked" in message.text:
            return
        if not self.is_offline:
            self.complaints.append(f"{message.type}: {message.text}")

    def _asked(self, request: Any) -> None:
        if not request.url.startswith((self.url, "data:", "blob:")):
            self.complaints.append(f"asked elsewhere: {request.url}")

    async def picture(self, page: Page, what: str, *, full: bool = False) -> None:
        if "CARILLON_TEST_PICTURES" not in os.environ:
            return
        PICTURES.mkdir(parents=True, exist_ok=True)
        await page.screenshot(path=PICTURES / f"{self._name}-{what}.png", full_page=full)

    async def leave(self) -> None:
        for context in self._used:
            await self._devices.forget(context)
            context.remove_listener("request", self._asked)
