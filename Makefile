# Every word a developer or a user needs; `make help` lists them.
PYTHON ?= python3
UV := .venv/bin/uv
LOCK := $(UV) pip compile --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
	--no-emit-package carillon-shared --no-emit-package carillon-pronote-simulator --quiet
MEMBERS := shared services/scraper services/timetable-api services/rooms services/pronote-gateway \
	simulators/celcat simulators/pronote simulators/ent local
PROJECTS := $(MEMBERS:%=%/pyproject.toml)
SERVICE_PROJECTS := $(filter-out local/pyproject.toml,$(PROJECTS))

.PHONY: help setup setup-development run test check bench lock clean

help:  ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "%-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: .venv/.local
setup-development: .venv/.development

run: .venv/.local  ## Set everything up and run Carillon on http://127.0.0.1:8000
	@.venv/bin/carillon up

test: .venv/.development .venv/.debian  ## Set everything up and pass all tests; T=tests/rooms for a part
	.venv/bin/python -m pytest $(T)

check: .venv/.development  ## Format, lint, types, import directions, lock files
	.venv/bin/ruff format --check .
	.venv/bin/ruff check .
	.venv/bin/mypy
	.venv/bin/lint-imports
	@! grep -nE 'https?://|file:|index-url|find-links' requirements/*.txt

bench: .venv/.development  ## Measure; prints ratios taken in one run
	.venv/bin/python -m benchmarks

lock:  ## Write the lock files anew from the pyproject files
	$(LOCK) requirements/tools.in -o requirements/tools.txt
	$(LOCK) $(SERVICE_PROJECTS) -o requirements/services.txt
	$(LOCK) $(PROJECTS) -c requirements/services.txt -o requirements/local.txt
	$(LOCK) $(PROJECTS) requirements/development.in -c requirements/local.txt -o requirements/development.txt

clean:  ## Remove the environments, the data of the embedded mode and what tests left
	rm -rf .venv .venv-judges .carillon build

.venv/bin/uv: requirements/tools.txt
	$(PYTHON) -m venv .venv
	.venv/bin/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/tools.txt
	@touch $@

.venv/.%: requirements/%.txt .venv/bin/uv $(PROJECTS)
	$(UV) pip install --quiet --require-hashes -r requirements/$*.txt
	$(UV) pip install --quiet --no-deps --no-build-isolation $(MEMBERS:%=-e %)
	@touch $@

# A browser and Node for the tests: Debian's, where they are missing.
.venv/.debian: | .venv/bin/uv
	@command -v chromium node npm >/dev/null 2>&1 && [ $$(command -v chromium node npm | wc -l) = 3 ] || { \
	  command -v apt-get >/dev/null || { echo "tests need chromium, node and npm: install them"; exit 1; }; \
	  sudo=$$([ $$(id -u) = 0 ] || echo sudo); \
	  $$sudo apt-get -qq update && $$sudo apt-get -qq install -y --no-install-recommends chromium \
	    $$(command -v npm >/dev/null || echo nodejs npm); }
	@touch $@
