#!/usr/bin/env bash
# load.sh DATA_FOLDER: load the Northwind files into $STEELYARD_HOME (default ./steelyard-home) and score them.
# Running it again adds nothing: every line is recognised. `steelyard` is taken from PATH, or from the checkout's .venv.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
data=$(cd "${1:?usage: load.sh DATA_FOLDER (the folder with OrderDetails.csv)}" && pwd)
[ -f "$data/OrderDetails.csv" ] || { echo "load.sh: no OrderDetails.csv in $data" >&2; exit 2; }
export PATH="$PATH:$here/../../.venv/bin"
command -v steelyard >/dev/null || { echo "load.sh: there is no steelyard; run make setup, or pip install steelyard" >&2; exit 2; }

load() { # load KIND MAPPING FILE
  steelyard import "$1" "$data/$3" --source northwind --mapping "$here/mappings/$2.yaml"
}

steelyard init

load territories regions Region.csv
load territories territories Territories.csv
load partners partners Customers.csv
load representatives representatives Employees.csv
load assignments assignments EmployeeTerritories.csv
load categories categories Categories.csv
load products products Products.csv
load orders orders OrderDetails.csv

steelyard framework apply "$here/northwind-representatives.yaml"
