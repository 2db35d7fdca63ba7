# make demo   grade a sample class and look at the results
# make test   lint, types, walls between modules, tests; CI runs make test-long too

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
DRAWS ?= 500
# One more than two cores: many tests wait for limits of time, and a third worker fills the gaps.
WORKERS ?= 3
PYTEST := $(BIN)/python -m pytest -n $(WORKERS) --dist worksteal

# Hundreds of processes load the same modules: compile each once, whatever the image has set.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help demo test test-long pythons coverage draws test-nbgrader lint build gallery bench-ops bench-grading \
  bench-marking bench-watch bench-commands clean

help:
	@echo "make demo           grade a sample class of submissions and print the table"
	@echo "make test           lint, types, walls between modules, and the tests"
	@echo "make test-long      attacks, killed runs and foreign courses, through whole commands"
	@echo "make pythons        the quick tests under every Python from 3.11 up that is installed"
	@echo "make coverage       the quick tests, and how much of the code they reach"
	@echo "make draws          try all wheats and chaffs on $(DRAWS) new draws of the hidden cases"
	@echo "make test-nbgrader  run nbgrader's own suite with our preprocessors (some minutes)"
	@echo "make build          build notebooks/ from solutions/, and the pages of docs/ from exercises/"
	@echo "make gallery        draw docs/gallery.md from the examples of convkit.viz"
	@echo "make bench-ops      time the operations of convkit against their rivals"
	@echo "make bench-grading  time grading a class beside stock nbgrader (half an hour)"
	@echo "make bench-marking  time cases, judging and pages, for each assignment (some minutes)"
	@echo "make bench-watch    time 200 hand-ins, from the last byte to the page (some minutes)"
	@echo "make bench-commands time how soon commands are there (some minutes)"
	@echo "make clean          remove the environment and everything that was generated"

$(READY): pyproject.toml autograder/pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "Python 3.11 or newer is needed; name one with: make PYTHON=python3.12"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --constraint constraints.txt pip setuptools
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --no-build-isolation \
	  --editable . --editable ./autograder --group test --group lint
	@touch $@

demo: $(READY)
	$(BIN)/autograder demo --into demo

test: lint
	$(PYTEST)

coverage: $(READY)
	$(PYTEST) -m "not slow and not long" --cov --cov-report=term

pythons: $(READY)
	$(BIN)/nox --session quick

test-long: $(READY)
	$(PYTEST) -m long

# Two at a time, on small arrays: more threads would only wait for each other.
draws: export OPENBLAS_NUM_THREADS = 1
draws: $(READY)
	@seed=$${SEED:-$$(date +%s)}; echo "$(DRAWS) draws; to repeat them: make draws DRAWS=$(DRAWS) SEED=$$seed"; \
	  ls solutions/*.py | xargs -n 1 basename -s .py \
	  | xargs -P 2 -I {} $(BIN)/autograder check {} --draws $(DRAWS) --seed "$$seed"

test-nbgrader: $(READY)
	$(BIN)/python -m tests.nbgrader_suite

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m tests.docstrings

build: $(READY)
	$(BIN)/autograder build
	$(BIN)/autograder table --write docs/wheats-and-chaffs.md
	$(BIN)/python -m tests.exercises.naming --write
	$(BIN)/autograder syllabus --write docs/syllabus.md

gallery: $(READY)
	$(BIN)/python docs/make_gallery.py

bench-ops bench-grading: export OPENBLAS_NUM_THREADS ?= 2

bench-ops: $(READY)
	$(BIN)/python -m benchmarks.bench_ops --write docs/benchmarks-convkit.md

bench-grading: $(READY)
	$(BIN)/python -m benchmarks.bench_grading --write docs/benchmarks.md

bench-marking: $(READY)
	$(BIN)/python -m benchmarks.bench_marking --write docs/benchmarks-marking.md

bench-watch: $(READY)
	$(BIN)/python -m benchmarks.bench_watch

bench-commands: $(READY)
	$(BIN)/python -m benchmarks.bench_commands --write docs/benchmarks-commands.md

clean:
	rm -rf $(VENV) .nox .coverage build demo *.egg-info autograder/*.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis
