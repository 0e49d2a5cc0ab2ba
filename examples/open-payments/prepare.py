"""Unpack the contacts, and write makers.csv: every maker's id with the spelling that it uses most.

`python3 prepare.py DATA_FOLDER WORK_FOLDER`. The agency publishes no list of makers; ids and spellings stand on the contacts only.
"""

import csv
import gzip
import shutil
import sys
from collections import Counter, defaultdict
from pathlib import Path

CONTACTS = "payments_2013_2014.csv"


def main(data: Path, work: Path) -> None:
    """contacts.csv as it is, makers.csv from it."""
    with gzip.open(data / f"{CONTACTS}.gz", "rb") as packed, (work / "contacts.csv").open("wb") as plain:
        shutil.copyfileobj(packed, plain)
    spellings: dict[str, Counter[tuple[str, str]]] = defaultdict(Counter)
    with (work / "contacts.csv").open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            spellings[row["manufacturer_id"]][row["manufacturer_name"], row["manufacturer_state"]] += 1
    with (work / "makers.csv").open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(("manufacturer_id", "name", "state"))
        for number in sorted(spellings):
            writer.writerow((number, *min(spellings[number], key=lambda one: (-spellings[number][one], one))))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
