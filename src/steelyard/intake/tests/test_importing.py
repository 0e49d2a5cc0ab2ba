"""Anna imports files: previews, commits, the same file again, corrections, what waits and why."""

from datetime import date

import polars as pl
import pytest
from django.db import IntegrityError, transaction

from steelyard.audit.queries import entries
from steelyard.calc.errors import Refused
from steelyard.intake import actions, mappings, queries, store
from steelyard.intake.models import Batch, MappingVersion, QuarantinedRow, Upload
from steelyard.ledger import queries as ledger
from steelyard.ledger.scope import EVERYTHING
from steelyard.partners import queries as partners

HEADER = "document,line,date,party,product,quantity,amount,currency\n"
MARCH = HEADER + "A1,1,2026-03-02,ALP,ANA-1,1,100.50,EUR\nA1,2,2026-03-02,ALP,REA-1,4,20,EUR\nB1,1,2026-03-09,BOR,REA-1,2,10,USD\n"


def counts(outcome):
    names = ("rows_in", "accepted", "restated", "quarantined", "duplicates", "blank", "filtered", "unmatched")
    return {name: getattr(outcome, name) for name in names if getattr(outcome, name)}


def live(kind="orders", column="amount"):
    facts = ledger.facts(kind, scope=EVERYTHING).filter(pl.col(column).is_not_null()).select("document", "line", column, "sign").collect()
    net = facts.group_by("document", "line", column).agg(pl.col("sign").cast(pl.Int64).sum()).filter(pl.col("sign") > 0)
    return sorted(net.drop("sign").rows())


@pytest.fixture
def load(channel_cast):
    """Commit a file of orders as Anna."""

    def run(text, name="march.csv", *, kind="orders", source="erp", mapping="", step=actions.commit, **options):
        told = None
        if mapping:
            told, problems = mappings.read_mapping(f"kind: {kind}\n{mapping}")
            assert problems == []
        data = text.encode() if isinstance(text, str) else text
        return step(data, name=name, kind=kind, source=source, mapping=told, acting_user=channel_cast.anna, **options)

    return run


def test_a_file_is_loaded_in_one_commit_and_audited(load):
    before = ledger.head()
    done = load(MARCH)
    assert counts(done) == {"rows_in": 3, "accepted": 3}
    assert (done.cut, ledger.head()) == (before + 1, before + 1)
    assert live() == [("A1", "1", 1005000), ("A1", "2", 200000), ("B1", "1", 100000)]
    assert done.as_dict()["amounts"] == {
        "EUR": {"in": "120.50", "accepted": "120.50", "quarantined": "0.00", "duplicates": "0.00", "filtered": "0.00"},
        "USD": {"in": "10.00", "accepted": "10.00", "quarantined": "0.00", "duplicates": "0.00", "filtered": "0.00"},
    }
    batch = queries.batch(done.batch)
    assert (batch.status, batch.rows_in, batch.accepted, batch.cut, batch.actor) == ("committed", 3, 3, done.cut, "anna")
    assert entries(action="orders imported", subject=f"batch:{batch.pk}").exists()
    assert store.load(batch.upload.sha256) == MARCH.encode()


def test_a_preview_says_what_the_commit_does_and_writes_nothing(load):
    text = MARCH + "C1,1,2026-02-30,ALP,ANA-1,1,5,EUR\nC2,1,2026-03-01,NOBODY,ANA-1,1,5,EUR\n"
    before = ledger.head()
    preview = load(text, step=actions.preview)
    assert (ledger.head(), Batch.objects.count(), preview.batch) == (before, 0, None)
    assert Upload.objects.count() == 1  # the raw bytes are safe all the same
    done = load(text)
    assert counts(preview) == counts(done) == {"rows_in": 5, "accepted": 4, "quarantined": 1, "unmatched": 1}
    assert (preview.amounts, preview.examples) == (done.amounts, done.examples)
    assert str(done.examples[0]) == "march.csv, row 5, column `date`: there is no such day · found `2026-02-30` · expected YYYY-MM-DD"


