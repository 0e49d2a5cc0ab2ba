"""Master data as pages: what is true when, who said so, changes that notice each other, files that come back equal."""

import csv
import io

import pytest

from steelyard.masters.keys import RESERVED, key_parts, key_path
from steelyard.masters.queries import Queries
from steelyard.partners.catalogue import CATALOGUE
from steelyard.partners.masters import EVERY
from tests.company import CANARY

PAGES = (
    "/masters", "/masters/partners", "/masters/partners/ALP", "/masters/partners/ALP/history", "/masters/territories/ALPS",
    "/masters/aliases", "/masters/assignments", "/masters/products", "/masters/units", "/masters/rates", "/masters/categories",
)  # fmt: skip
QUERIES = Queries(EVERY)


def rows(response):
    return list(csv.DictReader(io.StringIO(response.content.decode())))


def changed(client, path="/masters/partners/ALP/change", **values):
    """Open the form, then send it back with some values changed."""
    form = client.get(path).context["form"]
    data = {name: "" if (value := form.get_initial_for_field(field, name)) is None else str(value) for name, field in form.fields.items()}
    return client.post(path, {**data, **values})


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("username", ["anna", "dora"])
def test_pages_of_masters_open(as_, path, username):
    assert as_(username).get(path).status_code == 200


def test_the_index_counts_what_each_list_shows(as_):
    anna = as_("anna")
    told = {master["name"]: master["count"] for master in anna.get("/masters").context["masters"]}
    assert told == {name: anna.get(f"/masters/{name}").context["listing"].count for name in CATALOGUE.masters}


# --- scope ------------------------------------------------------------------------------------------------------------


def test_who_sees_only_some_partners_meets_no_other_in_any_list_record_or_file(as_):
    carla = as_("carla")
    for name in CATALOGUE.masters:
        for path in (f"/masters/{name}", f"/masters/{name}?format=csv", f"/masters/{name}/export", f"/masters/{name}?q=BOR"):
            found = CANARY.search(carla.get(path).content.decode().replace("q=BOR", "").replace('value="BOR"', ""))
            assert not found, (path, found)
    assert {row["code"] for row in rows(carla.get("/masters/partners/export"))} < {
        row["code"] for row in rows(as_("anna").get("/masters/partners/export"))
    }


@pytest.mark.parametrize("ending", ["", "/history"])
def test_another_partner_is_as_missing_as_one_that_is_not_there(as_, ending):
    carla = as_("carla")
    theirs, nobodys = (carla.get(f"/masters/partners/{code}{ending}") for code in ("BOR", "NOBODY"))
    assert theirs.status_code == nobodys.status_code == 404
    assert theirs.content == nobodys.content
    assert carla.get(f"/masters/partners/ALP{ending}").status_code == 200


def test_who_was_granted_nothing_sees_no_partner_and_every_product(as_):
    nora = as_("nora")
    assert nora.get("/masters/partners").context["listing"].count == 0
    assert nora.get("/masters/products").context["listing"].count > 0


# --- writing ----------------------------------------------------------------------------------------------------------


def test_a_change_from_a_day_on_leaves_what_was_true_before(as_):
    anna = as_("anna")
    response = changed(anna, city="Zürich", valid_from="2025-08-01", reason="moved")
    assert response.url == "/masters/partners/ALP"
    known = QUERIES.known("partners", code="ALP")
    assert known["city"].to_list() == ["Zug", "Zürich"] and str(known["valid_from"][1]) == "2025-08-01"
    page = anna.get("/masters/partners/ALP").content.decode()
    assert "Zürich" in page and "Zug" in page and "moved" in page and "Anna" in page


def test_two_people_who_change_one_record_notice_each_other_and_nothing_typed_is_lost(as_):
    anna, elsewhere = as_("anna"), as_("anna")
    opened = elsewhere.get("/masters/partners/ALP/change").context["form"]
    assert changed(anna, city="Baar", valid_from="").status_code == 302
    data = {name: str(opened.get_initial_for_field(field, name) or "") for name, field in opened.fields.items()}
    clash = elsewhere.post("/masters/partners/ALP/change", {**data, "city": "Zürich", "valid_from": ""})
    page = clash.content.decode()
    assert clash.status_code == 409 and "Anna" in page
    assert '<s class="struck">Zug</s>' in page and "Baar" in page and 'value="Zürich"' in page
    assert QUERIES.get("partners", "ALP").city == "Baar"
    again = {**data, "city": "Zürich", "valid_from": "", "version": clash.context["form"].data["version"]}
    assert elsewhere.post("/masters/partners/ALP/change", again).status_code == 302
    assert QUERIES.get("partners", "ALP").city == "Zürich"


def test_what_is_wrong_is_said_beside_the_field_and_what_was_typed_stays(as_):
    response = changed(as_("anna"), country="Atlantis", city="<b>Zug")
    page = response.content.decode()
    assert response.status_code == 422 and 'value="Atlantis"' in page and "&lt;b&gt;Zug" in page
    assert response.context["form"].errors["country"]
    assert QUERIES.get("partners", "ALP").country == "CH"


def test_a_record_is_added_once_and_retired_from_a_day_on(as_):
    anna = as_("anna")
    new = {"code": "add", "name": "Adder & Sons", "status": "active", "reason": "new"}
    added = anna.post("/masters/partners/add", new)
    assert added.status_code == 302 and anna.get(added.url).status_code == 200
    assert anna.post("/masters/partners/add", new).status_code == 422
    form = anna.get(f"{added.url}/retire").context["form"]
    version = form.get_initial_for_field(form.fields["version"], "version")
    assert anna.post(f"{added.url}/retire", {"valid_from": "2025-12-01", "reason": "", "version": version}).status_code == 302
    assert QUERIES.get("partners", "add").status == "ended"
    assert anna.post(f"{added.url}/retire", {"valid_from": "2025-12-02", "reason": "", "version": version}).status_code == 409


