# Every target does its own set-up in .venv; git, make and Python 3.11 or newer are all it takes.

PYTHON ?= $(shell for name in python3 python3.13 python3.12 python3.11 python3.14 python; do \
	"$$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo "$$name" && break; done)
BIN := .venv/bin
READY := .venv/.ready

.PHONY: help demo shots test check inspect format lint types words floors bench compiled soak clean

help: ## this list
	@grep -E '^[a-z]+:.*##' $(firstword $(MAKEFILE_LIST)) | sed 's/:.*## /	/' | expand -t 12

$(READY): pyproject.toml
	@test -n "$(PYTHON)" || { echo "Sijill needs Python 3.11 or newer; install it, or call: make PYTHON=/path/to/python3.11"; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@echo "setting up .venv (once)"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[dev]'
	@touch $(READY)

demo: $(READY) ## code the bundled reports, keep them in a register, link and count
	@mkdir -p demo-out
	@$(BIN)/sijill code examples/reports.jsonl --out demo-out/coded.jsonl
	@$(BIN)/sijill code examples/reports.jsonl --format table 2>/dev/null
	@test -f demo-out/demo.db || $(BIN)/sijill init demo-out/demo.db
	@$(BIN)/sijill add examples/reports.jsonl --db demo-out/demo.db
	@$(BIN)/sijill tally --by governorate --db demo-out/demo.db
	@echo "The coded reports lie in demo-out/coded.jsonl, one line of JSON a report; the register is demo-out/demo.db."
	@echo "Open it in the browser, on this machine alone: $(BIN)/sijill desk --db demo-out/demo.db"

test: $(READY) ## run the tests, on SQLite and on a PostgreSQL server of their own
	@$(BIN)/python tests/servers.py $(BIN)/python -m pytest -n auto

check: test inspect ## everything a change must pass

inspect: format lint types words floors ## what a change must pass beside the tests

format: $(READY) ## is the code formatted?
	@$(BIN)/ruff format --check .

lint: $(READY) ## is the code free of known faults?
	@$(BIN)/ruff check .

types: $(READY) ## do the types agree?
	@$(BIN)/mypy

words: $(READY) ## check every word list, every fault at once
	@$(BIN)/python -m sijill.lexicon.check

floors: $(READY) ## is no score on our own gold sets lower than pinned?
	@$(BIN)/python evaluation/floors.py

bench: $(READY) ## measure speed and memory of every room; takes an hour
	@$(BIN)/python evaluation/bench.py
	@for part in ledger sources link tally publish desk; do $(BIN)/python evaluation/bench_$$part.py || exit 1; done

compiled: $(READY) ## compile the reader into build/compiled (needs a C compiler), and test it there
	@rm -rf build/source build/compiled && mkdir -p build/source
	@cp -R pyproject.toml README.md LICENSE NOTICE src build/source/
	@echo "compiling (some minutes)"
	@HATCH_BUILD_HOOK_ENABLE_MYPYC=true $(BIN)/python -m pip install --quiet --disable-pip-version-check \
		--no-deps --target build/compiled ./build/source
	@PYTHONPATH=$(CURDIR)/build/compiled $(BIN)/python -m pytest -n auto
	@echo "make bench measures it too; PYTHONPATH=build/compiled runs it"

shots: $(READY) ## draw the screenshots of the README anew (needs Chromium)
	@SIJILL_SHOTS=docs $(BIN)/python -m pytest -q tests/test_desk_browser.py -k screenshots

soak: $(READY) ## read a hundred thousand random texts, kill a hundred writers of each database
	@SIJILL_SOAK=100000 $(BIN)/python tests/servers.py $(BIN)/python -m pytest -n auto -k "soak or killed"

clean: ## remove what was built
	@rm -rf .venv build dist demo-out .mypy_cache .ruff_cache .pytest_cache .hypothesis
