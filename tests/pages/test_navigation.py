"""The way around: every place it knows has an address, and names of pages that are only tried are right."""

from __future__ import annotations

import re
from pathlib import Path

from django.urls import get_resolver

import steelyard
from steelyard.dashboards.navigation import PLACES

PACKAGE = Path(steelyard.__file__).parent
TRIED = re.compile(r'(?:links\.page|_page)\(\s*"([a-z]+:[a-z-]+)"')  # these answer None for a name that is not there


def names():
    found = set()
    for namespace, (_prefix, resolver) in get_resolver().namespace_dict.items():
        found |= {f"{namespace}:{name}" for name in resolver.reverse_dict if isinstance(name, str)}
    return found


def test_every_place_of_the_navigation_has_an_address():
    assert {place.name for _title, _quiet, group in PLACES for place in group} <= names()


def test_no_page_is_sought_under_a_name_that_is_not_there():
    sought = {(name, path.name) for path in PACKAGE.rglob("*.py") for name in TRIED.findall(path.read_text(encoding="utf-8"))}
    assert sought and sorted(one for one in sought if one[0] not in names()) == []
