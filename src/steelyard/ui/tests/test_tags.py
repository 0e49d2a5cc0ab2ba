"""The tags: what they draw, what a screen reader hears, and that no hostile text gets out of its place."""

import json
import re

import pytest
from django import forms
from django.template import Context, Engine
from django.test import RequestFactory

from steelyard.calc.errors import Problem
from steelyard.calc.units import Blank
from steelyard.ui import charts
from steelyard.ui.grades import letter, shade

GRADES = ("A", "B", "C", "D", "E")
LIMITS = tuple((name, limit * 10**6) for name, limit in zip(GRADES, (80, 65, 50, 35, 0), strict=True))
HOSTILE = """</script><img src=x onerror="alert('1')"> & {{ it }}"""


@pytest.fixture
def render():
    engine = Engine.get_default()

    def rendered(text, **values):
        return engine.from_string("{% load ui %}" + text).render(Context(values))

    return rendered


def test_a_figure_shows_its_unit_or_why_there_is_none(render):
    assert render("{% figure 76900000 'points' %}") == "76.9"
    assert render("{% figure value 'days' %}", value=1_000) == "1.0 <small>day</small>"
    assert render("{% figure value 'points' %}", value=Blank("8 of 20 orders")) == '<span class="none">8 of 20 orders</span>'
    assert "no data" in render("{% figure value 'points' %}", value=None)


@pytest.mark.parametrize(
    ("value", "good", "kind", "said"),
    [(2, "up", "up", "up "), (-2, "up", "down", "down "), (2, "down", "down", "up "), (-2, "down", "up", "down ")],
)
def test_a_change_is_coloured_by_better_or_worse_and_says_its_direction(render, value, good, kind, said):
    drawn = render("{% delta value 'count' good=good %}", value=value, good=good)
    assert f'class="delta {kind}"' in drawn
    assert f'<span class="sr-only">{said}</span>2<' in drawn


def test_a_change_of_nothing_or_too_little_to_show_is_no_change(render):
    assert "no change" in render("{% delta 0 %}")
    assert "no change" in render("{% delta 40000 %}")
    assert "none" in render("{% delta value %}", value=None)


@pytest.mark.parametrize(
    ("levels", "shades"),
    [(1, "a"), (2, "a e"), (3, "a c e"), (4, "a q5 q11 e"), (5, "a b c d e"), (7, "a q3 q5 c q11 q13 e"), (9, "a q2 b q6 c q10 d q14 e")],
)
def test_any_number_of_levels_has_colours_with_stone_in_the_middle(levels, shades):
    names = [f"Level {place}" for place in range(levels)]
    assert " ".join(shade(name, names) for name in names) == shades


def test_the_letter_of_a_level_is_its_own():
    assert letter("Gold", ("Platinum", "Gold", "Silver")) == "G"
    assert letter("Small", ("Strong", "Small")) == "2"
    assert letter("A+", ("A+", "A")) == "A+"
    assert letter(None, ("A",)) == "–"


def test_a_grade_says_letter_word_and_that_it_is_borderline(render):
    drawn = render("{% grade 'Gold' levels borderline='Platinum' %}", levels=("Platinum", "Gold", "Silver"))
    assert drawn == '<span class="grade gc soft"><b>G</b><span>Gold</span> <small>or Platinum</small></span>'
    assert "Not ranked" in render("{% grade None levels note='8 of 20 orders' %}", levels=GRADES)


def test_the_beam_says_everything_it_shows(render):
    drawn = render("{% beam 76900000 levels low=74800000 high=78700000 former=73100000 %}", levels=LIMITS)
    name = re.search(r'role="img" aria-label="([^"]*)"', drawn)[1]
    assert name == "Score 76.9 on a scale from E to A; interval 74.8 to 78.7; previous score 73.1"
    assert drawn.count('class="seg-') == 5
    assert 'x="71.125%"' in drawn  # 56.9 of the 80 points from 20 to 100
    assert drawn.count('class="tick') == 81


@pytest.mark.parametrize("score", [0, 1, 34_999_999, 100_000_000, 130_000_000])
def test_the_beam_reaches_to_every_score(render, score):
    for size in ("lg", "sm"):
        drawn = render("{% beam score levels size=size %}", score=score, levels=LIMITS, size=size)
        places = [float(at) for at in re.findall(r'x="(-?[\d.]+)%"', drawn)]
        assert all(0 <= at <= 100 for at in places)


def test_the_beam_does_without_limits_in_points(render):
    levels = (("Gold", None), ("Silver", None))
    assert "Score 50.0" in render("{% beam 50000000 levels %}", levels=levels)
    assert "Score 50.0" in render("{% beam 50000000 levels %}", levels=())


