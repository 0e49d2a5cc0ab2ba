"""Write what needs more than a mapping: representatives.csv, assignments.csv, and the days on which quotas begin.

`python3 prepare.py DATA_FOLDER WORK_FOLDER`. Two sources know the sales people by different numbers (EmployeeKey in the
warehouse, BusinessEntityID in the stores' system; employee_key_map.csv ties them), and the stores' calendar runs 4,170 days
ahead of the warehouse's.
"""

import csv
import sys
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from pathlib import Path

STORES_RUN_AHEAD = timedelta(days=4170)


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def write(path: Path, head: Iterable[str], lines: Iterable[Iterable[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(head)
        writer.writerows(lines)


def representatives(data: Path) -> Iterator[tuple[str, str, str]]:
    """Sales people, and whoever manages them; a manager outside this circle is left blank."""
    employees = {row["EmployeeKey"]: row for row in rows(data / "DimEmployee.csv")}
    sales = {key for key, row in employees.items() if row["SalesPersonFlag"] == "1"}
    sales |= {employees[key]["ParentEmployeeKey"] for key in sales} & {row["EmployeeKey"] for row in rows(data / "employee_key_map.csv")}
    for key in sorted(sales, key=int):
        person = employees[key]
        manager = person["ParentEmployeeKey"]
        yield key, f"{person['FirstName']} {person['LastName']}", manager if manager in sales else ""


def assignments(data: Path) -> Iterator[tuple[str, str, str, str]]:
    """Who looked after which territory, from the first day to the last, in the warehouse's calendar."""
    keys = {row["BusinessEntityID"]: row["EmployeeKey"] for row in rows(data / "employee_key_map.csv")}
    for row in rows(data / "SalesTerritoryHistory.csv"):
        yield keys[row["BusinessEntityID"]], row["TerritoryID"], earlier(row["StartDate"]), earlier(row["EndDate"])


def quota_dates(data: Path) -> str:
    """The first days of the windows in which quotas hold, in order."""
    return ",".join(sorted({row["Date"] for row in rows(data / "FactSalesQuota.csv")}))


def earlier(stamp: str) -> str:
    return str(date.fromisoformat(stamp[:10]) - STORES_RUN_AHEAD) if stamp else ""


if __name__ == "__main__":
    source, work = Path(sys.argv[1]), Path(sys.argv[2])
    write(work / "representatives.csv", ("employee", "name", "manager"), representatives(source))
    write(work / "assignments.csv", ("employee", "territory", "valid_from", "valid_to"), assignments(source))
    (work / "quota-dates.txt").write_text(quota_dates(source), encoding="utf-8")
