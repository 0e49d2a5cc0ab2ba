"""How a file would be read: understanding (pure) beside what the house knows: the last file, the masters, the company's currency."""

from __future__ import annotations

from collections.abc import Sequence

from steelyard.calc.errors import Problem, Refused
from steelyard.company import queries as company
from steelyard.partners import queries as partners
from steelyard.products import queries as products

from . import mappings, queries
from .checking import Checked
from .checking.columns import OWN_HEADERS, rules_found
from .mappings import Mapping
from .models import Batch
from .understanding import Known, Understanding, understand

CURRENCIES = 6  # choices


def known(kind: str, source: str, *, seen: bool = False) -> Known:
    """What may tell what a column is. ``seen``: what is said for each file was said for this one."""
    last = last_batch(kind, source)
    filled, headers = {}, ()  # type: dict[str, str], tuple[str, ...]
    if last is not None:
        headers = tuple(last.headers)
        rules = rules_found(headers, queries.mapping_for(kind, source), mappings.kind_named(kind))
        filled = {name: rule.header for name, rule in rules.items() if rule.header is not None}
    reporting = str(company.settings().get("reporting_currency") or "")
    used = [reporting, *(code for one in _batches_lately() for code in one.amounts if code)]
    parties = partners.listing("partners")
    names = [name.casefold() for name in parties["name"].drop_nulls()] if "name" in parties.columns else []
    return Known(
        frozenset(products.listing("products")["code"]), frozenset([*parties["code"], *names]),
        tuple(dict.fromkeys(code for code in used if code))[:CURRENCIES], headers, filled, seen,
    )  # fmt: skip


def last_batch(kind: str, source: str) -> Batch | None:
    """The last file of a kind and source that landed; not one of corrected rows."""
    found = Batch.objects.filter(kind=kind, source=source, status=Batch.COMMITTED, upload__isnull=False).order_by("-pk")
    return next((one for one in found[:20] if OWN_HEADERS[0] not in one.headers), None)


def _batches_lately() -> Sequence[Batch]:
    return list(Batch.objects.filter(status=Batch.COMMITTED).order_by("-pk").only("amounts")[:20])


def propose(data: bytes, name: str, kind: str, source: str, given: Mapping | None = None) -> Understanding:
    """What is understood of a file, from the mapping given or remembered on."""
    start = given if given is not None else queries.mapping_for(kind, source).for_another_file()
    return understand(data, name, start, known(kind, source, seen=given is not None))


def instead(data: bytes, name: str, kind: str, source: str, refused: Refused) -> Mapping:
    """The mapping that reads a file which the remembered one (or none) did not; refused with what must be said, else as before."""
    if not any(problem.code in EXPLAINED for problem in refused.problems):
        raise refused
    found = propose(data, name, kind, source)
    reasons = found.refusals()
    if not reasons and found.mapping != queries.mapping_for(kind, source):
        return found.mapping
    if not reasons or found.problems or all(problem.code == "empty" for problem in refused.problems):
        raise refused
    raise Refused(reasons) from refused


EXPLAINED = (  # refusals that a better understanding may lift
    "required_column_absent", "currency_missing", "no_such_column", "several_sheets", "no_header", "header_elsewhere", "empty",
    "duplicate_header", "ambiguous_decimal", "ambiguous_date_order", "required_column_empty",
)  # fmt: skip


def said_for_each_file(mapping: Mapping) -> list[Problem]:
    """The constants that hold for one file only, as reasons not to read another one with them."""
    return [
        Problem("said_for_each_file", f"`{name}` is said for each file", f"columns.{name}", f"the last one had `{rule.constant}`",
                "write a mapping for this file, and name it with `--mapping`")
        for name, rule in mapping.columns.items()
        if rule.each_file
    ]  # fmt: skip


def lost_columns(checked: Checked, kind: str, source: str) -> list[Problem]:
    """Columns that the last file of this source filled and this one does not, where a new heading may be the same one renamed."""
    last = last_batch(kind, source)
    if last is None or not last.headers or OWN_HEADERS[0] in checked.table.headers:
        return []
    fresh = [header for header in checked.table.headers if header not in last.headers and not header.startswith("(column ")]
    before = rules_found(tuple(last.headers), queries.mapping_for(kind, source), checked.kind)
    used = {rule.header for rule in rules_found(checked.table.headers, queries.mapping_for(kind, source), checked.kind).values()}
    fresh = [header for header in fresh if header not in used]
    lost = [rule.header for name, rule in before.items() if rule.header is not None and name not in checked.read]
    if not fresh or not lost:
        return []
    return [
        Problem("column_renamed", f"column `{header}` was in the last file and is not in this one", "",
                "new: " + ", ".join(f"`{one}`" for one in fresh[:5]),
                "name the new one under `columns:` of a mapping, or leave the column out of it")
        for header in lost
    ]  # fmt: skip