def test_marks_have_names_and_keep_to_their_box(render):
    assert 'class="full" width="96.0"' in render("{% bar 120 100 %}")
    assert 'class="low" width="28.8"' in render("{% bar 30 100 %}")
    assert 'x1="86.4"' in render("{% bar 72 100 target=90 %}")
    assert "points=" in render("{% spark values target=3 %}", values=[1, None, 2])
    assert render("{% spark values %}", values=[None]) == ""
    assert 'class="down"' in render("{% contribution value 5 %}", value=-3)


def test_nothing_that_people_wrote_gets_out_of_its_place(render):
    class Form(forms.Form):
        it = forms.CharField(label=HOSTILE, help_text=HOSTILE, max_length=3)

    form = Form({"it": HOSTILE})
    spec = charts.waterfall((HOSTILE, 1), [(HOSTILE, 1)], (HOSTILE, 2))
    drawn = render(
        "{% grade it names borderline=it note=it %}{% grade it other %}{% figure blank 'points' %}{% bar 1 2 label=it %}"
        "{% spark values label=it %}{% beam 1 levels %}{% empty it it it it %}{% problem_list problems %}{% timeline entries %}"
        "{% field form.it %}{% chart spec label=it %}{% note 'warn' %}{{ it }}{% endnote %}{% section it it %}{{ it }}{% endsection %}",
        it=HOSTILE, names=[HOSTILE], other=["A"], blank=Blank(HOSTILE), values=[1, 2], levels=[(HOSTILE, 1), ("B", 0)],
        form=form, spec=spec, problems=[Problem("code", HOSTILE, HOSTILE, HOSTILE, HOSTILE)],
        entries=[{"title": HOSTILE, "text": HOSTILE}],
    )  # fmt: skip
    assert "<img" not in drawn
    assert drawn.count("</script>") == 1


def test_a_chart_carries_its_numbers_as_data_and_as_a_table(render):
    spec = charts.lines([("Q1", 70_000_000), ("Q2", None), ("Q3", 76_900_000)], limits=[80_000_000, 65_000_000], name="Score")
    drawn = render("{% chart spec label='Score by quarter' %}{% chart spec label='again' %}", spec=spec)
    assert re.findall(r'data-chart="([^"]+)"', drawn) == ["chart-1", "chart-2"]
    data = json.loads(re.search(r'<script type="application/json" id="chart-1">(.*?)</script>', drawn, re.S)[1])
    assert set(data) == {"wide", "narrow"}
    assert "<td>Q2</td>" in drawn and "76.9" in drawn


@pytest.mark.parametrize(
    "spec",
    [
        charts.waterfall(("before", 70_000_000), [("a", 2_000_000), ("b", -1_000_000)], ("after", 71_000_000)),
        charts.lines([("Q1", 1), ("Q2", 2)], band=[(0, 3), None], peers=[1, None]),
        charts.lines([], limits=[1]),
        charts.stacked([("Q1", {"A": 1})], GRADES),
        charts.columns(["Jan", "Feb"], [("One", [1, None]), ("Other", [2, 3])], currency="EUR"),
    ],
)
def test_a_specification_names_no_colour(spec):
    text = json.dumps(spec)
    assert not re.search(r"#[0-9a-f]{3,6}\b|rgb|hsl", text)
    assert json.loads(text) == spec


def test_a_field_tells_what_is_wrong_beside_it_and_keeps_what_was_typed(render):
    class Form(forms.Form):
        target = forms.IntegerField(label="Target", help_text="A number such as 1,911,000")
        agreed = forms.BooleanField(label="Agreed", required=False)

    drawn = render("{% field form.target %}{% field form.agreed %}", form=Form({"target": "1.911.000 €"}))
    assert 'value="1.911.000 €"' in drawn and 'type="number"' not in drawn
    assert 'aria-invalid="true"' in drawn
    assert 'aria-describedby="id_target_hint id_target_error"' in drawn
    assert 'id="id_target_error"' in drawn and 'id="id_target_hint"' in drawn
    assert '<label class="tick-line" for="id_agreed">' in drawn


def test_an_address_changes_only_what_it_is_told(render):
    request = RequestFactory().get("/ranking?q=a%26b&page=3&sort=-total")
    assert render("{% current_url page=2 sort=None %}", request=request) == "?q=a%26b&amp;page=2"
    assert "onerror=" not in render("{% current_url q=it %}", request=request, it='"><img onerror=1>').replace("onerror%3D", "")
