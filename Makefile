# Everything from a bare Python >= 3.11 and make. "make help" lists the targets.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.ready

export PYTHONDONTWRITEBYTECODE :=

.DEFAULT_GOAL := help
.PHONY: help setup render test check record compare bench bench-short mutation checkov e2e upstream lock clean

help: ## list the targets
	@grep -hE '^[a-z0-9-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/'

setup: $(STAMP) ## make .venv with the kaitops command in it

# uv comes from the package index into its own small environment, so nothing but Python is needed beforehand.
$(STAMP): pyproject.toml uv.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "kaitops needs Python >= 3.11; set PYTHON=..." >&2; exit 3; }
	@test -x .venv-uv/bin/uv || { $(PYTHON) -m venv .venv-uv && .venv-uv/bin/pip install --quiet --disable-pip-version-check 'uv>=0.9,<1'; }
	@.venv-uv/bin/uv sync --quiet --frozen --extra pulumi --compile-bytecode --python $(PYTHON)
	@$(BIN)/python -m compileall -q kaitops
	@touch $@

render: setup ## render the sample fleet into manifests/ and check the result
	@$(BIN)/kaitops render
	@$(BIN)/kaitops gate manifests

test: setup ## run the tests (under two minutes)
	@$(BIN)/pytest

check: setup ## lint, types, import contracts, drift of generated files
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/pyright
	@$(BIN)/lint-imports --no-cache
	@$(BIN)/kaitops render --check

checkov: .venv-checkov/.ready ## make .venv-checkov, where checkov lives: it cannot share an environment

.venv-checkov/.ready: $(STAMP)
	@UV_PROJECT_ENVIRONMENT=.venv-checkov .venv-uv/bin/uv sync --quiet --frozen --no-dev --no-install-project --extra checkov --python $(PYTHON)
	@touch $@

record: setup ## record what the product answers to the fixed corpus: OUT=DIR
	@test -n "$(OUT)" || { echo "name a folder outside of the repository: make record OUT=DIR" >&2; exit 2; }
	@$(BIN)/python -m tests.net record "$(OUT)"

compare: setup ## say what differs between two records: A=DIR B=DIR
	@test -n "$(A)" -a -n "$(B)" || { echo "name two records: make compare A=DIR B=DIR" >&2; exit 2; }
	@$(BIN)/python -m tests.net compare "$(A)" "$(B)"

bench: setup checkov ## measure speed and memory against their bars
	@$(BIN)/python -m tests.bench

bench-short: setup checkov
	@$(BIN)/python -m tests.bench --rounds 3 --slack 1.33

mutation: setup ## how many small defects in policies/ the tests find
	@$(BIN)/python -m tests.policies.mutation

e2e: setup checkov ## slow tests on a real API server and with the real checkov
	@$(BIN)/pytest tests/e2e tests/gate tests/policies -m e2e -o addopts="-ra --strict-markers --strict-config -n0"

upstream: setup ## compare with upstream's own files, where KAITOPS_SHARED or ../shared has them
	@$(BIN)/python -c 'import sys; from tests.upstream import FOLDER, MISSING; FOLDER.is_dir() or sys.exit(MISSING)'
	@$(BIN)/pytest -m upstream -n0

lock: ## resolve uv.lock anew
	@.venv-uv/bin/uv lock

clean: ## remove the environments and caches
	rm -rf $(VENV) .venv-uv .pytest_cache .ruff_cache .hypothesis dist