def test_case_63_the_same_file_again_is_nothing_new(load):
    first = load(MARCH)
    again = load(MARCH, name="copy.csv")
    assert (again.already, again.batch) == (first.batch, first.batch)
    assert counts(again) == {"rows_in": 3, "duplicates": 3}
    assert (ledger.head(), Batch.objects.count()) == (first.cut, 1)
    assert again.as_dict()["amounts"]["EUR"] == {
        "in": "120.50",
        "accepted": "0.00",
        "quarantined": "0.00",
        "duplicates": "120.50",
        "filtered": "0.00",
    }
    assert counts(load(MARCH, source="other")) == {"rows_in": 3, "accepted": 3}


def test_case_64_a_corrected_file_restates_what_changed(load):
    load(MARCH)
    done = load(MARCH.replace("100.50", "101.50") + "C1,1,2026-03-30,ALP,ANA-1,1,7,EUR\n")
    assert counts(done) == {"rows_in": 4, "accepted": 2, "restated": 1, "duplicates": 2}
    assert ("A1", "1", 1015000) in live() and ("A1", "1", 1005000) not in live()
    assert done.amounts["EUR"] == {"in": 1285000, "accepted": 1085000, "quarantined": 0, "duplicates": 200000, "filtered": 0}


def test_case_65_overlapping_files_add_up_to_their_union(load):
    load(MARCH)
    assert counts(load(HEADER + MARCH.splitlines()[2] + "\nD1,1,2026-03-31,BOR,REA-1,1,1,EUR\n")) == {
        "rows_in": 2,
        "accepted": 1,
        "duplicates": 1,
    }
    assert len(live()) == 4


def test_two_rows_with_one_key_and_different_content_are_both_quarantined(load):
    done = load(MARCH + "A1,1,2026-03-02,ALP,ANA-1,1,99,EUR\nA1,2,2026-03-02,ALP,REA-1,4,20,EUR\n")
    assert counts(done) == {"rows_in": 5, "accepted": 2, "quarantined": 2, "duplicates": 1}
    assert done.amounts["EUR"] == {"in": 2395000, "accepted": 200000, "quarantined": 1995000, "duplicates": 200000, "filtered": 0}
    rows = list(queries.quarantine(batch=done.batch).values_list("source_row", "code", "hint"))
    assert rows == [(2, "conflict", "rows 2, 5: keep one of them"), (5, "conflict", "rows 2, 5: keep one of them")]


def test_quarantined_rows_keep_what_stood_there_and_every_reason(load):
    done = load(HEADER + "A1,1,2026-02-30,ALP,ANA-9,1,x,EUR\nA2,1,2026-03-01,ALP,ANA-1\n" + MARCH.split("\n", 1)[1])
    first, second = queries.quarantine(batch=done.batch)
    assert (first.source_row, first.cells) == (2, ["A1", "1", "2026-02-30", "ALP", "ANA-9", "1", "x", "EUR"])
    assert [problem.code for problem in queries.problems_of(first)] == ["bad_date", "unknown_product", "not_a_number"]
    assert queries.problems_of(first)[1].hint == "nearest: ANA-1"
    assert (second.source_row, second.code, second.cells) == (3, "column_count", ["A2", "1", "2026-03-01", "ALP", "ANA-1"])


def test_quarantined_rows_are_exported_corrected_and_sent_again(load):
    mapping = (
        "header: 2\nseparator: ;\ndecimal: ','\ncolumns: {document: Nr, line: Pos, date: Tag, party: Kunde, amount: Netto, currency: W}"
    )
    text = (
        "Report\nNr;Pos;Tag;Kunde;Netto;W;Rest\nA1;1;01.03.2026;ALP;1,5;EUR;\n"
        'A2;1;32.03.2026;ALP;2,5;EUR;"=1;""x"""\nA3;1;02.03.2026;ALP;3.5;EUR;\n'
    )
    done = load(text, mapping=mapping)
    assert counts(done) == {"rows_in": 3, "accepted": 1, "quarantined": 2}
    exported = "".join(queries.quarantine_csv(done.batch))
    assert exported.splitlines()[1].startswith('A2,1,32.03.2026,ALP,"2,5",EUR,"\'=1;""x""",')
    corrected = exported.replace("32.03.2026", "31.03.2026")
    fixed = load(corrected, name="corrected.csv", source="erp")
    assert counts(fixed) == {"rows_in": 2, "accepted": 1, "quarantined": 1}
    assert live() == [("A1", "1", 15000), ("A2", "1", 25000)]
    states = QuarantinedRow.objects.values_list("batch_id", "source_row", "state", "resolved_by_id")
    assert set(states) == {(done.batch, 4, "resolved", fixed.batch), (done.batch, 5, "open", None), (fixed.batch, 3, "open", None)}