def test_an_attribute_of_the_companys_own_is_declared_valued_corrected_and_seen_by_whose_partner_it_is(as_):
    anna, carla = as_("anna"), as_("carla")
    declared = {"code": "certified", "about": "partner", "type": "yes/no", "meaning": "passed the training", "reason": ""}
    assert anna.post("/masters/attributes/add", declared).status_code == 302
    assert anna.post("/masters/attributes/add", {**declared, "code": "country"}).context["form"].errors["code"]
    value = {"attribute": "certified", "partner": "ALP", "product": "", "value": "TRUE", "valid_from": "2025-07-01", "reason": "exam"}
    added = anna.post("/masters/attribute_values/add", value)
    assert added.url == "/masters/attribute_values/certified/ALP/~2" and QUERIES.known("attribute_values")["value"].to_list() == ["yes"]
    wrong = anna.post("/masters/attribute_values/add", {**value, "partner": "BOR", "value": "perhaps"})
    assert wrong.status_code == 422 and "write yes or no" in str(wrong.context["form"].errors["value"])
    assert anna.post("/masters/attribute_values/add", {**value, "partner": "BOR"}).status_code == 302
    assert changed(anna, f"{added.url}/change", value="no", valid_from="2025-09-01").status_code == 302
    assert QUERIES.known("attribute_values", partner="ALP")["value"].to_list() == ["yes", "no"]
    assert "exam" in anna.get(f"{added.url}/history").content.decode()
    assert carla.get(added.url).status_code == 200 and carla.get(added.url.replace("ALP", "BOR")).status_code == 404
    assert [row["partner"] for row in rows(carla.get("/masters/attribute_values/export"))] == ["ALP", "ALP"]
    assert carla.post("/masters/attribute_values/add", value).status_code == 403


def test_only_who_may_writes(as_):
    before = QUERIES.version("partners", code="ALP")
    for username in ("dora", "ben", "carla", "emil", "ada"):
        for path in ("/masters/partners/add", "/masters/partners/ALP/change", "/masters/partners/ALP/retire", "/masters/partners/import"):
            assert as_(username).post(path, {"code": "X", "name": "X"}).status_code == 403, (username, path)
    assert QUERIES.version("partners", code="ALP") == before


# --- files ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", ["csv", "xlsx", "parquet"])
def test_a_master_exported_and_imported_again_changes_nothing(as_, form):
    anna = as_("anna")
    for name in ("partners", "territories", "products"):
        exported = anna.get(f"/masters/{name}/export?format={form}")
        upload = io.BytesIO(exported.content)
        upload.name = f"{name}.{form}"
        outcome = anna.post(f"/masters/{name}/import", {"file": upload, "source": "again", "step": "check"}).context["outcome"]
        assert (outcome.accepted, outcome.quarantined, outcome.duplicates) == (0, 0, outcome.rows_in)


def test_an_export_at_an_earlier_cut_is_what_was_known_then(as_):
    anna = as_("anna")
    cut = QUERIES.version("partners", code="ALP")
    changed(anna, city="Baar", valid_from="")
    then, now = (rows(anna.get(f"/masters/partners/export?cut={at}")) for at in (cut, ""))
    assert {row["city"] for row in then if row["code"] == "ALP"} == {"Zug"}
    assert {row["city"] for row in now if row["code"] == "ALP"} == {"Baar"}
    for hostile in ("-1", "999999", "x", "1.5", "9" * 40):
        assert anna.get(f"/masters/partners/export?cut={hostile}").status_code == 422


def test_a_file_is_checked_before_it_is_loaded_and_need_not_be_sent_twice(as_):
    anna = as_("anna")
    upload = io.BytesIO(b"code,name,country\nALP,Alpine Diagnostics,CH\nNEW,New Lab,DE\nODD,Odd Lab,Atlantis\n")
    upload.name = "more.csv"
    page = anna.post("/masters/partners/import", {"file": upload, "source": "crm", "step": "check"})
    assert (page.context["new"], page.context["outcome"].restated, page.context["outcome"].quarantined) == (1, 0, 1)
    assert "Atlantis" in page.content.decode() and not QUERIES.exists("partners", code="NEW")
    loaded = anna.post("/masters/partners/import", {"sha256": page.context["sha256"], "name": "more.csv", "source": "crm", "step": "load"})
    assert loaded.url == "/masters/partners" and QUERIES.exists("partners", code="NEW") and not QUERIES.exists("partners", code="ODD")


NOT_THERE = (
    "/masters/none", "/masters/none/X", "/masters/settings", "/masters/partners/A/B", "/masters/rates/a/b/c/d", "/masters/none/import",
    "/masters/orders/import", "/masters/partners/%00",
)  # fmt: skip


@pytest.mark.parametrize("path", NOT_THERE)
def test_what_is_not_there_is_missing(as_, path):
    assert as_("anna").get(path).status_code == 404


@pytest.mark.parametrize(
    "parts", [["ALP"], ["a/b", ""], ["..", "."], ["~", "~1", "~~0"], *([word] for word in RESERVED), ["add", "x/change"], ["ä b%2F?#"]]
)
def test_any_key_makes_an_address_and_comes_back(parts):
    path = key_path(parts)
    assert key_parts(path) == parts
    assert not set(path.split("/")) & {".", "..", "", *RESERVED}
