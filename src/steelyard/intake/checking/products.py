"""Products as files name them: by our code, or by their trade item number, which is read as the code of the product that has it."""

from __future__ import annotations

from collections.abc import Collection
from collections.abc import Mapping as Keyed

from steelyard.calc import gtin

from .findings import Finding, Read
from .texts import find_unknown


def find_products(read: Read, codes: Collection[str], gtins: Keyed[str, str]) -> list[Finding]:
    """What is wrong with the products of a column; the numbers of known products in it become their codes.

    ``gtins``: number with 14 digits -> code, "" where several products have it. Only texts that are no code are looked at.
    """
    if not gtins:
        return find_unknown(read.values, codes, "product").findings
    given = read.values.drop_nulls().unique()
    numbers = {text: number for text in given.filter(~given.is_in(list(codes))) if (number := gtin.padded(text))}
    meant = {text: code for text, number in numbers.items() if (code := gtins.get(number))}
    if meant:
        read.values = read.values.replace(list(meant), list(meant.values()))
    bad = [text for text, number in numbers.items() if text not in meant and not gtin.is_right(number)]
    several = [text for text, number in numbers.items() if gtins.get(number) == ""]
    told = Read(read.values)
    hint = "name the product by its code"
    told.find(read.values.is_in(bad), "bad_gtin", "the check digit of this trade item number is wrong", f"correct the number, or {hint}")
    told.find(read.values.is_in(several), "several_products", "several products have this trade item number", hint)
    return [*told.findings, *find_unknown(read.values, [*codes, *bad, *several], "product").findings]
