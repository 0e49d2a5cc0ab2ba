"""The bundle of one subject's result: what a partner needs to compute it again, and nothing of anybody else."""

from __future__ import annotations

import polars as pl

from steelyard import __version__
from steelyard.calc.errors import Problem, Refused
from steelyard.calc.facts import FACTS
from steelyard.calc.framework.model import Framework
from steelyard.calc.lists.planning import has_peers
from steelyard.calc.over_time.needs import asks_about_days, compares_earlier
from steelyard.calc.receipts import own_histories, own_rows, peers
from steelyard.calc.receipts.bundle import Bundle, write
from steelyard.calc.receipts.document import SEPARATOR, number_of
from steelyard.calc.receipts.naming import partners_named
from steelyard.calc.receipts.peers import Compared
from steelyard.frameworks.queries import framework as framework_of
from steelyard.ledger.queries import EVERYTHING, facts

from . import issuing, opening
from .models import Publication, Result, Run
from .opening import Opened
from .scoring import Inputs


def bundle(run: Run, subject: str) -> bytes:
    """The file; the same result gives the same bytes. `Refused` if what is stored is no longer what its receipt says."""
    text = issuing.text_of(run, subject)
    number = Result.objects.filter(run=run, subject=subject).values_list("receipt", flat=True).first()
    if not number:
        hint = "score the period again at the same cut: it comes out the same and gets its receipts"
        raise Refused(Problem("no-receipt", "this was scored by a former version, without receipts", str(run), hint=hint))
    if not text or number_of(text) != number:
        hint = "run `steelyard verify`"
        raise Refused(Problem("receipt-differs", "the result is not what its receipt says", f"{run}, {subject}", number, hint))
    found, codes = opening.opened(run), tuple(subject.split(SEPARATOR))
    inputs = found.inputs
    _must_be_alone(run, inputs, codes)
    rows = {kind: _rows(found, kind, codes, run.cut) for kind in found.plan.facts}
    content = Bundle(
        receipt=text,
        framework=inputs.framework.source,
        calendar=inputs.calendar,
        rows=rows,
        histories=own_histories.of_rows(inputs.histories, inputs.framework, codes, rows, inputs.as_of),
        peers=_others(run, inputs.framework, subject),
        earlier=_earlier(run, subject),
        cycles=inputs.cycles,
        base=inputs.framework.base,
        made_by=f"Steelyard {__version__}",
    )
    return write(content)


def refusals(run: Run, subject: str) -> list[Problem]:
    """Why there is no bundle of a result that has a receipt; nothing where there is one. Its rows are not read."""
    inputs = opening.opened(run).inputs
    try:
        _must_be_alone(run, inputs, tuple(subject.split(SEPARATOR)))
        _others(run, inputs.framework, subject)
    except Refused as refused:
        return list(refused.problems)
    return []


def _earlier(run: Run, subject: str) -> list[str]:
    """The texts of the subject's own earlier receipts, oldest first."""
    told = issuing.earlier_of(run, subject)
    found = []
    for one in told.get(subject, told.get("", [])):
        row = (
            Result.objects.filter(subject=subject, receipt=one["receipt"]).select_related("run__framework").first()
            if one["receipt"]
            else None
        )
        if row is not None:
            found.append(issuing.text_of(row.run, subject))
    return found


def _must_be_alone(run: Run, inputs: Inputs, codes: tuple[str, ...]) -> None:
    """Refuse what cannot be computed from one subject's rows."""
    framework = inputs.framework
    own = set(codes)
    known = inputs.histories.partners.filter(~pl.col("code").is_in(sorted(own)))
    texts = [framework, *([framework_of(run.framework.base)] if run.framework.base else [])]  # a region's bundle holds both
    named = set[str]().union(*(partners_named(text) for text in texts)) & {*known["code"], *known["name"].drop_nulls()}
    if named:
        what, found = "the framework names other partners, whom its bundle would tell of", ", ".join(sorted(named)[:5])
        raise Refused(Problem("no-bundle", what, framework.code, found, "keep what is set partner by partner as facts (`targets`)"))
    anew = asks_about_days(framework) or framework.earlier == "as known now"
    if inputs.looks_back is not None and (compares_earlier(framework) or (anew and _compares(framework))):
        what = "the score compares with others at earlier days, whose values then no receipt holds"
        hint = "make the comparison a KPI of its own and look back on that KPI"
        raise Refused(Problem("no-bundle", what, framework.code, hint=hint))


def _compares(framework: Framework) -> bool:
    return bool(peers.compared(framework)) or has_peers(framework, framework.lists)


def _others(run: Run, framework: Framework, subject: str) -> list[Compared]:
    """The comparisons with the values of the others, where they may leave the house: of enough others, of a run that is public."""
    frame = issuing.compared_in(run)
    few = peers.too_few(framework, frame, subject)
    if few:
        what = f"the score is compared with fewer than {peers.LEAST_TOLD} others, whose values its bundle would tell"
        least = peers.LEAST_TOLD + framework.peers.with_self
        hint = f"verify it in the house, on the receipt's page; with `peers: {{least: {least}}}` so few are not compared"
        raise Refused(Problem("no-bundle", what, few[0].of, str(few[0].others), hint))
    found = peers.of_subject(framework, frame, subject)
    if any(one.values for one in found) and not Publication.objects.filter(run=run, subject="").exists():
        what = "the score is compared with values of others that are not public: its period is not published as a whole"
        raise Refused(Problem("no-bundle", what, str(run), hint="publish the period for everybody; then its bundles are there"))
    return found


def columns(run: Run) -> dict[str, list[str]]:
    """Which columns of which kinds of fact a bundle of a run holds."""
    found = opening.opened(run)
    read: dict[str, set[str]] = {}
    for scan in found.plan.scans:
        read.setdefault(scan.fact, set()).update(own_rows.columns_read(scan, found.inputs.framework))
    return {kind: sorted(names) for kind, names in read.items()}


def file_name(run: Run, subject: str) -> str:
    """What the file is called where it is kept."""
    return f"receipt-{run.framework.code}-{run.period}-{subject.replace(SEPARATOR, '-')}.zip".replace("/", "-").replace(" ", "-")


def _rows(found: Opened, kind: str, codes: tuple[str, ...], cut: int) -> pl.DataFrame:
    framework = found.inputs.framework
    partner = codes[framework.subject.index("partner")] if "partner" in framework.subject else None
    everything = facts(kind, cut=cut, scope=EVERYTHING)
    if kind == "coverage":
        return own_rows.coverage_of(found.resolver, everything, partner or "")
    scans = [scan for scan in found.plan.scans if scan.fact == kind]
    if partner is not None and "party" in FACTS[kind].by_name and all("partner" in scan.subjects for scan in scans):
        everything = opening.of_partner(found, everything, partner)
    return own_rows.rows_of(found.plan, scans, found.resolver, everything, codes)
