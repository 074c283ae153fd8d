# make demo    set everything up, and run the main job on the local sandbox
# make test    set everything up, and run every check (what CI runs)
# make quick   the checks of under a minute
# make conformance   put the same SQL to DuckDB, Velox and Spark, and parse it by Trino's grammar
# make lock    resolve the dependencies anew, with hashes

PYTHON ?= python3
BIN := .venv/bin
INSTALLED := .venv/.installed
WORKERS ?= $(shell expr $$(getconf _NPROCESSORS_ONLN) + 1) # tests wait for processes that they start

export AWS_EC2_METADATA_DISABLED := true
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: setup demo test quick lint types layers tests conformance docs lock clean

setup: $(INSTALLED)

$(INSTALLED): requirements.lock pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation -e .
	@touch $@

demo: setup
	@PATH="$(CURDIR)/$(BIN):$$PATH" scripts/demo

test: lint types layers tests

quick: lint types layers
	ORGCTL_EXAMPLES=10 $(BIN)/pytest -n auto --dist worksteal -m "not slow" tests/source tests/manifest tests/policy tests/views

lint: setup
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

types: setup
	$(BIN)/mypy

layers: setup
	$(BIN)/lint-imports

tests: setup
	scripts/ensure-chromium
	$(BIN)/pytest -n $(WORKERS) --dist worksteal --cov --cov-report=term

conformance: setup
	PYTHON=$(PYTHON) scripts/ensure-engines
	$(BIN)/python -m conformance

docs: setup
	$(BIN)/python -m docs.generate

lock: setup
	$(BIN)/uv pip compile --quiet pyproject.toml --extra sandbox --extra impact --extra rules --extra dev --universal --python-version 3.11 \
	  --upgrade --generate-hashes --no-emit-index-url --no-header --no-annotate -o requirements.lock
	for engine in velox spark; do \
	  $(BIN)/uv pip compile --quiet conformance/environments/$$engine.in --universal --python-version 3.11 \
	    --upgrade --generate-hashes --no-emit-index-url --no-header --no-annotate -o conformance/environments/$$engine.lock || exit 1; \
	done

clean:
	rm -rf .venv build dist .coverage* .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache
