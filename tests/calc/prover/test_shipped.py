"""What the prover finds in the frameworks that are shipped: a list in which every line was looked at and is true."""

from pathlib import Path

import pytest

from steelyard.calc.framework.read import read
from steelyard.calc.prover import prove
from tests.calc.prover.conftest import replay

SHIPPED = Path(__file__).parents[3] / "src" / "steelyard" / "frameworks"
EXPECTED = {
    "examples/dealer-basic.yaml": [
        ("no-data-beats-bad", "kpis.attainment.no_data"),
        ("cliff", "scorecard.require.1"),
    ],
    "examples/life-science.yaml": [
        ("no-data-beats-bad", "kpis.sell_in_attainment.no_data"),
        ("no-data-beats-bad", "kpis.complaints_in_time.no_data"),
        ("cliff", "scorecard.require.1"),
        ("cliff", "scorecard.require.2"),
    ],
    "examples/referral-partners.yaml": [
        ("no-data-beats-bad", "kpis.conversion.no_data"),
        ("cliff", "scorecard.require.1"),
    ],
    "programmes/corners.yaml": [],
    "programmes/erpnext.yaml": [
        ("no-data-beats-bad", "kpis.acceptance.no_data"),
    ],
    "programmes/four_metric.yaml": [
        ("no-data-beats-bad", "kpis.dpmo.no_data"),
    ],
    "programmes/kpi_library.yaml": [],
    "programmes/microsoft_modern_work.yaml": [
        ("cliff", "scorecard.of.smb.of.smb_adv"),
    ],
    "programmes/microsoft_security.yaml": [
        ("cliff", "scorecard.of.smb.of.smb_skilling.of.smb_step_2.require.1"),
        ("cliff", "scorecard.of.smb.of.smb_skilling.of.smb_step_3.require.2"),
    ],
    "programmes/odoo.yaml": [],
    "programmes/sap_partneredge_2010.yaml": [],
    "programmes/sap_partneredge_cloud.yaml": [],
    "programmes/sap_supplier_evaluation.yaml": [
        ("no-data-beats-bad", "kpis.price_level.no_data"),
    ],
}


@pytest.mark.parametrize("name", EXPECTED)
def test_a_shipped_framework_has_the_findings_that_are_known_and_each_witness_shows_what_it_says(name):
    framework, _ = read((SHIPPED / name).read_text(encoding="utf-8"))
    findings = prove(framework)
    assert [(finding.code, finding.where.partition(" ")[0]) for finding in findings] == EXPECTED[name]
    for finding in findings:
        assert "(line " in finding.where and finding.hint
        said = finding.found.replace(",", "")
        for line in finding.witness.splitlines():
            total, level = replay(framework, line)
            assert framework.scorecard is None or f"{total} points" in said
            assert level is None or level in said


def test_the_same_text_has_the_same_findings():
    framework, _ = read((SHIPPED / "examples/life-science.yaml").read_text(encoding="utf-8"))
    assert prove(framework) == prove(framework)
