"""A file can be checked and tested where there is no installation: what the house would know is then unknown, not a failure."""

from django.db import OperationalError

from steelyard.frameworks import house

REGION = 'framework: north\nextends: standard\napplies_to: region == "North"\nset: {kpis.growth.round: 2}\n'


def test_without_a_database_the_problems_of_the_file_are_told(monkeypatch, tmp_path):
    def away(*_):
        raise OperationalError("unable to open database file")

    monkeypatch.setattr(house, "declared", away)
    monkeypatch.setattr(house, "newest_of", away)
    _, problems = house.read_here("framework: a\nsubject: partner\ngrain: quarter\nkpis: {k: {formula: sale, unit: money}}\n")
    assert [problem.code for problem in problems] == ["unknown-name"]
    _, problems = house.read_here(REGION, tmp_path / "north.yaml")
    assert [problem.code for problem in problems] == ["no-base"] and "lay standard.yaml beside" in problems[0].hint
