"""Types, units and names of a formula: every problem at once, before anything is calculated.

Money has the dimension currency, days the dimension time (docs/reference/framework-language.md). Adding and comparing need equal
dimensions; multiplying and dividing combine them; a bare number beside money is money of the framework's currency.
"""

from __future__ import annotations

from dataclasses import replace

from ..errors import Problem, did_you_mean
from .agreement import NEUTRAL, Agreement, of_dimension
from .functions import FUNCTIONS, KNOWN_WHERE, OVER_TIME, TREE_NAMES
from .nodes import (
    BLANK,
    COUNT,
    DATE,
    DAYS,
    FACTOR,
    MONTHS,
    NODE_FUNCTIONS,
    NUMBER,
    PERCENT,
    POINTS,
    UNKNOWN,
    YES_NO,
    Binary,
    Call,
    In,
    Literal,
    Name,
    Node,
    Type,
    Unary,
    Windowed,
)  # fmt: skip
from .parse import KEYWORDS
from .scope import NameScope
from .text import to_text
from .zero import always_zero

_ORDERED = {"<", "<=", ">", ">="}
_SPOKEN = {"+": "plus", "-": "minus", "*": "times", "/": "divided by"}


def check(tree: Node, scope: NameScope, text: str = "", beside: dict[str, set[str]] | None = None) -> tuple[Type, list[Problem]]:
    """The type of the result and every problem; the type is ``unknown`` where a problem hides it.

    ``beside`` collects of settings and curves, by name, the kinds of number that stand beside the one and in the other.
    """
    checker = _Checker(scope, text or to_text(tree))
    result = checker.type_of(tree)
    if beside is not None:
        for name, kinds in checker.beside.items():
            beside.setdefault(name, set()).update(kinds)
    checker.problems.sort(key=lambda problem: checker.columns[id(problem)])
    return result, checker.problems


