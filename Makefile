# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Lamplighter authors

SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: help setup build run demo demo-stop test sim clients browser conformance fuzz torture faults screenshot lint format bench clean

# Where Spark and Python are: the same rule as in Runtime/setup.sh, handed to everything that is started here.
RUNTIME := $(or $(LAMPLIGHTER_RUNTIME),$(or $(XDG_DATA_HOME),$(HOME)/.local/share)/lamplighter/runtime)
export LAMPLIGHTER_RUNTIME := $(RUNTIME)

# An import that the target table of Package.swift does not allow is an error. Building and testing take the same
# flags, or every other call would plan and build anew.
SWIFT_FLAGS := --explicit-target-dependency-import-check error
RELEASE := .build/release
# Tests that compute for long, and those that wait for processes, have runs of their own: beside others, they would keep
# the few threads from those that wait for something to happen.
LONG_TESTS := ^(QuartzCronTests|JobsSimulationTests|JobsStoreSQLiteTests\.RunListTests)
PROCESS_TESTS := ^(EndToEndTests|JobsSparkTests)
DATA ?= data

help: ## List these targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-11s %s\n", $$1, $$2 }' Makefile

setup: ## Install what jobs run on: Java, Python, Spark (about 500 MB, once)
	@Runtime/setup.sh

build: ## Build the server (release) into .build/release
	@scripts/check-tools.sh
	swift build -c release --product lamplighter $(SWIFT_FLAGS)
	swift build -c release --product task-supervisor $(SWIFT_FLAGS)

run: build ## Build and serve on 127.0.0.1 [PORT=8080] [DATA=data]
	@exec $(RELEASE)/lamplighter serve --host 127.0.0.1 --port "$(or $(PORT),8080)" --data "$(DATA)"

demo: ## Build, start a server and run a Spark job on it, step by step [PORT=8080]
	@DEMO_PORT="$(PORT)" scripts/demo.sh start

demo-stop: ## Stop the server of the demo
	@scripts/demo.sh stop

# Both suites run, whatever becomes of the first.
test: ## Build everything and run all tests
	@Runtime/setup.sh --with-test-tools
	@scripts/check-tools.sh
	@status=0; \
	swift build --build-tests $(SWIFT_FLAGS) || exit 1; \
	swift test $(SWIFT_FLAGS) --disable-xctest --skip-build --skip '$(LONG_TESTS)' --skip '$(PROCESS_TESTS)' || status=1; \
	swift test $(SWIFT_FLAGS) --disable-xctest --skip-build --filter '$(LONG_TESTS)' || status=1; \
	swift test $(SWIFT_FLAGS) --disable-xctest --skip-build --filter '$(PROCESS_TESTS)' || status=1; \
	LAMPLIGHTER_SUPERVISOR="$$PWD/.build/debug/task-supervisor" \
	    "$$LAMPLIGHTER_RUNTIME/venv/bin/python" -m unittest discover -s Runtime/tests || status=1; \
	"$$LAMPLIGHTER_RUNTIME/venv/bin/python" -m unittest discover -s acceptance/server || status=1; \
	scripts/lint.sh settings || status=1; \
	exit $$status

# Two processes, a file of tests each at a time, in the order that acceptance/clients/conftest.py gives.
clients: setup ## Run unmodified clients against the built server: databricks-cli, mlflow and others [CLIENTS_ARGS="-k fs"]
	@python="$$(acceptance/clients/setup.sh)" && \
	    "$$python" -m pytest acceptance/clients -p no:cacheprovider -q -n 2 --dist loadfile \
	    --no-loadscope-reorder $(CLIENTS_ARGS)

# Interrupted when it takes too long, so that servers and browsers are ended.
browser: setup ## Look at the pages in a headless Chromium [BROWSER_ARGS="-k dashboards"]
	@scripts/ensure-program.sh
	@python="$$(acceptance/browser/setup.sh)" && \
	    timeout --foreground --signal=INT --kill-after=30 600 \
	    "$$python" -m unittest discover -s acceptance/browser $(BROWSER_ARGS)

# A server elsewhere needs nothing here but Python.
conformance: ## Check the API rule by rule, from outside [CONFORMANCE_ARGS=--help]
	@case "$(CONFORMANCE_ARGS) $$CONFORMANCE_BASE_URL" in \
	    *--base-url* | *http*) ;; \
	    *) Runtime/setup.sh && scripts/ensure-program.sh ;; \
	esac
	@"$$(acceptance/setup.sh suite)" -m pytest acceptance/conformance $(CONFORMANCE_ARGS)

fuzz: ## Send random requests for ten minutes [FUZZ_ARGS="--minutes 60 --seed 1"]
	@scripts/ensure-program.sh
	@"$$(acceptance/setup.sh suite)" acceptance/fuzz/fuzz.py $(FUZZ_ARGS)

torture: setup ## Kill the server every few seconds under load [TORTURE_ARGS="--minutes 5 --seed N"]
	@scripts/ensure-program.sh
	@"$$LAMPLIGHTER_RUNTIME/venv/bin/python" acceptance/torture/torture.py $(TORTURE_ARGS)

faults: setup ## Full disk, damaged or locked database, no descriptors, lost supervisors [FAULTS_ARGS="-k disk"]
	@scripts/ensure-program.sh
	@"$$LAMPLIGHTER_RUNTIME/venv/bin/python" -m unittest discover -s acceptance/faults $(FAULTS_ARGS)

screenshot: setup ## Take the screenshots of the documents: a fresh server, real runs, a headless Chromium
	@scripts/ensure-program.sh
	@"$$(acceptance/browser/setup.sh)" acceptance/browser/screenshot.py docs/images

sim: ## Simulate the engine with injected faults, seed by seed [SEEDS=10000], or replay one with its trace [SEED=n]
	@swift build -c release --product lamplighter-sim $(SWIFT_FLAGS)
	@exec $(RELEASE)/lamplighter-sim $(if $(SEED),--seed $(SEED),--seeds $(or $(SEEDS),10000))

lint: ## Check the form of sources, scripts and documents
	@scripts/lint.sh

format: ## Rewrite the Swift sources as `make lint` wants them
	swift format --in-place --recursive Sources Tests Benchmarks Package.swift

bench: setup build ## Measure the server [BENCH_ARGS=--help]
	@command -v wrk > /dev/null || { echo "installing wrk, the load generator (apt, 0.5 MB)"; \
	    $$([ "$$(id -u)" = 0 ] || echo sudo) sh -c 'apt-get update -qq && apt-get install -y -qq wrk'; }
	@"$$LAMPLIGHTER_RUNTIME/venv/bin/python" Benchmarks/bench.py $(BENCH_ARGS)

clean: ## Remove what was built (.build); runtime and data stay
	rm -rf .build
