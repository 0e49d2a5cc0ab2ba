"""No primitive goes without its test."""

from __future__ import annotations

import re
from pathlib import Path


def test_each_of_the_thirty_three_primitives_has_one_test_of_its_number():
    text = "".join(file.read_text(encoding="utf-8") for file in sorted(Path(__file__).parent.glob("test_*.py")))
    assert sorted(int(number) for number in re.findall(r"^def test_e(\d\d)_", text, re.MULTILINE)) == list(range(1, 34))