def test_rows_that_waited_for_a_product_are_accepted_when_the_file_comes_again(load, channel_cast):
    text = MARCH + "C1,1,2026-03-10,ALP,NEW-1,1,5,EUR\n"
    first = load(text)
    assert counts(load(text)) == {"rows_in": 4, "quarantined": 1, "duplicates": 3}  # nothing new: no batch
    assert Batch.objects.count() == 1
    load("code,name\nNEW-1,New product\n", kind="products", name="products.csv")
    again = actions.replay(first.batch, acting_user=channel_cast.anna)
    assert counts(again) == {"rows_in": 4, "accepted": 1, "duplicates": 3}
    assert [row.resolved_by_id for row in QuarantinedRow.objects.filter(batch=first.batch)] == [again.batch]


def test_a_refused_file_leaves_its_bytes_and_its_reasons(load):
    with pytest.raises(Refused):
        load("document,line,date\nA,1,2026-01-01\n")
    batch = Batch.objects.get()
    assert (batch.status, batch.rows_in) == ("refused", 0)
    assert {problem["code"] for problem in batch.problems} == {"required_column_absent"}
    assert ledger.facts("orders", scope=EVERYTHING).collect().is_empty()


def test_unknown_partners_are_accepted_and_wait_exact_names_are_remembered(load):
    text = (
        "document,date,party,party_name,amount,currency\nA,2026-01-01,4711,alpine  DIAGNOSTICS,5,EUR\n"
        "B,2026-01-01,4711,Alpine Diagnostics,5,EUR\n"
        "C,2026-01-01,4712,Nobody,5,EUR\nD,2026-01-01,BOR,,5,EUR\n"
    )
    done = load(text)
    assert counts(done) == {"rows_in": 4, "accepted": 4, "unmatched": 1}
    aliases = partners.listing("aliases").select("source", "party", "partner", "method").rows()
    assert aliases == [("erp", "4711", "ALP", "name")]


def test_the_mapping_is_remembered_in_versions_and_used_without_being_named(load):
    text = "Nr,Tag,Wer,Wert\nA,2026-01-01,ALP,5.5\n"
    load(text, mapping="currency: EUR\ncolumns: {document: Nr, date: Tag, party: Wer, amount: Wert}")
    done = load(text.replace("5.5", "6.5"))
    assert counts(done) == {"rows_in": 1, "accepted": 1, "restated": 1}
    load(text.replace("5.5", "7.5"), mapping="currency: USD\ncolumns: {document: Nr, date: Tag, party: Wer, amount: Wert}")
    assert list(MappingVersion.objects.values_list("number", flat=True)) == [1, 2]
    assert queries.mapping_for("orders", "erp").currency == "USD"
    with pytest.raises(Refused) as refused:
        load(text.replace("Wert", "Betrag"))
    assert refused.value.problems[0].code == "column_renamed"


def test_a_file_may_replace_its_scope(load):
    load(MARCH)
    mapping = "scope: {replaces: [source, partner, period]}"
    done = load(HEADER + "A1,1,2026-03-02,ALP,ANA-1,1,100.50,EUR\n", mapping=mapping)
    assert (counts(done), done.reversed) == ({"rows_in": 1, "duplicates": 1}, 1)
    assert live() == [("A1", "1", 1005000), ("B1", "1", 100000)]
    held_back = load(HEADER + "A9,1,2026-03-02,ALP,ANA-1,1,1,EUR\nA8,1,2026-03-33,ALP,ANA-1,1,1,EUR\n", mapping=mapping)
    assert held_back.reversed == 0 and [note.code for note in held_back.notes] == ["nothing_replaced"]
    assert ("A1", "1", 1005000) in live()


