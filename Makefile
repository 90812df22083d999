# GNU make 3.81 and newer. `make` alone lists what there is to do.
SHELL := /bin/bash
.DEFAULT_GOAL := help
VENV := .venv
BIN := $(VENV)/bin
PY := $(BIN)/python
ARGS ?=
JOBS ?= auto
SECONDS ?= 600
UV_VERSION := 0.13.9

RUN_STAMP := $(VENV)/.run.stamp
DEV_STAMP := $(VENV)/.dev.stamp
PIP := $(PY) -m pip --disable-pip-version-check install --quiet
LOCKING := $(BIN)/uv pip compile pyproject.toml --universal --python-version 3.11 --group build \
	--extra postgres --extra demo --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --quiet

.PHONY: help setup encoder dev servers test check format types imports links audit demo bench chaos fuzz lock clean

help:  ## list the targets
	@sed -n 's/^\([a-z][a-z-]*\):.*## /\1	/p' $(MAKEFILE_LIST) | while IFS='	' read -r name what; do printf '  make %-9s %s\n' "$$name" "$$what"; done

setup: $(RUN_STAMP)  ## everything that mailbot needs, in .venv; afterwards .venv/bin/mailbot works

$(PY):
	tools/venv $(VENV)

$(RUN_STAMP): requirements/run.txt pyproject.toml | $(PY)
	$(PIP) --require-hashes -r requirements/run.txt
	$(PIP) --no-deps --no-build-isolation --no-index --editable .
	@touch $@

encoder: setup  ## setup, and what a sentence encoder runs on (see docs/correct-and-retrain.md)
	$(PIP) --require-hashes -r requirements/encoder.txt

dev: $(DEV_STAMP)  ## setup, and what tests and checks need

$(DEV_STAMP): requirements/dev.txt $(RUN_STAMP)
	$(PIP) --require-hashes -r requirements/dev.txt
	@touch $@

servers:  ## the private mail and database servers of the tests, where they may be installed
	@tools/servers

test: dev servers  ## the whole test suite (ARGS are handed to pytest, JOBS is how many at once)
	@$(PY) -m pytest -n $(JOBS) --dist loadgroup $(ARGS) || { status=$$?; \
	  if [ $$status -eq 5 ]; then echo "make test: pytest found no tests to run" >&2; fi; exit $$status; }

check: dev  ## format, lint, types, import contracts, links, known vulnerabilities
	@$(PY) tools/check.py

format: dev  ## put all code into the one format, mend what can be mended
	$(BIN)/ruff check --fix --quiet . ; $(BIN)/ruff format .

demo: setup  ## sample patrons write, mailbot answers (ARGS=--once ends by itself)
	@$(BIN)/mailbot demo $(ARGS)

bench: dev servers  ## measure: the whole way against the floor, on this machine
	@$(PY) -m benchmarks $(ARGS)

chaos: dev servers  ## kill -9 at 200 random moments: nothing lost, nothing said twice
	@MAILBOT_CHAOS_MOMENTS=200 $(PY) -m pytest -n 0 --timeout 7200 -m chaos -s $(ARGS)

fuzz: dev  ## hostile mail, guided by coverage, for SECONDS (Linux), and every property on many more examples
	$(PIP) --require-hashes -r requirements/fuzz.txt
	mkdir -p var/fuzz && cd var/fuzz && ../../$(PY) ../../tests/mail/fuzz.py . ../../tests/mail/eml -max_total_time=$(SECONDS)
	@$(PY) -m pytest -p tests.fuzzing -n $(JOBS) --timeout 7200 -m hypothesis $(ARGS)

lock: $(PY)  ## resolve the dependencies anew, with hashes and without index addresses
	$(PIP) uv==$(UV_VERSION)
	$(LOCKING) --output-file requirements/run.txt
	$(LOCKING) --extra encoder --constraint requirements/run.txt --output-file requirements/encoder.txt
	$(LOCKING) --extra encoder --group test --group check --constraint requirements/encoder.txt \
	  --output-file requirements/dev.txt
	$(BIN)/uv pip compile --group fuzz --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	  --no-emit-find-links --no-header --quiet --output-file requirements/fuzz.txt

clean:  ## remove all that was made here, .venv and var included
	rm -rf $(VENV) var .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache dist
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
