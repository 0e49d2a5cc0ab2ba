"""axe on every page of the URL configuration, light and dark, on a desk and on a phone: nothing serious, nothing critical."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Error, Page

from steelyard.accounts.permissions import ROLES
from tests import company as told
from tests.pages.routes import Route, every_route

WHO = ("anna", "ada", "ben", "carla", "alma")  # whoever is first and may, looks
FORMATS = {"color-contrast", "link-in-text-block"}  # what depends on the colours alone
STILL = "() => document.getAnimations().every(one => one.playState !== 'running')"  # no colour between two others
STANDARD = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
LOOKS = (("light", 1440, None), ("dark", 1440, FORMATS), ("light", 390, None), ("dark", 390, FORMATS))
DESKTOP, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}
BESIDE = ("/nowhere", "/partners/nobody", "/ranking?q=nothing-is-called-so", "/search?q=alp", "/overview?part=parts")
PAGES = [route for route in every_route() if (route.public and "POST" not in route.pattern) or "GET" in (route.needs or {})]


def visitor(route: Route) -> str | None:
    """Who opens it: the first of the company who may; nobody signed in for what is public."""
    if route.public:
        return None
    for username in WHO:
        roles = told.PEOPLE[username][1]
        if any((route.needs or {}).get("GET") in ROLES[role].permissions for role in roles):
            return username if "portal" not in route.pattern else "alma"
    raise AssertionError(f"nobody in tests/browser may open {route.shown}")


@dataclass
class Checker:
    """One page of each visitor, in which one address after the other is opened."""

    axe: Axe

    def serious(self, page: Page, rules: set[str] | None) -> list[str]:
        """What keeps people out of the page as it is shown now."""
        options = (
            {"runOnly": {"type": "rule", "values": sorted(rules)}} if rules else {"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]}
        )
        options["resultTypes"] = ["violations"]
        found = self.axe.run(page, options=options).response["violations"]
        return [f"{one['id']}: {one['help']}: {one['nodes'][0]['html'][:200]}" for one in found if one["impact"] in ("serious", "critical")]


def look(page: Page, address: str, checker: Checker) -> list[str]:
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
    for scheme, width, rules in LOOKS:
        page.set_viewport_size(PHONE if width < 700 else DESKTOP)
        page.emulate_media(color_scheme=scheme)
        page.wait_for_function(STILL)
        wrong += [f"{scheme}, {width}: {one}" for one in checker.serious(page, rules)]
        wide = page.evaluate("document.documentElement.scrollWidth")
        if wide > width:
            wrong.append(f"{scheme}, {width}: the page is {wide} pixels wide")
    return wrong


@pytest.fixture(scope="module")
def checker() -> Checker:
    """axe, read once."""
    return Checker(Axe())


@pytest.mark.parametrize("route", PAGES, ids=lambda route: route.shown)
def test_nobody_is_kept_out_of_a_page(people, server, checker, route):
    page = people(visitor(route))
    assert look(page, route.filled(server.things["objects"]), checker) == []


@pytest.mark.parametrize("address", BESIDE)
def test_nobody_is_kept_out_of_what_is_not_there(people, checker, address):
    assert look(people("ben"), address, checker) == []
