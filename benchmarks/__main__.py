"""`python -m benchmarks [--quick] [--home=FOLDER] [NAME…]`: every benchmark, as a table of reached / required / PASS or FAIL.

--quick takes a tenth of the rows: a look at the shape, not a verdict. --home keeps the company that is made, for the next time.
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path


def main() -> int:
    """Run the benchmarks in a home of their own; exit code 1 if one fails."""
    quick = "--quick" in sys.argv
    wanted = [name for name in sys.argv[1:] if not name.startswith("-")]
    kept = next((word.removeprefix("--home=") for word in sys.argv[1:] if word.startswith("--home=")), "")
    with tempfile.TemporaryDirectory(prefix="steelyard-bench-") as folder:
        os.environ["STEELYARD_HOME"] = kept or str(Path(folder) / "home")
        Path(os.environ["STEELYARD_HOME"]).mkdir(parents=True, exist_ok=True)  # its secret is kept there, for the server too
        os.environ.pop("STEELYARD_DATABASE_URL", None)
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "steelyard.config.settings")
        import django

        django.setup()
        from steelyard.config.installation import initialise

        initialise()
        return run(quick, wanted)


def run(quick: bool, wanted: list[str]) -> int:
    """Each benchmark in order, its lines printed as they come."""
    from benchmarks import explaining, importing, lists, live, matching, pages, proving, receipts, scoring, tail, uploading, versus_pandas
    from benchmarks.measure import machine

    print(f"{machine()}{' · quick: a tenth of the rows' if quick else ''}\n")
    print(f"{'work':<66} {'reached':>9} {'must':>7} {'wish':>7}  verdict")
    failed = 0
    for module in (importing, uploading, matching, tail, live, versus_pandas, scoring, lists, receipts, proving, explaining, pages):
        name = module.__name__.rpartition(".")[2]
        if wanted and name not in wanted:
            continue
        for line in module.run(quick):
            print(
                f"{line.work:<66} {line.reached:>9.3g} {line.must:>7.3g} {line.wish:>7.3g}  {line.verdict}   [{line.unit}; {line.detail}]",
                flush=True,
            )
            failed += line.verdict == "FAIL"
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
