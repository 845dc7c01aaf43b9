# Every command there is. `make help` prints this list.
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory
# Where the system forbids compiled modules, each process would compile the libraries again: 8 s.
export PYTHONDONTWRITEBYTECODE :=
PYTHON_IN := .venv/bin/python
PORT ?= 8000
PARALLEL ?= 3
# The order of tests: SEED=N repeats that of another run.
ORDER := $(if $(SEED),--seed $(SEED))
TEXT := $(shell git ls-files --cached --others --exclude-standard 2>/dev/null | grep -vE '^(src/hiwar/locale/|src/hiwar/engine/names/|tests/engine/names/|requirements/.*\.txt|LICENSE|.*/vendor/|.*\.(woff2|ttf|png|csv|gz|json|parquet|svg|xsd)$$)')
TEMPLATES := $(shell git ls-files --cached --others --exclude-standard 'src/hiwar/*.html' 2>/dev/null | grep -v '^src/hiwar/analysis/')
STATIC_DATA := OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1

.PHONY: help setup run install wheels demo test test-all test-engine test-exhaustive test-times bench torture check lint types contracts format messages check-messages migrations docs coverage screenshots sheets lock clean setup-test

help: ## Print this list.
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 18

setup: ## Make .venv with the hiwar command, .env and the compiled catalogues.
	@tools/setup run

setup-test:
	@tools/setup test

run: setup ## Serve Hiwar with its demo on this machine (PORT=8000).
	@tools/run $(PORT)

install: ## As root: Hiwar as services of this machine (FROM=FOLDER without internet).
	@tools/install $(FROM)

wheels: setup ## Lay down in TO=FOLDER what make install needs without internet.
	@tools/wheels $(TO)

demo: setup ## Load the demo into the database again.
	@.venv/bin/hiwar load_demo

test: setup-test ## Run the tests, in lanes beside each other, with what they need (SEED=N for an order).
	@tools/test --lanes test $(ORDER)

test-all: setup-test ## Run all checks and all tests, the exhaustive ones too.
	@tools/setup engine
	@tools/test --lanes all $(ORDER)

test-exhaustive: setup-test ## Run what is exhaustive alone, and keep that it passed (tests/exhaustive.json).
	@tools/test --lanes exhaustive $(ORDER)

test-times: setup-test ## Run what continuous integration runs and write its times into docs/operations/tests.md.
	@tools/setup engine
	@tools/test --lanes ci --times $(ORDER)

test-engine: ## Run the engine's tests where Django is not installed.
	@tools/setup engine
	@! .venv-engine/bin/python -c 'import django' 2>/dev/null
	@$(STATIC_DATA) .venv-engine/bin/python -m pytest -c tools/pytest-engine.ini --rootdir=. --confcutdir=tests/engine tests/engine -q

torture: setup-test ## Pull the plug while votes arrive, on SQLite and PostgreSQL, and count what was lost.
	@tools/torture

bench: setup-test ## Measure Hiwar beside its peers and write the pages of figures.
	@tools/setup bench
	@$(PYTHON_IN) -m bench
	@tools/bench

check: setup-test ## Run exactly what continuous integration runs.
	@tools/setup engine
	@tools/test --lanes ci $(ORDER)

lint: setup-test ## Look for faults in code, templates, spelling and files.
	@.venv/bin/ruff check --quiet .
	@.venv/bin/ruff format --quiet --check .
	@.venv/bin/djade --check --target-version 5.2 $(TEMPLATES)
	@.venv/bin/djlint --quiet --lint $(TEMPLATES)
	@.venv/bin/codespell $(TEXT)
	@$(PYTHON_IN) tools/dead_code.py
	@echo "lint: clean"

types: setup-test ## Check types with mypy, strictly.
	@.venv/bin/mypy

contracts: setup-test ## Check who may import whom.
	@.venv/bin/lint-imports --no-logo

format: setup-test ## Lay out code and templates.
	@.venv/bin/ruff check --quiet --fix . || true
	@.venv/bin/ruff format --quiet .
	@.venv/bin/djade --target-version 5.2 $(TEMPLATES)

messages: setup ## Bring the catalogues up to what the code says, and compile them.
	@$(PYTHON_IN) tools/messages.py extract
	@$(PYTHON_IN) tools/messages.py compile

check-messages: setup ## Check that every message is translated, with its placeholders and tags.
	@$(PYTHON_IN) tools/messages.py check

migrations: setup ## Check that models and migrations agree.
	@mkdir -p var && .venv/bin/hiwar makemigrations --check --dry-run

docs: setup-test ## Build the documentation; a warning is an error.
	@$(PYTHON_IN) -m sphinx -W --keep-going -q -b html docs docs/_build/html
	@echo "docs: docs/_build/html/index.html"

coverage: setup-test ## Run all tests and say which lines no test reaches; less than before fails.
	@tools/test -n $(PARALLEL) --dist loadgroup --cov --cov-report=term-missing:skip-covered --cov-report=json:.coverage.json
	@$(PYTHON_IN) tools/coverage.py .coverage.json

sheets: setup-test ## Print the instructions, one A4 for each task and language, into build/sheets.
	@$(PYTHON_IN) tools/sheets.py build/sheets

screenshots: setup-test ## Take the pictures of README.md from a served demo.
	@$(PYTHON_IN) tools/screenshots.py

lock: setup ## Resolve requirements/*.in again, with hashes and without addresses.
	@tools/lock

clean: ## Remove what can be made again, but not .env and not var/.
	@rm -rf .venv .venv-engine .venv-bench build docs/_build .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis htmlcov .coverage*
