SHELL := bash
.DEFAULT_GOAL := help
export PATH := $(CURDIR)/node_modules/.bin:$(CURDIR)/.tools:$(PATH)

.PHONY: help
help: ## Show this help
	@awk 'BEGIN {FS = ":.*## "} /^##@/ {printf "\n%s\n", substr($$0, 5)} /^[a-z-]+:.*## / {printf "  %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

##@ Run on this machine (Node and npm only)

node_modules/.package-lock.json: package.json package-lock.json
	npm ci
	@touch $@

.PHONY: install
install: node_modules/.package-lock.json ## Install the dependencies when they changed

##@ Check

.PHONY: lint
lint: install ## Check format, lint and import directions
	npm run --silent lint

.PHONY: types
types: install ## Check the types
	npm run --silent types
