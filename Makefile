# Each target works on a fresh machine with Python 3.11 or newer, git and make.

PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo $$p; break; }; done)
BIN := .venv/bin
NOTEBOOKS := notebooks/*.ipynb

.PHONY: help setup run lab test check lint nbval verify outputs services prove soak bench lock clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: .venv/.ready ## make .venv with everything

.venv/.ready: requirements.lock pyproject.toml
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is not here; install it, or name it: make setup PYTHON=/path/to/python3" >&2; exit 1; }
	@echo "Setting up .venv with $$($(PYTHON) --version): one or two minutes, about 250 MB to download the first time."
	@$(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

run: setup ## run every module for the demo roster, into runs/demo
	@$(BIN)/prodev batch run --roster data/rosters/demo.csv --out runs/demo

lab: setup ## open JupyterLab on the start page
	@$(BIN)/prodev lab

lint: setup ## style, types, floors, spelling, workflows
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check
	@$(BIN)/lint-imports
	@$(BIN)/codespell
	@$(BIN)/mypy
	@$(BIN)/check-jsonschema --builtin-schema vendor.github-workflows .github/workflows/*.yml
	@$(BIN)/actionlint
	@$(BIN)/zizmor --offline --quiet .github/workflows

check: setup ## the fast part of the tests, under a minute
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check
	@$(BIN)/lint-imports
	@$(BIN)/codespell
	@$(BIN)/pytest -n 2 --dist loadfile -m "not slow" tests

test: lint ## lint, unit tests, the proofs of what changed, and nbval of all notebooks
	@$(BIN)/pytest -n 2 --dist loadfile tests
	@$(MAKE) --no-print-directory nbval

# As the committed outputs were made: with what comes as wheels, and an empty home. What a kernel
# that nbval kills leaves in the temporary folder goes with that folder.
nbval: setup
	@home=$$(mktemp -d) && trap 'rm -rf "$$home"' EXIT && \
		PRODEV_SERVICES=embedded PRODEV_HOME="$$home" PRODEV_LEARNER=demo TMPDIR="$$home" PYTHONPATH=tests \
		$(BIN)/pytest -p kernels_over_sockets -p no:cacheprovider -n 2 --dist loadscope --nbval -q $(NOTEBOOKS)

verify: setup ## both modes through papermill, outputs remade, a tenth of the proofs, a browser, the wheel
	@$(BIN)/python -m prodev.batch.outputs --check $(NOTEBOOKS)
	@PRODEV_PROVE=tenth $(BIN)/pytest -q tests/test_proofs.py
	@$(BIN)/pytest -v tests/verify tests/browser

outputs: setup ## remake the committed outputs
	@$(BIN)/python -m prodev.batch.outputs $(NOTEBOOKS)

services: setup ## install the servers that have no wheel: by apt where there is root, else say how
	@.ci/services
	@$(BIN)/python -m prodev.services.containers.base

prove: setup ## prove every exercise afresh, and record what was proved
	@$(BIN)/prodev exercises prove --all

soak: setup ## start and stop servers hundreds of times, and kill their owners
	@$(BIN)/python tests/soak/services.py

bench: setup ## the benchmarks, as ratios measured side by side
	@$(BIN)/python tests/bench/startup.py
	@$(BIN)/python tests/bench/judging.py
	@$(BIN)/python tests/bench/services.py
	@$(BIN)/python tests/bench/proxy.py
	@$(BIN)/python tests/bench/dataset.py

lock: ## resolve pyproject.toml again into requirements.lock
	@test -x .venv-lock/bin/uv || { $(PYTHON) -m venv .venv-lock && .venv-lock/bin/python -m pip install --quiet uv; }
	@.venv-lock/bin/uv pip compile --quiet --universal --python-version 3.11 --group dev pyproject.toml \
		--generate-hashes --no-emit-index-url --no-emit-find-links --no-header --output-file requirements.lock

clean: ## remove what was made here, but not your work in course/
	rm -rf .venv .venv-lock runs build dist .mypy_cache .pytest_cache .ruff_cache .import_linter_cache
