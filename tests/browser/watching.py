"""What a page does behind the back of whoever looks at it."""

from __future__ import annotations

from playwright.sync_api import ConsoleMessage, Page, Request, Response

LEFT = "net::ERR_ABORTED"  # the person went on before it was loaded, or a file was kept
REFUSED = "Failed to load resource: the server responded with a status of 4"  # the page says why; tests look at it


class Watch:
    """Collects every fault of every page that it is shown."""

    def __init__(self) -> None:
        self.faults: list[str] = []

    def page(self, page: Page) -> None:
        """Watch this page from now on."""
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.faults.append(f"{page.url}: {error}"))
        page.on("requestfailed", self._failed)
        page.on("response", self._answered)

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and not message.text.startswith(REFUSED):
            self.faults.append(f"console, {message.location.get('url')}: {message.text}")

    def _failed(self, request: Request) -> None:
        if request.failure != LEFT:
            self.faults.append(f"{request.method} {request.url}: {request.failure}")

    def _answered(self, response: Response) -> None:
        asset = "/static/" in response.url
        if response.status >= 500 or (asset and response.status >= 400):
            self.faults.append(f"{response.request.method} {response.url}: {response.status}")
