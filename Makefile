# The front door. Each target calls one script or one CMake preset; `make help` lists them.
.DEFAULT_GOAL := help
.PHONY: help run build test asan tsan bench bench-sdk lint format clean

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-8s %s\n", $$1, $$2 }' Makefile

run: ## Build, start a development server with the demo portfolio, print commands to try
	@tools/dev/run

build: ## Build foliod and folio into build/release/bin
	@tools/bootstrap
	@cmake --preset release
	@cmake --build --preset release --target foliod folio

test: ## Build everything and run every test
	@tools/dev/test release

asan: ## Run every test under AddressSanitizer and UndefinedBehaviorSanitizer
	@tools/dev/test asan

tsan: ## Run the tests of storage, columns and engine under ThreadSanitizer
	@tools/dev/test tsan

bench: ## Compare Folio with its limits and its peers (QUICK=1: without peers, 3 minutes)
	@tools/bootstrap --bench
	@tools/bench/run

bench-sdk: ## Compare the SDKs with bare stubs, and their imports with the command line's (QUICK=1: a minute)
	@tools/bootstrap
	@tools/bench/sdk/run

lint: ## Check format, contract, rules of the tree, and clang-tidy on what changed (ALL=1: on everything)
	@tools/bootstrap
	@tools/lint/run

format: ## Format all C++ sources
	@tools/lint/format

clean: ## Remove everything that was built
	rm -rf build
