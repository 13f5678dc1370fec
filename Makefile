# Two commands do all set-up: `make demo` and `make test`. Needs Python 3.11 with venv, and make.

PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
# Groups of pyproject.toml with a lock and an environment of their own: requirements-NAME.lock, .venv-NAME.
ANCHORS := anchors
# Downloads break off now and then.
AGAIN := sh tools/again

.PHONY: help demo test check bench anchors web chromium lock clean

help:
	@echo "make demo    set up, then run everything with a sample network"
	@echo "make test    set up, then run the tests"
	@echo "make check   format, lint, types, import contracts"
	@echo "make bench   every benchmark, each ending in one line of JSON"
	@echo "make anchors other people's libraries, in an environment of their own, for benchmarks to measure against"
	@echo "make lock    resolve the dependencies anew"

demo: $(VENV)/ready web
	@$(BIN)/warum demo

test: $(VENV)/ready-dev web chromium $(if $(CI),anchors)
	@$(BIN)/python -m pytest

check: $(VENV)/ready-dev
	@$(BIN)/ruff format --check --quiet . || { echo "Run: $(BIN)/ruff format ."; exit 1; }
	@$(BIN)/ruff check --quiet .
	@$(BIN)/basedpyright
	@$(BIN)/lint-imports --no-cache

bench: $(VENV)/ready web
	@$(BIN)/warum bench all

# Heavy and no part of the product: benchmarks say so and go on where they are missing.
anchors: $(ANCHORS:%=.venv-%/ready)

$(ANCHORS:%=.venv-%/ready): .venv-%/ready: requirements-%.lock
	@$(PYTHON) -m venv --clear .venv-$*
	@$(AGAIN) .venv-$*/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement $<
	@touch $@

# Script and style of the pages; does nothing when the sources are those of the last build.
web: $(VENV)/ready
	@$(BIN)/python tools/build_web.py

# The browser of the end-to-end tests is Debian's. Without it they are skipped, except under CI=true.
chromium:
	@command -v chromium >/dev/null || { test "$$(id -u)" = 0 && command -v apt-get >/dev/null \
		&& echo "Installing Chromium for the tests in a browser ..." \
		&& sh tools/apt_install chromium; } \
		|| echo "Skipped: the tests in a browser, since chromium is missing (apt-get install chromium)."

$(VENV)/ready: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { echo "Warum needs Python 3.11 with venv: apt-get install python3.11 python3.11-venv"; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(AGAIN) $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/ready-dev: requirements-dev.lock $(VENV)/ready
	@$(AGAIN) $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements-dev.lock
	@touch $@

lock: $(VENV)/ready-dev
	@$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-header --python-version 3.11 \
		pyproject.toml --group pyproject.toml:build --output-file requirements.lock
	@$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-header --python-version 3.11 \
		pyproject.toml --group pyproject.toml:build --group pyproject.toml:dev --output-file requirements-dev.lock
	@for group in $(ANCHORS); do $(BIN)/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-header \
		--python-version 3.11 --group pyproject.toml:$$group --output-file requirements-$$group.lock || exit 1; done

clean:
	rm -rf $(VENV) $(ANCHORS:%=.venv-%) node_modules .pytest_cache .ruff_cache .hypothesis build dist
