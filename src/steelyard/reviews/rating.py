"""What a manager rates: the framework's own questions, else those its measures ask, else a list the company keeps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from steelyard.calc.errors import Problem
from steelyard.calc.formula.nodes import Binary, In, Literal, Name, Node
from steelyard.calc.framework.model import Framework, Measure

WIDEST = 11  # answers that fit on one line of a form


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to rate, on a scale of whole numbers. ``counts``: whether the framework's score reads the answer."""

    question: str
    title: str
    note: str = ""
    low: int = 1
    high: int = 5
    counts: bool = False

    @property
    def scale(self) -> range:
        """The answers there are."""
        return range(self.low, self.high + 1)

    def as_dict(self) -> dict[str, Any]:
        """As a cycle keeps it."""
        return asdict(self)


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
    return [Item(**item) for item in default] if default else list(DEFAULT)


def _questions(framework: Framework) -> list[Item]:
    """The framework's section `questions`, as far as its scales are whole numbers that fit a form."""
    read = {question for measure in framework.measures.values() if measure.fact == "ratings" for question in asked_by(measure)}
    found = []
    for code, question in framework.questions.items():
        low, high = _whole((question.low, question.high))
        note = "evidence is required" if question.evidence else ""
        found.append(Item(code, question.title or question.ask or code, note, low, high, counts=code in read))
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


def problems_with(items: list[Item], ratings: Mapping[str, int], *, whole: bool) -> list[Problem]:
    """What is wrong with answers; ``whole``: every item needs one."""
    known = {item.question: item for item in items}
    found = [
        Problem("unknown-question", "this is not rated here", question, hint=f"rated are: {', '.join(known)}")
        for question in ratings
        if question not in known
    ]
    for item in items:
        answer = ratings.get(item.question)
        if answer is None and whole:
            hint = "everything else you typed is kept"
            found.append(Problem("no-rating", f"choose a rating, {item.low} to {item.high}", item.question, hint=hint))
        elif answer is not None and answer not in item.scale:
            found.append(Problem("off-the-scale", f"a rating is {item.low} to {item.high}", item.question, str(answer)))
    return found
