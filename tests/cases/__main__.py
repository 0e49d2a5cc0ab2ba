"""`python -m tests.cases`: try every case by every way, and print the table."""

import sys
from pathlib import Path

import pytest

sys.exit(pytest.main([str(Path(__file__).parent / "test_cases.py"), *sys.argv[1:]]))
