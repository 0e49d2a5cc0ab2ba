"""Master data as pages: what is true when, who said so, changes that survive each other, files that come back equal."""

import pytest

PAGES = (
    "/masters", "/masters/partners", "/masters/partners/ALP", "/masters/partners/ALP/history", "/masters/territories/ALPS",
    "/masters/aliases", "/masters/assignments", "/masters/products", "/masters/units", "/masters/rates", "/masters/categories",
)  # fmt: skip


@pytest.mark.parametrize("path", PAGES)
def test_pages_of_masters_open(as_, path):
    response = as_("anna").get(path)
    assert response.status_code == 200, path
