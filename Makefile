# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Lamplighter authors

SWIFT_FLAGS := --explicit-target-dependency-import-check error
RUNTIME := $(if $(LAMPLIGHTER_RUNTIME),$(LAMPLIGHTER_RUNTIME),$(if $(XDG_DATA_HOME),$(XDG_DATA_HOME),$(HOME)/.local/share)/lamplighter/runtime)

.PHONY: help setup build run test lint bench clean
help: ## List the targets
	@grep -E '^[a-z-]+:.*##' Makefile | sed -E 's/:.*## /\t/' | expand -t 14

setup: ## Install what is missing on this machine
	bash Runtime/setup.sh

build: ## Build .build/release/lamplighter
	swift build -c release --product lamplighter $(SWIFT_FLAGS)
	swift build -c release --product task-supervisor $(SWIFT_FLAGS)

test: ## Install what is missing and run all tests
	bash Runtime/setup.sh --with-test-tools
	swift test $(SWIFT_FLAGS)
	LAMPLIGHTER_SUPERVISOR="$(CURDIR)/.build/debug/task-supervisor" "$(RUNTIME)/venv/bin/python" -m unittest discover -s Runtime/tests

lint: ## Check the form of the sources
	swift format lint --strict --recursive Sources Tests Package.swift
