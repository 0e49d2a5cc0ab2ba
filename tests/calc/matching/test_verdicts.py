"""What the model says of names: whom it accepts, whom it never does, and how sure people can be of it."""

import pytest
from scipy.stats import beta

from steelyard.attribution.shipped import shipped
from steelyard.calc.matching.candidates import Index, Partner
from steelyard.calc.matching.certainty import certified, lower_bound, needed
from steelyard.calc.matching.model import from_data
from steelyard.calc.matching.names import spoken
from steelyard.calc.matching.verdicts import pairs, verdicts
from steelyard.calc.matching.words import Rarity, alike, compared

FIRMS = (
    ("EL", "AB Electrolux", "Stockholm", "SE"), ("EP", "Electrolux Professional AB", "Ljungby", "SE"),
    ("HK", "Hoffkamp Medizintechnik GmbH", "Hamburg", "DE"), ("DR", "Dr. Anna Weiss", "Graz", "AT"),
    ("Z1", "Zytronix Diagnostics Systems Ltd", "Leeds", "GB"), ("Z2", "Zytronix Diagnostics Services Ltd", "York", "GB"),
    ("MM", "Marien Apotheke", "Bremen", "DE"), ("BV", "Kuipveld Dentaal B.V.", "Breda", "NL"),
)  # fmt: skip


@pytest.fixture(scope="module")
def index():
    more = tuple(Partner(f"P{number}", f"Firma{number:03d}lex Handel GmbH", "Kassel", "DE") for number in range(200))
    return Index((*(Partner(*told) for told in FIRMS), *more))


def said(index, *names):
    return list(verdicts(names, index, shipped()))


def test_a_slip_an_abbreviation_and_a_town_are_accepted(index):
    found = said(index, "Hofkamp Medizintechnik", "HOFFKAMP MEDIZINTECHN. GMBH, Hamburg", "Kuipveld Dentaal BV - Breda")
    assert [(one.why, one.first.code) for one in found] == [("", "HK"), ("", "HK"), ("", "BV")]
    assert all(one.first.probability >= shipped().accept_from and one.margin >= 0.05 for one in found)


def test_a_subset_of_the_words_accepts_nobody(index):
    for name in ("Electrolux Home", "Professional AB", "Electrolux Group", "Medizintechnik GmbH", "Diagnostics Ltd"):
        assert not said(index, name)[0].accepts, name


def test_two_partners_that_lie_near_are_left_to_people(index):
    [found] = said(index, "Zytronix Diagnostics S")
    assert not found.accepts and {one.code for one in found.nearest[:2]} == {"Z1", "Z2"}


def test_a_person_and_foreign_letters_are_never_accepted(index):
    found = said(index, "Dr Anna Weiss", "Anna Weiss", "Hоffkamp Medizintechnik GmbH")
    assert [one.why for one in found] == ["a person", "a person", "other letters"]
    assert found[2].first.code == "HK"


def test_a_daughter_in_another_town_is_nobody_on_the_list(index):
    for name in ("Hoffkamp Medizintechnik Leipzig Handels GmbH", "Zytronix Nordic AB", "Hoffkamp Holding AG"):
        assert not said(index, name)[0].accepts, name


def test_the_same_names_give_the_same_figures_whatever_stands_beside_them(index):
    names = [f"Firma{number:03d}lx Handel" for number in range(0, 200, 3)]
    together = said(index, *names)
    assert together == [said(index, name)[0] for name in names]


def test_nothing_near_and_nothing_at_all(index):
    assert [one.why for one in said(index, "Qqq Www Xxx", "", "!!!")] == ["nobody near"] * 3
    assert said(Index(()), "Hoffkamp")[0].why == "nobody near" and pairs(["Hoffkamp"], Index(())).figures.shape[0] == 0


def test_the_normal_form_tells_only_one_partner_with_the_same_form(index):
    same = {name: index.same(spoken(name)) for name in ("hoffkamp medizintechnik", "Hoffkamp Medizintechnik AG", "Anna Weiss")}
    assert same == {"hoffkamp medizintechnik": 2, "Hoffkamp Medizintechnik AG": -1, "Anna Weiss": -1}


def test_words_find_their_counterparts():
    rarity = Rarity.of(["ACME DIAGNOSTICS", "OTHER DIAGNOSTICS", "ACME LAB"], ["HAMBURG"])
    whole = compared(["ACMEDIAGNOSTICS", "HAMBURG"], ["ACME", "DIAGNOSTICS"], rarity, {"HAMBURG"})
    assert whole.city_agrees and whole.worst_missing < 0.06 and whole.extra < 0.06
    assert compared(["ACME", "2"], ["ACME"], rarity, ()).numbers_differ
    assert compared(["ACME", "HAMBURG"], ["ACME"], rarity, {"BREMEN"}).city_differs
    assert alike("MED", "MEDIZINTECHNIK") and alike("INTL", "INTERNATIONAL") and not alike("NORD", "SUED") and not alike("1", "11")


@pytest.mark.parametrize(("right", "wrong"), [(299, 0), (298, 0), (471, 2), (628, 2), (5, 5), (10_000, 50), (0, 3)])
def test_the_bound_is_that_of_clopper_and_pearson(right, wrong):
    expected = beta.ppf(0.05, right, wrong + 1) if right else 0.0
    assert lower_bound(right, wrong) == pytest.approx(expected, abs=1e-9)


def test_it_takes_299_473_628_checks_with_no_one_two_errors():
    assert [needed(wrong) for wrong in range(3)] == [299, 473, 628]
    assert certified(300, 0, 300) and not certified(300, 0, 299) and not certified(300, 1, 300)


def test_a_stored_model_says_the_same():
    model = shipped()
    assert model.usable and from_data(model.as_data()) == model and model.as_data()["digest"] == model.digest
