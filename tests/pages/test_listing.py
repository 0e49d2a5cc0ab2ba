"""Lists of real pages: as many questions for many rows as for few, files of all rows, and addresses that nobody typed."""

import io

import polars as pl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from steelyard.masters.actions import Actions
from steelyard.partners.masters import EVERY

LISTS = ("/masters/partners", "/masters/products", "/masters/territories", "/frameworks")
HOSTILE = (
    "?sort=%00", "?q=%00", "?q=%27%22%3E%3Cscript%3E", "?page=-1", "?page=9999999999999999999999", "?per=1000000", "?columns=__class__",
    "?sort=pk;--", "?format=../../etc", "?country=%F0%9F%8F%B4", "?status=x", "?newest=x", "?selected=%00", "?sort=-id", "?q=" + "a" * 5000,
)  # fmt: skip


def asked(client, path):
    with CaptureQueriesContext(connection) as queries:
        response = client.get(path)
    assert response.status_code == 200
    return len(queries)


@pytest.mark.parametrize("path", LISTS)
@pytest.mark.parametrize("address", HOSTILE)
def test_no_address_of_a_list_fails(as_, path, address):
    response = as_("anna").get(path + address)
    assert response.status_code == 200 and b"<script>" not in response.content


def test_many_rows_ask_the_database_as_often_as_few(as_, company):
    anna = as_("anna")
    asked(anna, "/masters/partners")  # what is kept in memory is there now
    few = asked(anna, "/masters/partners")
    more = pl.DataFrame({"code": [f"Z{number}" for number in range(300)], "name": [f"Zebra {number}" for number in range(300)]})
    Actions(EVERY).load("partners", more, acting_user=company.people.anna)
    asked(anna, "/masters/partners")
    assert asked(anna, "/masters/partners?per=250&sort=-name") <= few + 1


@pytest.mark.parametrize("form", ["csv", "xlsx", "parquet"])
def test_every_list_gives_a_file_of_all_its_rows(as_, form):
    anna = as_("anna")
    for path in LISTS:
        count = anna.get(path).context["listing"].count
        response = anna.get(f"{path}?format={form}")
        assert "attachment" in response["Content-Disposition"] and response.exported[1] == count
        if form == "parquet":
            assert pl.read_parquet(io.BytesIO(response.content)).height == count


def test_what_is_typed_is_sought_in_all_words(as_):
    found = as_("anna").get("/masters/partners?q=alp+DIAG").context["listing"]
    assert [row.key or row.name for row in found.rows] == ["Alpine Diagnostics"]


def test_a_form_with_an_old_token_is_a_page_that_gives_back_what_was_typed(as_):
    response = as_("anna", enforce_csrf_checks=True).post("/masters/partners/add", {"code": "NEW", "name": "Typed for an hour"})
    assert response.status_code == 403 and "Typed for an hour" in response.content.decode()


def test_an_unknown_address_is_the_same_page_for_everybody(as_, anonymous):
    pages = {client.get(path).content for client in (as_("anna"), as_("alma"), anonymous) for path in ("/nothing", "/x/y?z=1")}
    assert len(pages) == 1
