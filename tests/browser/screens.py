"""Pictures of every page: `make screens`, while `make demo` serves the sample company.

docs/screens gets one contact sheet for each light and width, of every page of the URL configuration; docs/pictures gets
what the README shows. What stands for `<partner>` or `<review>` in an address is found as a person finds it: by following
the links of the pages.
"""

from __future__ import annotations

import base64
import os
import re
import sys
from html import escape
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, Error, Page, sync_playwright

from . import chromium

ROOT = Path(__file__).resolve().parents[2]
PASSWORD = "weigh-what-counts"
PEOPLE = ("anna", "ada", "gina")  # operations, administration, a partner: together they may open every page
SIZES = {"desk": {"width": 1440, "height": 900}, "phone": {"width": 390, "height": 844}}
TILES = {"desk": (320, 200, 6), "phone": (156, 338, 12)}  # width, height, in a row
CARD = "/scorecards/life-science/2025-Q4/GB-0001"
PICTURES = {  # name: who, address, size
    "overview": ("ben", "/overview", "desk"),
    "ranking": ("ben", "/ranking", "desk"),
    "scorecard": ("ben", CARD, "desk"),
    "kpi": ("ben", f"{CARD}/kpis/sell_in_attainment", "desk"),
    "review": ("ben", "/reviews", "desk"),
    "portal": ("gina", "/portal/", "phone"),
}
SHEET = """<!doctype html><meta charset="utf-8"><style>
body{{margin:16px;background:{paper};color:{ink};font:12px/16px Inter,system-ui,sans-serif;width:max-content}}
h1{{font-size:18px;margin:0 0 12px}}main{{display:grid;grid-template-columns:repeat({columns},{width}px);gap:14px 12px}}
figure{{margin:0}}img{{display:block;width:{width}px;height:{height}px;border:1px solid {rule};box-sizing:border-box}}
figcaption{{overflow:hidden;white-space:nowrap;text-overflow:ellipsis;padding-top:3px}}</style><h1>{title}</h1><main>{tiles}</main>"""


def main(address: str) -> None:
    """All sheets and pictures."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "steelyard.config.settings")
    import django

    django.setup()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium.found(), args=chromium.ARGUMENTS)
        states = {name: _signed_in(browser, address, name) for name in {*PEOPLE, *(who for who, _, _ in PICTURES.values())}}
        found = _pages(browser, address, states)
        for scheme in ("light", "dark"):
            for size in SIZES:
                _sheet(browser, address, states, found, scheme, size)
        for name, (who, page, size) in PICTURES.items():
            context = _context(browser, address, states[who], size, "light")
            _keep(_open(context, page), ROOT / "docs/pictures" / f"{name}.jpg", 88)
            context.close()


def _signed_in(browser: Browser, address: str, name: str) -> dict:
    context = browser.new_context(base_url=address)
    page = context.new_page()
    page.goto("/sign-in")
    page.get_by_label("Username").fill(name)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(lambda now: "/sign-in" not in now)
    state = context.storage_state()
    context.close()
    return state


def _context(browser: Browser, address: str, state: dict | None, size: str, scheme: str) -> BrowserContext:
    return browser.new_context(
        base_url=address, storage_state=state, viewport=SIZES[size], color_scheme=scheme, locale="en-GB", reduced_motion="reduce"
    )


def _pages(browser: Browser, address: str, states: dict[str, dict]) -> dict[str, tuple[str | None, str]]:
    """Every route that shows a page: who opens it, and its address in this company."""
    from django.urls import Resolver404, resolve

    from tests.pages.routes import every_route

    routes = {route.pattern: route for route in every_route() if route.public or "GET" in (route.needs or {})}
    found: dict[str, tuple[str | None, str]] = {p: (None, "/" + p) for p, r in routes.items() if r.public and not r.parameters}
    for name in PEOPLE:
        context = _context(browser, address, states[name], "desk", "light")
        page = context.new_page()
        waiting = ["/" + p for p, r in routes.items() if not r.parameters and not r.public]
        seen: set[str] = set()
        while waiting:
            path = waiting.pop()
            try:
                pattern = resolve(urlsplit(path).path).route
            except Resolver404:
                continue
            if pattern in seen or pattern not in routes or pattern in found:
                continue
            seen.add(pattern)
            if not _is_page(page, path):
                continue
            found[pattern] = (name, path)
            hrefs = page.eval_on_selector_all("a[href]", "all => all.map(one => one.getAttribute('href'))")
            waiting += [href for href in hrefs if href.startswith("/") and not re.search(r"format=|/export|/pdf|/file", href)]
        context.close()
    return dict(sorted(found.items()))


def _is_page(page: Page, path: str) -> bool:
    try:
        response = page.goto(path)
    except Error:
        return False  # a file
    return response is not None and response.ok and "text/html" in response.headers.get("content-type", "")


def _open(context: BrowserContext, path: str) -> Page:
    page = context.new_page()
    page.goto(path)
    page.wait_for_load_state("networkidle")
    return page


def _sheet(browser: Browser, address: str, states: dict, found: dict, scheme: str, size: str) -> None:
    width, height, columns = TILES[size]
    contexts = {name: _context(browser, address, states.get(name), size, scheme) for name in (*PEOPLE, None)}
    tiles = []
    for pattern, (name, path) in found.items():
        page = _open(contexts[name], path)
        picture = base64.b64encode(page.screenshot(type="jpeg", quality=80)).decode()
        page.close()
        title = "/" + re.sub(r"<\w+:(\w+)>", r"<\1>", pattern)
        tiles.append(f'<figure><img src="data:image/jpeg;base64,{picture}"><figcaption>{escape(title)}</figcaption></figure>')
    for context in contexts.values():
        context.close()
    paper, ink, rule = ("#fff", "#18212b", "#e3e3de") if scheme == "light" else ("#0f1317", "#e7e9eb", "#2b323a")
    title = f"{len(tiles)} pages of the sample company, {scheme}, {SIZES[size]['width']} px"
    context = browser.new_context(viewport={"width": columns * (width + 12) + 20, "height": 800})
    page = context.new_page()
    page.set_content(
        SHEET.format(paper=paper, ink=ink, rule=rule, columns=columns, width=width, height=height, title=title, tiles="".join(tiles))
    )
    _keep(page, ROOT / "docs/screens" / f"{size}-{scheme}.jpg", 62, whole=True)
    context.close()


def _keep(page: Page, path: Path, quality: int, *, whole: bool = False) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=path, type="jpeg", quality=quality, full_page=whole)
    print(f"{path.relative_to(ROOT)}: {path.stat().st_size // 1024} KB")  # noqa: T201 (a command line)


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8000")
