#!/usr/bin/env bash
# load.sh DATA_FOLDER: load the AdventureWorks warehouse into $STEELYARD_HOME (default ./steelyard-home) and score it.
# Running it again adds nothing: every line is recognised. `steelyard` is taken from PATH, or from the checkout's .venv.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
data=$(cd "${1:?usage: load.sh DATA_FOLDER (the folder with FactResellerSales_to_2012.csv)}" && pwd)
[ -f "$data/FactResellerSales_to_2012.csv" ] || { echo "load.sh: no FactResellerSales_to_2012.csv in $data" >&2; exit 2; }
export PATH="$PATH:$here/../../.venv/bin"
command -v steelyard >/dev/null || { echo "load.sh: there is no steelyard; run make setup, or pip install steelyard" >&2; exit 2; }

load() { # load KIND MAPPING FILE
  steelyard import "$1" "$3" --source adventureworks --mapping "$here/mappings/$2.yaml"
}

steelyard init

load territories territory-groups "$data/DimSalesTerritory.csv"
load territories territories "$data/DimSalesTerritory.csv"
load partners partners "$data/DimReseller.csv"
load aliases aliases "$data/DimReseller.csv"
load representatives managers "$data/DimEmployee.csv"
load representatives representatives "$data/DimEmployee.csv"
load assignments assignments "$data/SalesTerritoryHistory.csv"
load categories categories "$data/DimProductCategory.csv"
load categories subcategories "$data/DimProductSubcategory.csv"
load products products "$data/DimProduct.csv"
load rates rates "$data/FactCurrencyRate.csv"
load orders orders "$data/FactResellerSales_to_2012.csv"
load targets targets "$data/FactSalesQuota.csv"

# the windows in which quotas hold begin on the quota dates
steelyard calendars show quota-windows >/dev/null 2>&1 ||
  steelyard calendars add quota-windows --pattern dates --dates "$(tail -n +2 "$data/FactSalesQuota.csv" | tr -d '\r' | cut -d, -f7 | sort -u | paste -sd,)"

for framework in resellers representatives local-currency; do
  steelyard framework apply "$here/adventureworks-$framework.yaml"
done

steelyard export orders | python3 "$here/totals.py"