class _Checker(Agreement):
    def type_of(self, node: Node) -> Type:
        """The type of any part; reports what is wrong in it on the way."""
        kind = self.found(node)
        self.note_bare(node, kind)
        return kind

    def found(self, node: Node) -> Type:
        match node:
            case Literal():
                return node.type
            case Name():
                return self.name(node)
            case Windowed():
                return self.windowed(node)
            case Unary():
                return self.unary(node)
            case Binary():
                return self.binary(node)
            case In():
                return self.membership(node)
            case Call():
                return self.call(node)
        raise TypeError(f"{type(node).__name__} is not a part of a formula")

    # names ------------------------------------------------------------------------------------------------------

    def name(self, node: Name) -> Type:
        scope, name = self.scope, node.name
        if "tree" in scope.functions and name in TREE_NAMES and name not in scope.names:
            if name == "lowest_item" and not scope.items:
                hint = "move it to `require` of a node that combines others"
                return self.report("wrong-level", "`lowest_item` is only known inside a node with items", node, hint=hint)
            return YES_NO if name == "passes" else POINTS
        if name in scope.names:
            return scope.names[name]
        if name in scope.measures:
            hint = f"name the window: `{name}[period]`"
            return self.report("unknown-name", f"`{name}` is read through a window here", node, hint=hint)
        if name in TREE_NAMES:
            message = f"`{name}` is only known in the scorecard and the levels"
            return self.report("wrong-level", message, node, hint="move it to `require` of a node or a level")
        if name in FUNCTIONS or name in scope.tables or name in scope.curves:
            hint = f"write {FUNCTIONS[name].example}" if name in FUNCTIONS else f"write {name}(…)"
            return self.report("unknown-name", f"`{name}` needs its arguments", node, hint=hint)
        if name in ("today", "now"):
            hint = "measure against the as-of date through a window; there is no today"
            return self.report("unknown-name", f"`{name}` is not known", node, hint=hint)
        message = f"`{name}` is not a measure, KPI, setting, table or column known here"
        known = set(scope.names) | KEYWORDS | set(scope.tables)
        return self.report("unknown-name", message, node, hint=did_you_mean(name, known if _near(name, known) else scope.names))

    def windowed(self, node: Windowed) -> Type:
        scope = self.scope
        wrong = False
        if node.window not in scope.windows:
            message = f"`{node.window}` is not a window"
            self.report("unknown-name", message, node, hint=did_you_mean(node.window, scope.windows))
            wrong = True
        if node.measure not in scope.measures:
            known = node.measure in scope.names
            message = f"`{node.measure}` is not a measure" + (", so no window applies to it" if known else "")
            hint = "only measures are read through windows" if known or not scope.measures else did_you_mean(node.measure, scope.measures)
            self.report("unknown-name", message, node, hint=hint)
            wrong = True
        return UNKNOWN if wrong else scope.names.get(node.measure, NUMBER)

    # operators --------------------------------------------------------------------------------------------------

    def unary(self, node: Unary) -> Type:
        kind = self.type_of(node.operand)
        if node.operator == "not":
            self.rule(node.operand, kind)
            return YES_NO
        return self.number(node.operand, kind)

    def binary(self, node: Binary) -> Type:
        left, right = self.type_of(node.left), self.type_of(node.right)
        if node.operator in ("and", "or"):
            self.rule(node.left, left)
            self.rule(node.right, right)
            return YES_NO
        if node.operator in ("+", "-"):
            return self.sum(node, left, right)
        if node.operator in ("*", "/"):
            return self.product(node, left, right)
        self.compare(node, node.left, left, node.right, right, ordered=node.operator in _ORDERED)
        return YES_NO

    def sum(self, node: Binary, left: Type, right: Type) -> Type:
        if UNKNOWN in (left, right):
            return UNKNOWN
        if left == DATE and node.operator == "-" and right == DATE:
            return DAYS
        if left == DATE and _is_duration(node.right, right):
            return DATE
        if right == DATE and _is_duration(node.left, left) and node.operator == "+":
            return DATE
        if DATE in (left, right) and (left.is_number or right.is_number):
            spoken = f"{left.kind} {_SPOKEN[node.operator]} {right.kind}"
            return self.report("mixed-units", spoken, node, found=f"`{to_text(node)}`", hint="write `date + 14 days` or `date - date`")
        if UNKNOWN in (self.number(node.left, left), self.number(node.right, right)):
            return UNKNOWN
        return self.agree(node, node.left, left, node.right, right, spoken=_SPOKEN[node.operator])

    def product(self, node: Binary, left: Type, right: Type) -> Type:
        left, right = self.number(node.left, left), self.number(node.right, right)
        if node.operator == "/" and always_zero(node.right):
            message = "the denominator is always 0"
            found = f"`{to_text(node.right)}`"
            return self.report("always-zero-denominator", message, node.right, found=found, hint="check what to divide by")
        if left.kind in NEUTRAL or right.kind in NEUTRAL:
            return UNKNOWN if UNKNOWN in (left, right) else BLANK
        if node.operator == "*":
            self.take(node.left, FACTOR)
            self.take(node.right, FACTOR)
        sign = 1 if node.operator == "*" else -1
        currency, time = left.currency + sign * right.currency, left.time + sign * right.time
        if (currency, time) == (0, 0) and sign == 1 and (left.kind, right.kind) in _PRODUCTS:
            return _PRODUCTS[(left.kind, right.kind)]
        return of_dimension(currency, time)

    def membership(self, node: In) -> Type:
        operand = self.type_of(node.operand)
        for choice in node.choices:
            self.compare(node, node.operand, operand, choice, self.type_of(choice), ordered=False)
        return YES_NO

    # calls ------------------------------------------------------------------------------------------------------

    def call(self, node: Call) -> Type:
        scope, name = self.scope, node.function
        if name in scope.tables:
            return self.table(node)
        if name in scope.curves:
            kinds = [self.type_of(argument) for argument in node.arguments]
            if not self.count(node, 1, 1, f"{name}(x)"):
                return UNKNOWN
            self.number(node.arguments[0], kinds[0])
            self.beside.setdefault(name, set()).add(kinds[0].kind)
            return POINTS
        if name in FUNCTIONS and FUNCTIONS[name].group in scope.functions:
            return self.function(node)
        for argument in node.arguments if name not in NODE_FUNCTIONS else ():
            self.type_of(argument)
        if name in FUNCTIONS:
            message = f"`{name}` cannot be used here"
            return self.report("wrong-level", message, node, hint=f"it is known {KNOWN_WHERE[FUNCTIONS[name].group]}")
        allowed = {known for known, function in FUNCTIONS.items() if function.group in scope.functions}
        known = allowed | set(scope.tables) | scope.curves
        hint = did_you_mean(name, known) or f"known: {', '.join(sorted(known))}"
        return self.report("unknown-function", f"`{name}` is not a function, table or curve", node, hint=hint)

    def count(self, node: Call, least: int, most: int, example: str) -> bool:
        """Whether the number of arguments is right; reports it if not."""
        given = len(node.arguments)
        if least <= given <= most:
            return True
        wanted = str(least) if least == most else f"{least} to {most}"
        message = f"`{node.function}` takes {wanted} argument{'' if wanted == '1' else 's'}"
        self.report("argument-count", message, node, found=f"{given} in `{to_text(node)}`", hint=f"write {example}")
        return False

    def table(self, node: Call) -> Type:
        keys, result = self.scope.tables[node.function]
        kinds = [self.type_of(argument) for argument in node.arguments]
        example = f"{node.function}({', '.join(f'key {n + 1}' for n in range(keys))}) or with a date as last argument"
        if not self.count(node, keys, keys + 1, example):
            return UNKNOWN
        for argument, kind in zip(node.arguments[:keys], kinds[:keys], strict=True):
            if kind.kind not in NEUTRAL | {"text", "level"}:
                hint = "tables are looked up by text; an optional last argument is the date at which the table is read"
                self.report("table-key", f"key `{to_text(argument)}` is {kind.kind}, not text", argument, hint=hint)
        if len(kinds) > keys and kinds[-1].kind not in NEUTRAL | {"date"}:
            message = f"`{to_text(node.arguments[-1])}` is {kinds[-1].kind}, not the date at which the table is read"
            self.report("table-key", message, node.arguments[-1])
        return result

    def function(self, node: Call) -> Type:
        function = FUNCTIONS[node.function]
        if function.group == "tree":
            return self.node_function(node)
        if node.function in OVER_TIME:
            return self.over_time(node)
        if node.function == "parts":
            return self.parts(node)
        kinds = [self.type_of(argument) for argument in node.arguments]
        if not self.count(node, function.least, function.most, function.example):
            return UNKNOWN
        match node.function:
            case "is_blank":
                return YES_NO
            case "when":
                self.rule(node.arguments[0], kinds[0])
                return self.alike(node, node.arguments[1:], kinds[1:])
            case "if_blank":
                return self.alike(node, node.arguments, kinds)
            case "min" | "max" | "clamp":
                if kinds[0] == DATE and all(kind.kind in NEUTRAL | {"date"} for kind in kinds):
                    return DATE
                numbers = [self.number(part, kind) for part, kind in zip(node.arguments, kinds, strict=True)]
                return self.alike(node, node.arguments, numbers)
            case "months_between":
                for part, kind in zip(node.arguments, kinds, strict=True):
                    if kind.kind not in NEUTRAL | {"date"}:
                        self.report("compare-kinds", f"`{to_text(part)}` is {kind.kind}, not a date", part, hint=function.example)
                return COUNT
        result = self.number(node.arguments[0], kinds[0])
        if node.function in ("round", "power"):
            return self.with_whole_number(node, result)
        if node.function in ("peer_mean", "peer_median"):
            return NUMBER if result == COUNT else result
        return {"peer_count": COUNT, "percentile": PERCENT}.get(node.function, result)

    def with_whole_number(self, node: Call, result: Type) -> Type:
        """round(x, digits) and power(x, n): the second argument is a whole number written down."""
        if len(node.arguments) == 1:
            return result
        second = node.arguments[1]
        literal = second.operand if isinstance(second, Unary) and second.operator == "-" else second
        bound = 20
        if not (isinstance(literal, Literal) and literal.type == NUMBER and isinstance(literal.value, int) and literal.value <= bound):
            message = f"the second argument of `{node.function}` is a whole number from -{bound} to {bound}"
            return self.report("not-a-number", message, second, found=f"`{to_text(second)}`", hint=FUNCTIONS[node.function].example)
        if node.function == "round" or result.kind in NEUTRAL or not (result.currency or result.time):
            return NUMBER if result == COUNT and node.function == "power" else result
        exponent = literal.value if literal is second else -literal.value
        return of_dimension(result.currency * exponent, result.time * exponent)

    def node_function(self, node: Call) -> Type:
        """points(node) and passes(node)."""
        function = FUNCTIONS[node.function]
        if not self.count(node, function.least, function.most, function.example):
            return UNKNOWN
        named = node.arguments[0]
        if not isinstance(named, Name) or named.name not in self.scope.nodes:
            hint = did_you_mean(to_text(named), self.scope.nodes)
            return self.report("unknown-name", f"`{to_text(named)}` is not a node of the scorecard", named, hint=hint)
        return POINTS if node.function == "points" else YES_NO

    # earlier results and parts -----------------------------------------------------------------------------------

    def over_time(self, node: Call) -> Type:
        """previous(x), in_a_row(rule[, window]), count_true(rule, window), any_day(rule, window)."""
        function = FUNCTIONS[node.function]
        if not self.count(node, function.least, function.most, function.example):
            return UNKNOWN
        kind = self.within(node.arguments[0], replace(self.scope, functions=self.scope.functions - {"earlier", "days", "peers"}))
        if len(node.arguments) > 1:
            window = node.arguments[1]
            if not isinstance(window, Name) or window.name not in self.scope.windows:
                message = f"`{to_text(window)}` is not a window"
                hint = did_you_mean(to_text(window), self.scope.windows) or f"write {function.example}"
                self.report("unknown-name", message, window, hint=hint)
        if node.function == "previous":
            return kind
        self.rule(node.arguments[0], kind)
        return YES_NO if node.function == "any_day" else COUNT

    def parts(self, node: Call) -> Type:
        """parts(rule): the rule sees what a part has."""
        function = FUNCTIONS[node.function]
        if not self.count(node, function.least, function.most, function.example) or self.scope.part is None:
            return UNKNOWN
        self.rule(node.arguments[0], self.within(node.arguments[0], self.scope.part))
        return COUNT

    def within(self, node: Node, scope: NameScope) -> Type:
        """The type of a part that knows other names or functions than what stands around it."""
        around, self.scope = self.scope, scope
        kind = self.type_of(node)
        self.scope = around
        return kind


_PRODUCTS = {
    ("count", "count"): COUNT, ("points", "number"): POINTS, ("number", "points"): POINTS, ("points", "percent"): POINTS,
    ("percent", "points"): POINTS, ("percent", "percent"): PERCENT,
}  # fmt: skip


def _near(name: str, known: set[str]) -> bool:
    return did_you_mean(name, known).startswith("did you mean")


def _is_duration(node: Node, kind: Type) -> bool:
    """Days, or months written down: `date + 14 days`, `date + 12 months`."""
    return kind == DAYS or (kind == MONTHS and isinstance(node, Literal))
