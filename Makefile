# Everything from a bare Python >= 3.11 and make. "make help" lists the targets.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
UV := .venv-uv/bin/uv
# The command alone, and then all that tests, checks and Pulumi programs need beside it, in the same environment.
CORE := $(VENV)/.core
STAMP := $(VENV)/.ready
ENOUGH = $(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	{ echo "kaitops needs Python >= 3.11; set PYTHON=..." >&2; exit 3; }

export PYTHONDONTWRITEBYTECODE :=

# The sample's exemptions end and its prices age, so it is judged as of this day: TODAY=$$(date +%F) takes the clock's.
TODAY ?= 2026-06-01
# The gate looks for checkov's environment nowhere, as it might be part of what is judged; here it is ours.
CHECKOV = $(or $(KAITOPS_CHECKOV_PYTHON),$(abspath $(wildcard .venv-checkov/bin/python)))

SLOW := -m "e2e or thorough" -o addopts="-ra --strict-markers --strict-config"

.DEFAULT_GOAL := help
.PHONY: help setup render test check record compare bench bench-short mutation counts checkov docs docs-version dist e2e upstream lock clean

help: ## list the targets
	@grep -hE '^[a-z0-9-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/'

setup: $(STAMP) ## make .venv with the kaitops command, what tests it and the Pulumi extra

# uv comes from the package index into its own small environment, so nothing but Python is needed beforehand.
$(UV):
	@$(ENOUGH)
	@$(PYTHON) -m venv .venv-uv && .venv-uv/bin/pip install --quiet --disable-pip-version-check 'uv>=0.9,<1'

# Inexact: what the environment has beyond the core stays.
$(CORE): pyproject.toml uv.lock | $(UV)
	@$(ENOUGH)
	@$(UV) sync --quiet --frozen --no-default-groups --inexact --compile-bytecode --python $(PYTHON)
	@$(BIN)/python -m compileall -q kaitops policies
	@touch $@

$(STAMP): $(CORE)
	@$(UV) sync --quiet --frozen --extra pulumi --compile-bytecode --python $(PYTHON)
	@touch $@

render: $(CORE) ## render the sample fleet into manifests/ and check the result
	@$(BIN)/kaitops render
	@KAITOPS_TODAY=$(TODAY) KAITOPS_CHECKOV_PYTHON='$(CHECKOV)' $(BIN)/kaitops gate manifests

test: setup ## run the tests (two to three minutes on two cores)
	@$(BIN)/pytest

check: setup ## lint, types, import contracts, drift of generated files
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/pyright
	@# The contracts are about import names, and their reader follows no links.
	@rm -rf $(VENV)/imports && mkdir -p $(VENV)/imports && cp -rL kaitops $(VENV)/imports/
	@cd $(VENV)/imports && $(CURDIR)/$(BIN)/lint-imports --no-cache --config $(CURDIR)/pyproject.toml
	@$(BIN)/kaitops render --check

checkov: .venv-checkov/.ready ## make .venv-checkov, where checkov lives: it cannot share an environment

.venv-checkov/.ready: pyproject.toml uv.lock | $(UV)
	@UV_PROJECT_ENVIRONMENT=.venv-checkov $(UV) sync --quiet --frozen --no-default-groups --no-install-project --extra checkov --python $(PYTHON)
	@touch $@

docs: .venv-docs/.ready ## build the documentation as a site in dist/site, links and anchors checked
	@NO_MKDOCS_2_WARNING=1 .venv-docs/bin/mkdocs build --strict

.venv-docs/.ready: pyproject.toml uv.lock | $(UV)
	@UV_PROJECT_ENVIRONMENT=.venv-docs $(UV) sync --quiet --frozen --no-default-groups --group docs --python $(PYTHON)
	@touch $@

docs-version: .venv-docs/.ready ## add the site of this version beside those of earlier ones, on the branch gh-pages
	@NO_MKDOCS_2_WARNING=1 .venv-docs/bin/python docs/.site/versions.py

dist: $(UV) ## build wheel, archive, bill of materials and release notes into dist/release
	@rm -rf dist/release && $(UV) build --quiet --out-dir dist/release
	@$(UV) export --quiet --frozen --no-default-groups --format cyclonedx1.5 --preview-features sbom-export --output-file dist/release/kaitops.cdx.json
	@awk '/^## / {n++; next} n == 1' CHANGELOG.md > dist/release/NOTES.md

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

counts: setup ## how large the house is: lines, files, small files, Any, names that occur twice
	@$(BIN)/python -m tests.counts

mutation: setup ## how many small defects in policies/ the tests find
	@$(BIN)/python -m tests.policies.mutation

e2e: setup checkov ## slow tests: a real API server, the real checkov, all cases of what make test samples
	@# Servers and engines share ports and the machine, so their tests come one after another; all others need not.
	@failed=0; \
	KAITOPS_THOROUGH=1 $(BIN)/pytest tests --ignore=tests/e2e $(SLOW) -nauto --maxprocesses=4 --dist=worksteal || failed=1; \
	KAITOPS_THOROUGH=1 $(BIN)/pytest tests/e2e $(SLOW) -n0 || failed=1; \
	exit $$failed

upstream: setup ## compare with upstream's own files, where KAITOPS_SHARED or ../shared has them
	@$(BIN)/python -c 'import sys; from tests.upstream import FOLDER, MISSING; FOLDER.is_dir() or sys.exit(MISSING)'
	@$(BIN)/pytest -m upstream -n0

lock: $(UV) ## resolve uv.lock anew
	@$(UV) lock

clean: ## remove the environments and caches
	rm -rf $(VENV) .venv-uv .venv-docs .pytest_cache .ruff_cache .hypothesis dist
