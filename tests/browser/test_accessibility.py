"""axe on every page of the URL configuration, light and dark, on a desk and on a phone: nothing serious, nothing critical."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Error, Page

from steelyard.accounts.permissions import ROLES
from tests import company as told
from tests.pages.routes import Route, every_route

from .conftest import People

WHO = ("anna", "ada", "ben", "carla", "alma")  # whoever is first and may, looks
COLOURS = ["color-contrast", "link-in-text-block"]  # slow to check, and the same at every width
STILL = """() => document.getAnimations().every(one =>
  one.playState !== "running" || one.effect.getTiming().iterations === Infinity)"""  # no colour between two others; spinners may turn
RUN = """async options => (await axe.run({...options, resultTypes: ["violations"], preload: false, iframes: false})).violations
  .filter(one => ["serious", "critical"].includes(one.impact))
  .map(one => `${one.id}: ${one.help}: ${one.nodes.length} times, ${one.nodes[0].html.slice(0, 200)}`)"""
LAYOUT = [
    "target-size",
    "scrollable-region-focusable",
    "region",
    "bypass",
    "landmark-one-main",
    "page-has-heading-one",
    "meta-viewport",
    "label",
    "button-name",
    "link-name",
    "aria-hidden-focus",
    "empty-table-header",
]  # what another width may change
STANDARD = {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
LOOKS = (
    ("light", 1440, {"runOnly": STANDARD}),
    ("dark", 1440, {"runOnly": {"type": "rule", "values": COLOURS}}),
    ("light", 390, {"runOnly": {"type": "rule", "values": LAYOUT}}),
)
DESKTOP, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}
BESIDE = ("/nowhere", "/partners/nobody", "/ranking?q=nothing-is-called-so", "/search?q=alp", "/overview?part=parts")
PAGES = [route for route in every_route() if "GET" in (route.needs or {})]


def visitor(route: Route) -> str | None:
    """Who opens it: the first of the company who may; nobody signed in for what is public."""
    if route.public:
        return None
    for username in WHO:
        roles = told.PEOPLE[username][1]
        if any((route.needs or {}).get("GET") in ROLES[role].permissions for role in roles):
            return username if "portal" not in route.pattern else "alma"
    raise AssertionError(f"nobody in tests/browser may open {route.shown}")


def serious(page: Page, axe: str, options: dict) -> list[str]:
    """What keeps people out of the page as it is shown now."""
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(axe)
    return page.evaluate(RUN, options)


def look(page: Page, address: str, axe: str) -> list[str]:
    """Everything serious about one address, in every light."""
    page.set_viewport_size(DESKTOP)
    page.emulate_media(color_scheme="light")
    try:
        response = page.goto(address)
    except Error as error:
        if "Download is starting" in str(error):
            return []  # a file is no page
        raise
    assert response is not None
    if "text/html" not in response.headers.get("content-type", ""):
        return []
    wrong = []
    for scheme, width, options in LOOKS:
        page.set_viewport_size(PHONE if width < 700 else DESKTOP)
        page.emulate_media(color_scheme=scheme)
        if not page.evaluate(STILL):
            page.wait_for_function(STILL)
        wrong += [f"{scheme}, {width}: {one}" for one in serious(page, axe, options)]
        wide = page.evaluate("document.documentElement.scrollWidth")
        if wide > width:
            wrong.append(f"{scheme}, {width}: the page is {wide} pixels wide")
    return wrong


@pytest.fixture(scope="module")
def axe() -> str:
    """The script, read once."""
    return Axe().axe_script


@pytest.fixture(scope="module")
def sitting(browser, server, states) -> Iterator[tuple[People, dict[str | None, Page]]]:
    """Everybody's page stays open, so that styles and scripts are fetched once; nothing moves, so that nothing is waited for."""
    arriving = People(browser, server, states, motion="reduce")
    yield arriving, {}
    arriving.leave()


@pytest.fixture
def page_of(sitting) -> Iterator[Callable[[str | None], Page]]:
    """`page_of("ben")` is the page before Ben; what it does wrong fails this test."""
    people, pages = sitting
    yield lambda username: pages.get(username) or pages.setdefault(username, people(username))
    faults = people.watch.faults.copy()
    people.watch.faults.clear()
    assert faults == []


@pytest.mark.parametrize("route", PAGES, ids=lambda route: route.shown)
def test_nobody_is_kept_out_of_a_page(page_of, server, axe, route):
    assert look(page_of(visitor(route)), route.filled(server.things["objects"]), axe) == []


@pytest.mark.parametrize("address", BESIDE)
def test_nobody_is_kept_out_of_what_is_not_there(page_of, axe, address):
    assert look(page_of("ben"), address, axe) == []
