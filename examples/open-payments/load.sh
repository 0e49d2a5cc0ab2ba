#!/usr/bin/env bash
# load.sh DATA_FOLDER: load Open Payments into $STEELYARD_HOME (default ./steelyard-home).
# Running it again adds nothing: every line is recognised. `steelyard` is taken from PATH, or from the checkout's .venv.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
data=$(cd "${1:?usage: load.sh DATA_FOLDER (the folder with physicians.csv)}" && pwd)
[ -f "$data/physicians.csv" ] || { echo "load.sh: no physicians.csv in $data" >&2; exit 2; }
export PATH="$PATH:$here/../../.venv/bin"
command -v steelyard >/dev/null || { echo "load.sh: there is no steelyard; run make setup, or pip install steelyard" >&2; exit 2; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

load() { # load KIND MAPPING FILE
  steelyard import "$1" "$3" --source open-payments --mapping "$here/mappings/$2.yaml"
}

steelyard init
python3 "$here/prepare.py" "$data" "$work"

load partners physicians "$data/physicians.csv"
load partners makers "$work/makers.csv"
load activities contacts "$work/contacts.csv"

steelyard framework apply "$here/open-payments-makers.yaml"
steelyard partners unmatched
