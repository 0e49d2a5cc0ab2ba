"""German for everything that a partner meets."""

from __future__ import annotations

import re
from pathlib import Path

from babel.messages.pofile import read_po

ROOT = Path(__file__).parents[2]
CATALOGUE = ROOT / "src/steelyard/locale/de/LC_MESSAGES/django.po"
MEETS = re.compile(  # what a partner reads; strings of the staff pages may follow later
    r"(portal|ui|accounts)/|comparisons/(words|presenting|templates/comparisons/parts)|scorecards/(templates/scorecards/parts/|documents/|words|charting|row_lists|pages|drilling)"
    r"|records/(notices|views/saved|templates/records/(views|save_view|rename_view))|reviews/actions/asking|partners/row_columns"
)


def test_no_string_that_a_partner_meets_is_without_german():
    with CATALOGUE.open("rb") as file:
        catalogue = read_po(file, locale="de")
    places = {message.id: [place for place, _line in message.locations] for message in catalogue if message.id}
    met = [message for message in catalogue if message.id and any(MEETS.match(place) for place in places[message.id])]
    assert len(met) > 500
    bare = [message.id for message in met if not message.string or not all(strings(message.string)) or message.fuzzy]
    assert bare == [], "run makemessages, then put these into German"
    wrong = [message.id for message in met if isinstance(message.id, str) and holders(message.id) != holders(str(message.string))]
    assert wrong == [], "what is filled in differs"


def strings(said) -> tuple[str, ...]:
    return (said,) if isinstance(said, str) else tuple(said)


def holders(said: str) -> set[str]:
    return set(re.findall(r"%\(\w+\)s", said))


def test_every_string_of_the_portal_is_in_the_catalogue():
    """A new string that nobody put into the catalogue would be English on a German page, and no other test would say so."""
    with CATALOGUE.open("rb") as file:
        known = {one for message in read_po(file, locale="de") if message.id for one in strings(message.id)}
    sources = [*(ROOT / "src/steelyard/portal").rglob("*.html"), *(ROOT / "src/steelyard/portal").rglob("*.py")]
    found = set()
    for path in sources:
        content = path.read_text(encoding="utf-8")
        found |= {double or single for double, single in re.findall(r'{% translate (?:"([^"]+)"|\'([^\']+)\')', content)}
        found |= set(re.findall(r'\b(?:_|gettext_noop)\(\s*"([^"]+)"', content)) if path.suffix == ".py" else set()
    assert sorted(found - known) == []
