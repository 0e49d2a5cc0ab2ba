"""The normal form of a name: what is one, what stays apart, and what no machine may match."""

import pytest
from cleanco import prepare_default_terms
from cleanco.clean import custom_basename

from steelyard.calc.matching.legal import KEPT, without
from steelyard.calc.matching.letters import capitals
from steelyard.calc.matching.names import spoken

SAME = (
    ("Müller Medizintechnik GmbH & Co. KG", "MUELLER  medizintechnik"),
    ("AB Electrolux", "Electrolux Aktiebolag"),
    ("Łódź Farmacja Sp. z o.o.", "LODZ FARMACJA SPÓŁKA Z O.O."),
    ("Ørsted Lab ApS", "Oersted Lab"),
    ("L'Étoile Santé S.A.R.L.", "LETOILE SANTE"),
    ("Groß & Weiß", "Gross and Weiss"),
    ("Acme S.p.A.", "ACME S P A"),
    ("The Acme Company, Inc.", "Acme"),
)
APART = (
    ("Electrolux Professional AB", "AB Electrolux"),
    ("Acme Holding AG", "Acme AG"),
    ("Acme Group Ltd", "Acme Ltd"),
    ("Acme 2 GmbH", "Acme GmbH"),
)


@pytest.mark.parametrize(("one", "other"), SAME)
def test_one_name_written_in_two_ways_has_one_normal_form(one, other):
    assert spoken(one).core == spoken(other).core != ""


@pytest.mark.parametrize(("one", "other"), APART)
def test_daughters_and_numbers_stay_apart(one, other):
    assert spoken(one).core != spoken(other).core


def test_a_legal_form_never_takes_the_whole_name():
    assert spoken("GmbH").core == "GMBH" and spoken("A.S.").core == "AS"


def test_legal_forms_are_those_of_cleanco_and_more():
    terms = prepare_default_terms()
    for name in ("Acme Trading Ltd", "Acme Pte Ltd", "Kovacs Kft", "Acme Sdn Bhd", "Viktor OOO", "Nordic Lab Oyj", "Casa Verde SA de CV"):
        by_cleanco = capitals(custom_basename(custom_basename(name, terms), terms))
        assert " ".join(without(capitals(name).split())[0]) == by_cleanco, name
    assert not KEPT & {without(["ACME", form])[1] for form in KEPT}


@pytest.mark.parametrize("name", ["Dr. Hans Weiß", "Weiss, Hans", "Prof. Dr. med. Anna Kowalska", "MARTA ROSSI", "Schmidt, Jürgen"])
def test_persons_are_seen(name):
    assert spoken(name).personal and not spoken(name).by_machine


@pytest.mark.parametrize("name", ["Beatmung Weller", "Skaraby Nilsson", "Rossi Conti"])
def test_what_may_be_a_person_is_left_to_people(name):
    assert spoken(name).unclear and not spoken(name).by_machine


@pytest.mark.parametrize(
    "name", ["Hans Weiß GmbH", "St. Marien-Krankenhaus", "Peter Lang Medizintechnik", "Northgate Pharmacy", "Electrolux"]
)
def test_firms_are_none(name):
    assert spoken(name).by_machine


@pytest.mark.parametrize("name", ["Αcme Ltd", "Aсme Ltd", "Ac​me Ltd", "‮Acme Ltd", "ɑcme Ltd"])
def test_letters_that_look_like_others_are_for_people(name):
    assert spoken(name).foreign and not spoken(name).by_machine


def test_letters_of_europe_are_not_foreign():
    assert not any(spoken(name).foreign for name in ("Łódź Ørsted Þór Đuro", "Straße Œuvre Çelik", "Ｆixkraft ﬁne GmbH – Köln"))
