"""What the graph of names shows: KPIs that lead nowhere, and one KPI (or one formula) that counts twice."""

from __future__ import annotations

from ..formula.nodes import Node as Tree
from ..formula.nodes import names_in
from ..framework.model import Framework, Node
from ..situation import judging
from .findings import Findings


def check_graph(framework: Framework, findings: Findings) -> None:
    """Report KPIs that only unused KPIs read, and leaves that add the same up twice."""
    if framework.scorecard is not None or framework.levels:
        _nowhere(framework, findings)
    if framework.scorecard is not None:
        _twice(framework, framework.scorecard, findings)


def _nowhere(framework: Framework, findings: Findings) -> None:
    scored = {leaf.kpi for leaf in framework.scorecard.leaves()} if framework.scorecard is not None else set()
    named = {name for formula in judging(framework) for name in names_in(formula.tree)}
    named |= {name for trigger in framework.triggers for name in names_in(trigger.when.tree)}
    reached, waiting = set(), [name for name in framework.kpis if name in scored | named]
    while waiting:
        name = waiting.pop()
        if name not in reached:
            reached.add(name)
            waiting += [other for other in names_in(framework.kpis[name].formula.tree) if other in framework.kpis]
    read = {other for kpi in framework.kpis.values() for other in names_in(kpi.formula.tree)}
    for name, kpi in framework.kpis.items():
        if name in read and name not in reached:  # one that nothing reads at all is warned of when the file is read
            readers = ", ".join(f"`{other}`" for other, one in framework.kpis.items() if name in names_in(one.formula.tree))
            message = f"`{name}` leads nowhere: it is read by {readers} alone, which changes no score"
            findings.add("leads-nowhere", message, kpi.place, "", "use it in the scorecard or a level, or remove both")


def _twice(framework: Framework, root: Node, findings: Findings) -> None:
    """One finding for each formula that several items add up."""
    groups: dict[Tree, list[Node]] = {}
    for leaf in root.leaves():
        if leaf.kpi is not None and leaf.kpi in framework.kpis:
            groups.setdefault(framework.kpis[leaf.kpi].formula.tree, []).append(leaf)
    for leaves in groups.values():
        added = [leaf for leaf in leaves[1:] if _meeting(root, leaves[0], leaf).combine in ("mean", "sum")]
        if not added:
            continue
        items = ", ".join(f"`{leaf.name}`" for leaf in (leaves[0], *added))
        kpi = framework.kpis[leaves[0].kpi or ""]
        message = f"one formula counts {len(added) + 1} times: in {items}"
        findings.add("counts-twice", message, added[0].place, f"`{kpi.formula.text}`", "leave all but one out, or check that it is meant")


def _meeting(node: Node, one: Node, other: Node) -> Node:
    """The lowest node above both."""
    for item in node.items:
        leaves = item.leaves()
        if one in leaves and other in leaves:
            return _meeting(item, one, other)
    return node
