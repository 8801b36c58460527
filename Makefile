# make site    the reading list as a site in output/
# make test    every test; installs what the tests need
# make check   what CI runs: ruff, mypy, then every test
# make bench   what builds cost, beside Hugo with Pagefind: make bench SIZES="250 1000"
# make bench-search   what a search costs a reader, beside Pagefind
# make bench-serve    what an edit costs the curator who looks at it
# make findability    how well papers are found, beside lunr.js, MiniSearch and Fuse.js (four minutes)
# make fuzz    hostile inputs for each format that is read: make fuzz INPUTS=100000 FORMATS="bibtex ris"
# make lock    settle the locked versions anew

PYTHON ?= python3
BIN := .venv/bin
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check

.PHONY: site test check bench bench-search bench-serve findability fuzz lock clean
.DELETE_ON_ERROR:

# The import may report faults of the content; the good rest is built all the same, and the faults fail the run.
site: .venv/site.stamp
	@$(BIN)/site-builder import; status=$$?; $(BIN)/site-builder build && exit $$status

test: .venv/test.stamp
	@$(BIN)/python -m pytest --numprocesses auto --maxprocesses 4 --dist worksteal

check: .venv/test.stamp
	@$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy
	@$(MAKE) --no-print-directory test

bench: .venv/bench.stamp
	@$(BIN)/python -m compileall -q site_builder
	@$(BIN)/python -m tests.bench.builds $(SIZES)

bench-search: .venv/test.stamp .venv/bench.stamp
	@$(BIN)/python -m tests.bench.searching $(SIZES)

bench-serve: .venv/test.stamp
	@$(BIN)/python -m tests.bench.serving $(SIZES)

findability: .venv/test.stamp
	@$(BIN)/python -m tests.bench.findability

fuzz: .venv/test.stamp
	@$(BIN)/python -m tests.fuzz $(FORMATS) --inputs $(or $(INPUTS),100000)

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Python 3.11 or newer is needed. Name it: make PYTHON=python3.12 $(MAKECMDGOALS)" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null || sh .ci/need.sh python3-venv
	@$(PYTHON) -m venv .venv

.venv/site.stamp: .venv/bin/python requirements.txt pyproject.toml
	@echo "Installing the program …"
	@$(INSTALL) --require-hashes --no-deps -r requirements.txt
	@$(INSTALL) --no-deps --no-build-isolation --editable .
	@$(BIN)/python -m compileall -q site_builder
	@touch $@

.venv/test.stamp: .venv/site.stamp tests/requirements.txt tests/package-lock.json
	@echo "Installing what the tests need …"
	@sh .ci/need.sh chromium node:nodejs npm java:default-jre-headless libatomic.so.1:libatomic1
	@$(INSTALL) --require-hashes --no-deps -r tests/requirements.txt
	@cd tests && npm ci --no-audit --no-fund --ignore-scripts --loglevel=error
	@touch $@

.venv/bench.stamp: .venv/site.stamp tests/bench/requirements.txt
	@echo "Installing what the benchmark compares with …"
	@$(INSTALL) --require-hashes --no-deps -r tests/bench/requirements.txt
	@touch $@

lock:
	@$(PYTHON) -m venv .venv/lock && .venv/lock/bin/pip install --quiet pip-tools
	@.venv/lock/bin/pip-compile $(LOCK) --extra build --output-file requirements.txt pyproject.toml
	@.venv/lock/bin/pip-compile $(LOCK) --extra build --extra dev --output-file tests/requirements.txt pyproject.toml
	@.venv/lock/bin/pip-compile $(LOCK) --extra bench --constraint requirements.txt \
		--output-file tests/bench/requirements.txt pyproject.toml
	@cd tests && npm install --package-lock-only --omit-lockfile-registry-resolved --no-audit --no-fund
LOCK := --quiet --upgrade --generate-hashes --allow-unsafe --strip-extras --no-header --no-annotate \
	--no-emit-index-url --no-emit-find-links --no-emit-trusted-host

clean:
	rm -rf .venv .site-builder output tests/node_modules
