# Every chore is one word; `make` lists them.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.DEFAULT_GOAL := help
.PHONY: help env spark-env epidemic-env run test test-database test-all-else test-slow test-spark check fix bench lock clean

help: ## list the chores
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 14

env: $(VENV)/.ready ## build .venv from the pinned, hashed requirements

$(VENV)/.ready: requirements/dev.lock pyproject.toml
	@$(PYTHON) -c "import sys; sys.exit(sys.version_info < (3, 11))" || { echo "make: Python 3.11 or newer is needed (set PYTHON=/path/to/python3.11)"; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements/dev.lock
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

spark-env: $(VENV)/.spark-ready ## add what linking on an Apache Spark cluster needs (Java 17 beside it)

$(VENV)/.spark-ready: requirements/spark.lock $(VENV)/.ready
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements/spark.lock
	@touch $@

epidemic-env: $(VENV)/.epidemic-ready ## add what makes an epidemic with known transmissions (covasim)

$(VENV)/.epidemic-ready: requirements/epidemic.lock $(VENV)/.ready
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements/epidemic.lock
	@touch $@

run: env ## make a nation, carry everybody over, serve the app and the console
	$(BIN)/pccovid up

# Two processes, each with a database server of its own: about half the time on two cores.
test: env ## pass the tests (slow ones left out)
	@$(MAKE) --no-print-directory -j2 test-database test-all-else

# Folders of tests/integration that the other process takes, so that both end at about the same time.
APART := $(addprefix tests/integration/,personal_copy retention scan_lane citizen_desks)

test-database: env
	$(BIN)/pytest -m "not slow" tests/integration $(addprefix --ignore=,$(APART))

test-all-else: env
	$(BIN)/pytest -m "not slow" tests/architecture tests/benchmarks tests/journeys tests/spark tests/unit $(APART)

test-slow: env ## the long tests: many seeds, many kills
	$(BIN)/pytest -m slow

test-spark: spark-env ## link on a Spark master and two workers of its own, one of them killed
	$(BIN)/pytest -m spark

check: env ## format, lint, types, layers
	$(BIN)/ruff format --check src tests
	$(BIN)/ruff check src tests
	$(BIN)/mypy
	$(BIN)/lint-imports

fix: env ## format and mend what can be mended
	$(BIN)/ruff format src tests
	$(BIN)/ruff check --fix src tests

bench: env ## the import bench (BENCH="import --people 100000")
	$(BIN)/pccovid bench $(or $(BENCH),import --people 100000) --json

lock: ## pin the requirements anew (needs uv)
	uv pip compile --python-version 3.11 --generate-hashes --no-emit-index-url --no-header -q requirements/base.in -o requirements/base.lock
	uv pip compile --python-version 3.11 --generate-hashes --no-emit-index-url --no-header -q requirements/dev.in -o requirements/dev.lock
	uv pip compile --python-version 3.11 --generate-hashes --no-emit-index-url --no-header -q requirements/spark.in -o requirements/spark.lock
	uv pip compile --python-version 3.11 --generate-hashes --no-emit-index-url --no-header -q requirements/epidemic.in -o requirements/epidemic.lock

clean: ## remove what make made, but never the data in var/
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
