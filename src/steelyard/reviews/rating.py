"""What a manager rates: the framework's own questions, else those its measures ask, else a list the company keeps."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from steelyard.calc.formula.nodes import Binary, In, Literal, Name, Node
from steelyard.calc.formula.text import decimal_text
from steelyard.calc.framework.model import Framework, Measure
from steelyard.calc.framework.section import exact
from steelyard.calc.units import Exact

WIDEST = 11  # answers that fit on one line of a form; longer scales are typed


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to rate, on a scale with steps. ``counts``: whether the framework's score reads the answer.

    ``meanings``: what answers mean, as far as the framework says it, as pairs of answer and text.
    """

    question: str
    title: str
    note: str = ""
    low: Exact = 1
    high: Exact = 5
    counts: bool = False
    step: Exact = 1
    evidence: bool = False
    meanings: tuple[tuple[Exact, str], ...] = ()

    @property
    def scale(self) -> list[Exact]:
        """The answers there are, if they fit on a form; a longer scale is empty here, and its answer is typed."""
        steps = (self.high - self.low) / Fraction(self.step)
        return [exact(self.low + self.step * place) for place in range(int(steps) + 1)] if steps < WIDEST else []

    def holds(self, answer: Exact) -> bool:
        """Whether this is an answer of the scale."""
        return self.low <= answer <= self.high and not (answer - self.low) / Fraction(self.step) % 1

    @property
    def said(self) -> str:
        """The scale in words."""
        steps = "" if self.step == 1 else f" in steps of {decimal_text(self.step)}"
        return f"{decimal_text(self.low)} to {decimal_text(self.high)}{steps}"

    @property
    def some(self) -> str:
        """The first answers of the scale and its last."""
        first = [decimal_text(exact(self.low + self.step * place)) for place in range(3) if self.low + self.step * place < self.high]
        return ", ".join(first) + f" … {decimal_text(self.high)}"

    def as_dict(self) -> dict[str, Any]:
        """As a cycle keeps it: numbers as decimal text."""
        return {
            "question": self.question, "title": self.title, "note": self.note, "low": decimal_text(self.low),
            "high": decimal_text(self.high), "counts": self.counts, "step": decimal_text(self.step), "evidence": self.evidence,
            "meanings": {decimal_text(answer): text for answer, text in self.meanings},
        }  # fmt: skip


def item_of(kept: dict[str, Any]) -> Item:
    """An item as a cycle or a rule keeps it; what older ones do not say is as it was then: whole steps, no evidence."""
    read: dict[str, Any] = {name: exact(Fraction(kept[name])) for name in ("low", "high", "step") if name in kept}
    read["meanings"] = tuple((exact(Fraction(answer)), text) for answer, text in kept.get("meanings", {}).items())
    return Item(**{**kept, **read})


DEFAULT = (
    Item("joint_planning", "Joint planning", "Goals agreed, milestones kept"),
    Item("market_development", "Market development", "New customers, regions and segments opened"),
    Item("service_quality", "Service quality", "Installations, complaints and returns handled well"),
    Item("reporting", "Reporting discipline", "Reports on time, complete and right"),
)


def items_of(framework: Framework, default: list[dict[str, Any]] | None = None) -> list[Item]:
    """What is rated in a review by this framework."""
    asked = _questions(framework) or _measured(framework)
    if asked:
        return asked
    return [item_of(item) for item in default] if default else list(DEFAULT)


def _questions(framework: Framework) -> list[Item]:
    """The framework's section `questions`."""
    read = {question for measure in framework.measures.values() if measure.fact == "ratings" for question in asked_by(measure)}
    found = []
    for code, question in framework.questions.items():
        title, note = (question.title, question.ask) if question.title else (question.ask or code, "")
        item = Item(
            code, title, note, question.low, question.high, code in read, question.step, question.evidence, meanings=question.answers
        )
        found.append(item)
    return found


def _measured(framework: Framework) -> list[Item]:
    found: dict[str, Item] = {}
    for measure in framework.measures.values():
        if measure.fact != "ratings":
            continue
        kpi = next((one for one in framework.kpis.values() if one.formula.text == measure.name), None)
        low, high = _whole(kpi.range if kpi else None)
        for code in asked_by(measure):
            title = (kpi.title if kpi else "") or measure.title or code
            found[code] = Item(code, title, (kpi.note if kpi else "") or measure.note, low, high, counts=True)
    return list(found.values())


def asked_by(measure: Measure) -> list[str]:
    """The codes of the questions that a measure of ratings reads; without a condition on them, its own name."""
    codes = [code for rule in measure.where for code in _codes(rule.formula.tree)]
    return codes or [measure.name]


def _codes(node: Node) -> list[str]:
    """Texts that `question` is compared with."""
    if isinstance(node, Binary) and node.operator == "==" and node.left == Name(0, "question") and isinstance(node.right, Literal):
        return [str(node.right.value)]
    if isinstance(node, Binary) and node.operator in ("and", "or"):
        return [*_codes(node.left), *_codes(node.right)]
    if isinstance(node, In) and node.operand == Name(0, "question"):
        return [str(choice.value) for choice in node.choices if isinstance(choice, Literal)]
    return []


def _whole(scale: Any) -> tuple[int, int]:
    """The ends of a scale, 1 to 5 where it is not one of a few whole numbers."""
    if isinstance(scale, tuple) and len(scale) == 2 and all(int(end) == end for end in scale):
        low, high = int(scale[0]), int(scale[1])
        if 0 < high - low < WIDEST:
            return low, high
    return 1, 5
