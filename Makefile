# Everything a person or CI runs. `make` alone lists the targets; each works from a clean checkout.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
DATA ?= ../shared/data
ACCEPTANCE ?= tests/acceptance
JOBS ?= 1
PORT ?= 8000
PIP := $(BIN)/python -m pip --disable-pip-version-check -qq
PYTEST := $(BIN)/python -m pytest -p tests.no_skips
# On SQLite only; of the pages, POSTGRES_PAGES are tried on PostgreSQL too.
ONCE := tests/pages tests/demo $(addprefix src/steelyard/,cli scorecards reviews frameworks ui)
POSTGRES_PAGES := $(addprefix tests/pages/test_,company.py hostile.py search.py masters.py orders.py reviews.py intake.py administration.py)
export PYTHONDONTWRITEBYTECODE =  # hundreds of tests start processes: each would compile the whole package again

.DEFAULT_GOAL := help
.PHONY: help setup built demo test test-sqlite test-capabilities test-calc test-pages test-browser test-postgres test-postgres-pages check lint docs screens bench accept soak wheel try-wheel lock clean

help:  ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-14s %s\n", $$1, $$2}' Makefile

setup: $(VENV)/.developer  ## install everything into .venv (hash-checked), nothing else

demo: built  ## install what is missing, make a sample company, serve its pages at 127.0.0.1:$(PORT) and say who can sign in
	@$(BIN)/steelyard demo --port $(PORT)

test: $(VENV)/.developer built  ## every test on SQLite, and what works on the database on a real PostgreSQL too (JOBS=4: at the same time); a skipped test fails the run
	@$(MAKE) --no-print-directory -j$(JOBS) --output-sync=target test-postgres test-sqlite test-capabilities test-pages test-browser test-postgres-pages test-calc

# The lanes share the cores; `make test-sqlite POLARS_MAX_THREADS=8` has threads as in life.
test-sqlite test-capabilities test-calc test-pages test-browser test-postgres test-postgres-pages: export POLARS_MAX_THREADS ?= 1
# Of generated data fewer examples where the database is another: what they try is the same code.
test-postgres: export STEELYARD_EXAMPLES ?= 0.1

test-sqlite: $(VENV)/.developer
	$(PYTEST) tests --ignore=tests/pages --ignore=tests/browser --ignore=tests/calc

test-capabilities: $(VENV)/.developer  # the tests beside the code of each capability
	$(PYTEST) src

test-calc: $(VENV)/.developer  # calculation, which knows no database
	$(PYTEST) tests/calc

test-pages: $(VENV)/.developer  # every page: who may open it, what it holds
	$(PYTEST) tests/pages

test-browser: $(VENV)/.developer  # journeys and accessibility in a real Chromium
	$(PYTEST) tests/browser

test-postgres: $(VENV)/.developer
	$(BIN)/python -m tests.postgres -- $(PYTEST) -p tests.only_database tests src $(ONCE:%=--ignore=%)

test-postgres-pages: $(VENV)/.developer
	$(BIN)/python -m tests.postgres -- $(PYTEST) -p tests.only_database $(POSTGRES_PAGES)

check: lint test try-wheel  ## what CI runs: style, types, layers, tests, the built wheel

lint: $(VENV)/.developer  ## style, types and layers only
	$(BIN)/ruff check .
	$(BIN)/ruff format --check --quiet .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

built: $(VENV)/.product  # the pages' styles, scripts and languages, after a change of their sources
	@$(BIN)/python frontend/build.py

docs: $(VENV)/.developer  ## write docs/reference anew from the code
	$(BIN)/python docs/generate.py

screens: $(VENV)/.developer  ## pictures of every page, while `make demo` serves the sample company at PORT: docs/screens, docs/pictures
	$(BIN)/python -m tests.browser.screens http://127.0.0.1:$(PORT)

bench: $(VENV)/.developer  ## speed and memory: reached / required / PASS or FAIL
	$(BIN)/python -m benchmarks

soak: export STEELYARD_EXAMPLES = 33.34
soak: $(VENV)/.developer  ## 10,000 generated files through intake, where CI tries 300
	$(PYTEST) tests/cases/test_generated.py

accept: $(VENV)/.developer  ## the acceptance of real data in DATA (default ../shared/data); prints a table
	@test -d "$(DATA)" || { echo "make accept: there is no folder $(DATA); say make accept DATA=FOLDER" >&2; exit 2; }
	STEELYARD_ACCEPTANCE_DATA="$(abspath $(DATA))" $(PYTEST) $(ACCEPTANCE)

wheel: $(VENV)/.product  ## build dist/steelyard-VERSION-py3-none-any.whl
	@rm -rf dist && $(BIN)/hatchling build -t wheel

try-wheel: wheel  ## install the wheel into an empty environment and run its demo
	./.ci/try-wheel

lock:  ## pin the dependencies of pyproject.toml anew (needs uv); lock files carry hashes and no addresses
	uv pip compile $(LOCK) --extra dev pyproject.toml -o requirements-dev.lock
	uv pip compile $(LOCK) --extra build -c requirements-dev.lock pyproject.toml -o requirements.lock

LOCK := --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --no-emit-index-url --no-emit-find-links

clean:  ## remove what was built; the homes of installations stay
	rm -rf $(VENV) dist build .mypy_cache .ruff_cache .import_linter_cache .hypothesis

# Stamps: a second call finds them newer than the lock files and starts at once.

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	  echo "Steelyard needs Python 3.11 or newer; found: $$($(PYTHON) --version 2>&1). Say make PYTHON=python3.12 ..." >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null || { \
	  echo "$(PYTHON) cannot make virtual environments; on Debian: apt-get install python3-venv" >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.product: requirements.lock pyproject.toml | $(VENV)/bin/python
	@./.ci/timed "Downloads and installation (once)" $(PIP) install --require-hashes -r requirements.lock
	@$(PIP) install --no-build-isolation --no-deps --no-index -e .
	@touch $@

$(VENV)/.developer: requirements-dev.lock $(VENV)/.product
	@./.ci/timed "Downloads and installation of the developer's tools (once)" $(PIP) install --require-hashes -r requirements-dev.lock
	@touch $@
