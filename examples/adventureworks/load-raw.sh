#!/usr/bin/env bash
# load-raw.sh DATA_FOLDER: load resellers, quotas, sales people, territory history and stores as the databases dumped them
# (DATA_FOLDER/raw: no headers; bars, tabs, and cells that end with +| in rows that end with &|) into $STEELYARD_HOME.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
data=$(cd "${1:?usage: load-raw.sh DATA_FOLDER (the folder with raw/Store.csv)}" && pwd)
[ -f "$data/raw/Store.csv" ] || { echo "load-raw.sh: no raw/Store.csv in $data" >&2; exit 2; }
export PATH="$PATH:$here/../../.venv/bin"
command -v steelyard >/dev/null || { echo "load-raw.sh: there is no steelyard; run make setup, or pip install steelyard" >&2; exit 2; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp "$data"/raw/*.csv "$data/employee_key_map.csv" "$data/DimSalesTerritory.csv" "$work"  # look-ups lie beside the data file

load() { # load KIND MAPPING FILE; rows held back for a reason are no failure
  steelyard import "$1" "$work/$3" --source adventureworks --mapping "$here/$2.yaml" || [ $? -eq 4 ]
}

steelyard init

load territories mappings/territory-groups DimSalesTerritory.csv
load territories mappings/territories DimSalesTerritory.csv
load partners raw-mappings/partners DimReseller.csv
load aliases raw-mappings/aliases DimReseller.csv
load representatives raw-mappings/representatives SalesPerson.csv
load assignments raw-mappings/assignments SalesTerritoryHistory.csv
load targets raw-mappings/targets FactSalesQuota.csv
load aliases raw-mappings/stores Store.csv