def test_undo_takes_a_batch_back_and_the_same_bytes_may_come_again(load, channel_cast):
    load(MARCH)
    changed = load(MARCH.replace("100.50", "101.50") + "C1,1,2026-03-30,ALP,ANA-1,1,x,EUR\n")
    actions.undo(changed.batch, acting_user=channel_cast.anna, reason="wrong file")
    assert live() == [("A1", "1", 1005000), ("A1", "2", 200000), ("B1", "1", 100000)]
    assert queries.batch(changed.batch).status == "undone" and not queries.quarantine().exists()
    again = load(MARCH.replace("100.50", "101.50") + "C1,1,2026-03-30,ALP,ANA-1,1,x,EUR\n")
    assert counts(again) == {"rows_in": 4, "accepted": 1, "restated": 1, "quarantined": 1, "duplicates": 2}
    with pytest.raises(Refused, match="the batch is undone"):
        actions.undo(changed.batch, acting_user=channel_cast.anna)


def test_coverage_is_written_with_the_file_and_by_nil_reports(load, channel_cast):
    load(MARCH, mapping="covers: {report: orders, from: 2026-03-01, until: 2026-03-31}")
    nil = actions.report_nil(
        kind="sell_through",
        source="portal",
        party="BOR",
        first_day=date(2026, 4, 1),
        last_day=date(2026, 4, 30),
        acting_user=channel_cast.anna,
    )
    assert counts(nil) == {"rows_in": 1, "accepted": 1}
    facts = (
        ledger.facts("coverage", scope=EVERYTHING)
        .select("source", "report", "party", "date", "until", "nil", "lines")
        .sort("date")
        .collect()
    )
    assert facts.rows() == [
        ("erp", "orders", None, date(2026, 3, 1), date(2026, 3, 31), False, 3),
        ("portal", "sell_through", "BOR", date(2026, 4, 1), date(2026, 4, 30), True, 0),
    ]  # fmt: skip


def test_masters_come_the_same_way(load):
    done = load(
        "code,name,country\nNEW,Newcomer,Germany\nBAD,,DE\nWRONG,Wrong,Atlantis\nALP,Alpine Diagnostics,ch\n", kind="partners", name="p.csv"
    )
    assert counts(done) == {"rows_in": 4, "accepted": 1, "quarantined": 2, "duplicates": 1}
    assert partners.get("partners", "NEW").country == "DE"
    assert counts(load("code,name,parent\nX,X,NOBODY\n", kind="partners")) == {"rows_in": 1, "quarantined": 1}
    twice = load("code,name,country\nONE,One,DE\n,Nobody,DE\nTWO,Two,DE\nTWO,Other,DE\n", kind="partners")
    told = QuarantinedRow.objects.filter(batch=twice.batch, code="contradiction").values_list("source_row", "message")
    assert [(row, said.partition(" says")[0]) for row, said in told.order_by("pk")] == [(4, "row 5"), (5, "row 4")]


def test_a_mapping_for_another_kind_and_a_file_without_source_are_refused(load, channel_cast):
    with pytest.raises(Refused, match="the mapping is for another kind"):
        actions.preview(
            MARCH.encode(), name="m.csv", kind="orders", mapping=mappings.Mapping("inventory", "erp"), acting_user=channel_cast.anna
        )
    with pytest.raises(Refused, match="where the file comes from"):
        load(MARCH, source="")


def test_the_database_refuses_counts_that_do_not_add_up(load):
    batch = Batch.objects.get(pk=load(MARCH).batch)
    batch.rows_in += 1
    with pytest.raises(IntegrityError), transaction.atomic():
        batch.save()


def test_case_61_file_names_are_shown_without_their_path_and_tricks(load):
    assert load(MARCH, name="../../etc/pass\u202ewd\x00.csv").name == "pass\ufffdwd\ufffd.csv"


def test_case_6_control_characters_reach_no_table(load):
    done = load(MARCH + "C1,1,2026-03-10,A\x00LP,ANA-1,1,5,EUR\n")
    assert counts(done) == {"rows_in": 4, "accepted": 3, "quarantined": 1}
    assert queries.quarantine().get().cells[3] == "A\u2400LP"
