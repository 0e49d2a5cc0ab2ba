"""The library of KPIs and the published programmes over REST."""

from __future__ import annotations

from ninja import Router, Schema
from pydantic import Field

from steelyard.calc.errors import Missing, Refused
from steelyard.frameworks import library, published
from steelyard.frameworks.reading import readers_language
from steelyard.ledger.queries import kinds_held

from .gate import Asked, needs
from .paging import Asking, Page, of_rows
from .problems import answers

router = Router(tags=["frameworks"])


class LibraryKpi(Schema):
    """One KPI of the library."""

    number: int = Field(examples=[19])
    code: str = Field(examples=["days_of_inventory"])
    title: str
    category: str = Field(description=", ".join(key for key, _title, _last in library.CATEGORIES), examples=["stock"])
    formula: str
    unit: str
    better: str = Field(description="higher, lower or between")
    no_data: str = Field(description="what happens without data: skip, zero, full")
    sentence: str = Field(description="what it says, in the language that `Accept-Language` asks for (en, de)")
    facts: list[str] = Field(description="kinds of fact it needs", examples=[["inventory", "sell_through"]])
    lacking: list[str] = Field(description="those of which there is no row yet", examples=[["inventory"]])


class WholeKpi(LibraryKpi):
    """A KPI with the text to copy into a framework, and its vectors."""

    rests_on: list[str] = Field(description="what its measures and lists say")
    text: str = Field(description="YAML: settings, lists, measures and the KPI")
    vectors: list[str] = Field(description="YAML of each vector", examples=[["- {name: no sales, …}"]])


class Programme(Schema):
    """A published partner programme as a framework."""

    name: str = Field(examples=["odoo"])
    title: str


class WholeProgramme(Programme):
    """A programme with both its files."""

    text: str
    vectors: str


@router.get("/kpis", response=answers(ok=Page[LibraryKpi]), summary="Library of KPIs")
@needs("frameworks.read")
def kpis(request: Asked, paging: Asking, search: str = "", category: str = "") -> dict[str, object]:
    """The fifty KPIs partners are measured by; `search` are words each must hold."""
    held = kinds_held()
    found = library.search(library.kpis(readers_language()), search, category)
    return of_rows(found, paging, lambda one: [f"{one.number:03d}", one.code], lambda one: _shown(one, held))


@router.get("/kpis/{library_kpi}", response=answers(ok=WholeKpi), summary="One KPI of the library")
@needs("frameworks.read")
def kpi(request: Asked, library_kpi: str) -> dict[str, object]:
    """Its formula, what it needs, its vectors, and the text to copy."""
    try:
        found = library.kpi(library_kpi, readers_language())
    except Refused:
        raise Missing from None
    told = {"rests_on": list(found.rests_on), "text": found.text, "vectors": [vector.text for vector in found.vectors]}
    return {**_shown(found, kinds_held()), **told}


@router.get("/programmes", response=answers(ok=Page[Programme]), summary="Published programmes")
@needs("frameworks.read")
def programmes(request: Asked, paging: Asking) -> dict[str, object]:
    """Partner programmes to read and to start from."""
    return of_rows(published.programmes(), paging, lambda one: one.name, lambda one: {"name": one.name, "title": one.title})


@router.get("/programmes/{programme}", response=answers(ok=WholeProgramme), summary="One published programme")
@needs("frameworks.read")
def one_programme(request: Asked, programme: str) -> dict[str, object]:
    """Its framework file and its vectors."""
    try:
        found = published.programme(programme)
    except Refused:
        raise Missing from None
    return {"name": found.name, "title": found.title, "text": found.text, "vectors": found.vectors}


def _shown(one: library.LibraryKpi, held: list[str]) -> dict[str, object]:
    return {
        "number": one.number, "code": one.code, "title": one.title, "category": one.category, "formula": one.formula, "unit": one.unit,
        "better": one.better, "no_data": one.no_data, "sentence": one.sentence, "facts": list(one.facts),
        "lacking": list(one.lacking(held)),
    }  # fmt: skip
