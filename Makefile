# Everything works alone, from a clean clone, with python3 (3.11 or newer, with venv), make and git.
#   make demo        sample exports as of today, imported and served on 127.0.0.1:8501
#   make serve       the dashboard over ./ccinsight.duckdb (or DATABASE=…)
#   make test        all tests; gets Chromium, LibreOffice, nginx and Node where none is found
#   make spark       every model, report and option on a local Spark against DuckDB
#   make soak        kills, fuzzing, full disks and the browser's history at length
#   make check       lint, format, types, import contracts, SQL, spelling, documentation
#   make docs        the documentation as a site in build/site
#   make catalogues  compiles the languages' catalogues
#   make clean       removes what the others made (not a database)

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check
# Two stamps: what runs ccinsight, and that with the tools of a developer.
RUNTIME := $(VENV)/.runtime
TOOLS := $(VENV)/.tools
PACKAGING := pyproject.toml constraints.txt hatch_build.py
CATALOGUES := $(wildcard src/ccinsight/locale/*/LC_MESSAGES/*.po)
COMPILED := $(CATALOGUES:.po=.mo)
# The build runs in the environment itself, so that its tools too are the pinned ones.
BUILD_TOOLS := hatchling babel
# Not the SQL of ingest/, which sqlfluff can't parse: docs/decisions/0023-sql-style.md
SQL := src/ccinsight/models src/ccinsight/reports src/ccinsight/database/schema src/ccinsight/dashboard/widgets
SPELLED := app.py pages src docs tests benchmarks README.md CONTRIBUTING.md CHANGELOG.md Makefile pyproject.toml

.PHONY: help demo serve test spark soak check docs format catalogues clean

help:
	@sed -n 's/^#   //p' Makefile

demo: $(RUNTIME) $(COMPILED)
	$(BIN)/ccinsight demo

serve: $(RUNTIME) $(COMPILED)
	$(BIN)/ccinsight serve $(if $(DATABASE),--database '$(DATABASE)')

test: $(TOOLS) $(COMPILED)
	$(BIN)/python -m tests.browser.chromium
	$(BIN)/python -m tests.documents.deck.office
	$(BIN)/python -m tests.nginx
	$(BIN)/python -m tests.access.openid
	$(BIN)/python -m tests.spark.java
	$(BIN)/pytest -n 2 --dist loadfile -m "not browser"
	$(BIN)/pytest -n 2 --dist loadfile -m browser

spark: $(TOOLS) $(COMPILED)
	$(BIN)/python -m tests.spark.java
	CCINSIGHT_SPARK=1 $(BIN)/pytest tests/spark

soak: $(TOOLS) $(COMPILED)
	$(PIP) install -q -c constraints.txt atheris || echo "atheris can't be had here; its tests are left out." >&2
	CCINSIGHT_SOAK=1 $(BIN)/pytest -s tests/robustness tests/browser/test_history.py

check: $(TOOLS)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/sqlfluff lint --disable-progress-bar $(wildcard $(SQL))
	$(BIN)/codespell $(SPELLED)
	$(BIN)/python -m tests.plain_english
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --quiet

docs: $(TOOLS)
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --quiet

format: $(TOOLS)
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

catalogues: $(RUNTIME) $(COMPILED)

%.mo: %.po | $(RUNTIME)
	$(BIN)/pybabel -q compile --input-file $< --output-file $@

$(BIN)/python:
	@command -v $(PYTHON) >/dev/null || { echo "ccinsight needs Python 3.11 or newer: install python3 and python3-venv." >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "ccinsight needs Python 3.11 or newer; $(PYTHON) is $$($(PYTHON) -V 2>&1). Name another: make PYTHON=python3.12 …" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null \
		|| { echo "Python's venv is missing: install python3-venv (apt-get install python3-venv)." >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(RUNTIME): $(PACKAGING) | $(BIN)/python
	$(PIP) install -q -c constraints.txt $(BUILD_TOOLS)
	$(PIP) install -q -c constraints.txt --no-build-isolation -e '.[mcp,pdf]'
	touch $@

$(TOOLS): $(PACKAGING) | $(BIN)/python
	$(PIP) install -q -c constraints.txt $(BUILD_TOOLS)
	$(PIP) install -q -c constraints.txt --no-build-isolation -e '.[dev]'
	touch $(RUNTIME) $@

clean:
	rm -rf $(VENV) build dist ccinsight-demo .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	rm -f $(COMPILED)
	find src tests pages benchmarks -name __pycache__ -type d -prune -exec rm -rf {} +
