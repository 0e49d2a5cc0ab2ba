"""What every page carries: the policy, the built files, and nothing that the policy would refuse."""

import re

import pytest
from django.template.loader import render_to_string
from django.test import RequestFactory

from steelyard.ui.files import FOLDER, built

LAYOUTS = ["ui/base.html", "ui/plain.html", "ui/portal.html"]


@pytest.fixture
def request_():
    return RequestFactory().get("/somewhere?<script>=1")


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_layout_has_no_style_and_no_script_of_its_own(layout, request_):
    page = render_to_string(layout, {}, request_)
    assert " style=" not in page
    assert not re.search(r"<script(?![^>]*(src=|application/json))", page)
    assert not re.search(r"\son\w+=", page)
    assert "<script>" not in page
    assert 'href="#main"' in page and 'id="main"' in page


@pytest.mark.parametrize(("cookie", "shown"), [("steelyard-dark", True), ("steelyard", True), ('x" onload="y', False)])
def test_the_theme_somebody_chose_is_drawn_at_once(cookie, shown, request_):
    request_.COOKIES["theme"] = cookie
    page = render_to_string("ui/plain.html", {}, request_)
    assert (f'data-theme="{cookie}"' in page) is shown
    assert "onload" not in page


def test_the_navigation_marks_where_one_is(request_):
    items = [{"title": "Ranking", "url": "/ranking", "icon": "ranking", "current": True, "count": 41}]
    page = render_to_string("ui/base.html", {"navigation": [{"title": "Main", "items": items}]}, request_)
    assert re.search(r'<a href="/ranking" aria-current="page">.*?Ranking<span class="n">41</span></a>', page, re.S)
    assert 'role="search"' in page


def test_what_browsers_keep_has_names_that_change_with_the_content():
    names = built()
    assert {"pages.css", "app.js", "charts.js", "inter-latin.woff2", "inter-latin-ext.woff2"} <= set(names)
    for plain, hashed in names.items():
        assert (FOLDER / hashed).is_file()
        assert re.fullmatch(re.escape(plain.rsplit(".", 1)[0]) + r"\.[0-9a-f]{12}\.\w+", hashed)


def test_the_first_load_stays_small():
    names = built()
    sizes = {name: (FOLDER / f"{names[name]}{'' if name.endswith('woff2') else '.br'}").stat().st_size for name in names}
    without = sizes["pages.css"] + sizes["app.js"] + sizes["inter-latin.woff2"]
    assert without < 100 * 1024  # leaves 20 KB for the page itself
    assert without + sizes["charts.js"] < 375 * 1024


def test_the_style_sheet_needs_nothing_from_elsewhere():
    sheet = (FOLDER / built()["pages.css"]).read_text()
    assert not re.search(r"url\(['\"]?(https?:|//)", sheet)
    for name in re.findall(r"url\(\./([\w.-]+)\)", sheet):
        assert (FOLDER / name).is_file()


@pytest.mark.django_db
def test_the_policy_is_on_every_answer(client, settings, tmp_path):
    settings.STATIC_ROOT = tmp_path  # whitenoise wants it to be there
    policy = client.get("/health/live").headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy and "script-src 'self'" in policy
    assert "unsafe" not in policy
