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
from collections.abc import Iterator
from html import escape
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, Error, Page, sync_playwright

from . import chromium

ROOT = Path(__file__).resolve().parents[2]
PASSWORD = "weigh-what-counts"
PEOPLE = ("anna", "ben", "ada", "carla", "gina")  # operations, leadership, administration, a manager, a partner: all pages
CARD = "/scorecards/life-science/2025-Q4/GB-0001"
FIRST = {  # where there is most to see; of all other pages the first that a link leads to
    "anna": (
        "/", "/overview", "/ranking", "/partners/GB-0001", CARD, f"{CARD}/kpis/sell_in_attainment",
        f"{CARD}/kpis/sell_in_attainment/rows", "/intake?kind=orders",
        "/masters/partners", "/masters/partners/GB-0001", "/frameworks/dealer-basic/2", "/search?q=kestrel",
        "/views/save?page=/ranking&query=level%3DB",
    ),
    "ben": ("/scorecards/publish/life-science/2025-Q4",),
    "carla": ("/account/jobs/1",),
    "gina": ("/portal/", "/portal/scorecard/life-science/2025-Q4", "/portal/orders"),
}  # fmt: skip
PUBLIC = ("/sign-in", "/reset", "/reset/sent", "/reset/x/used-up")
SIZES = {"desk": {"width": 1440, "height": 900}, "phone": {"width": 390, "height": 844}}
TILES = {"desk": (320, 200, 6), "phone": (156, 338, 12)}  # width, height, in a row
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
PAPER = {"light": ("#fff", "#18212b", "#e3e3de"), "dark": ("#0f1317", "#e7e9eb", "#2b323a")}  # paper, ink, rule

Found = dict[str, tuple[str | None, str]]  # pattern of a page -> who opens it, and at which address
Kind = tuple[str, str]  # light or dark, desk or phone


def main(address: str) -> None:
    """All sheets and pictures."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "steelyard.config.settings")
    import django

    django.setup()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium.found(), args=chromium.ARGUMENTS)
        people = {name: _signed_in(browser, address, name) for name in PEOPLE} | {None: _context(browser, address)}
        found = _pages(people)
        tiles: dict[Kind, list[str]] = {(scheme, size): [] for scheme in PAPER for size in SIZES}
        for pattern, (who, path) in found.items():
            for kind, tile in _tiles(people[who], pattern, path):
                tiles[kind].append(tile)
        for (scheme, size), drawn in tiles.items():
            _sheet(browser, scheme, size, drawn)
        for name, (who, path, size) in PICTURES.items():
            page = _open(people[who], path)
            page.set_viewport_size(SIZES[size])
            page.wait_for_timeout(400)
            _keep(page, ROOT / "docs/pictures" / f"{name}.jpg", 88)


def _context(browser: Browser, address: str) -> BrowserContext:
    return browser.new_context(base_url=address, viewport=SIZES["desk"], locale="en-GB", reduced_motion="reduce")


def _signed_in(browser: Browser, address: str, name: str) -> BrowserContext:
    context = _context(browser, address)
    page = context.new_page()
    page.goto("/sign-in")
    page.get_by_label("Username").fill(name)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(lambda now: "/sign-in" not in now)
    page.close()
    return context


def _pages(people: dict[str | None, BrowserContext]) -> Found:
    """Every route that shows a page: who opens it, and its address in this company. Says which were not found."""
    from django.urls import Resolver404, resolve

    from tests.pages.routes import every_route

    routes = {route.pattern: route for route in every_route() if not route.is_api and (route.public or "GET" in (route.needs or {}))}
    found: Found = {}
    files: set[str] = set()
    for name, context in people.items():
        page = context.new_page()
        waiting = list(PUBLIC) if name is None else [*FIRST.get(name, ()), *("/" + p for p, r in routes.items() if not r.parameters)]
        while waiting:
            path = waiting.pop(0)
            try:
                pattern = resolve(urlsplit(path).path).route
            except Resolver404:
                continue
            if pattern not in routes or pattern in found or pattern in files or (name is not None and routes[pattern].public):
                continue
            if not _is_page(page, path):
                if _is_file(context, path):
                    files.add(pattern)
                continue
            found[pattern] = (name, path)
            hrefs = page.eval_on_selector_all("a[href]", "all => all.map(one => one.getAttribute('href'))")
            waiting += [href for href in hrefs if href.startswith("/") and "format=" not in href]
        page.close()
    missed = sorted(pattern for pattern, route in routes.items() if pattern not in found and pattern not in files and not route.public)
    print(f"{len(found)} pages; files: {', '.join(sorted(files))}; not found: {', '.join(missed) or 'none'}")  # noqa: T201 (a command line)
    return dict(sorted(found.items()))


def _is_page(page: Page, path: str) -> bool:
    """Whether it shows a page of its own: a redirection to another one is none."""
    try:
        response = page.goto(path)
    except Error:
        return False  # a file
    if response is None or "text/html" not in response.headers.get("content-type", "") or response.status not in (200, 422):
        return False
    return urlsplit(page.url).path == urlsplit(path).path


def _is_file(context: BrowserContext, path: str) -> bool:
    answer = context.request.get(path)
    return answer.ok and "text/html" not in answer.headers.get("content-type", "")


def _open(context: BrowserContext, path: str) -> Page:
    page = context.new_page()
    page.goto(path)
    page.wait_for_load_state("networkidle")
    return page


def _tiles(context: BrowserContext, pattern: str, path: str) -> Iterator[tuple[Kind, str]]:
    """The page in every light and width, opened once: styles and charts follow the window."""
    page = _open(context, path)
    title = escape("/" + re.sub(r"<\w+:(\w+)>", r"<\1>", pattern))
    for size, window in SIZES.items():
        page.set_viewport_size(window)
        for scheme in PAPER:
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            page.wait_for_timeout(150)
            picture = base64.b64encode(page.screenshot(type="jpeg", quality=80)).decode()
            yield (scheme, size), f'<figure><img src="data:image/jpeg;base64,{picture}"><figcaption>{title}</figcaption></figure>'
    page.close()


def _sheet(browser: Browser, scheme: str, size: str, tiles: list[str]) -> None:
    width, height, columns = TILES[size]
    paper, ink, rule = PAPER[scheme]
    title = f"{len(tiles)} pages of the sample company, {scheme}, {SIZES[size]['width']} px"
    page = browser.new_page(viewport={"width": columns * (width + 12) + 20, "height": 800})
    page.set_content(
        SHEET.format(paper=paper, ink=ink, rule=rule, columns=columns, width=width, height=height, title=title, tiles="".join(tiles))
    )
    _keep(page, ROOT / "docs/screens" / f"{size}-{scheme}.jpg", 62, whole=True)
    page.close()


def _keep(page: Page, path: Path, quality: int, *, whole: bool = False) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=path, type="jpeg", quality=quality, full_page=whole)
    print(f"{path.relative_to(ROOT)}: {path.stat().st_size // 1024} KB")  # noqa: T201 (a command line)


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8000")
