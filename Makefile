SHELL := bash
.DEFAULT_GOAL := help
export PATH := $(CURDIR)/node_modules/.bin:$(CURDIR)/.tools:$(PATH)
# Every process of the shop and of its tests starts from compiled code.
export NODE_COMPILE_CACHE := $(CURDIR)/.local/compile-cache

.PHONY: help
help: ## Show this help
	@awk 'BEGIN {FS = ":.*## "} /^##@/ {printf "\n%s\n", substr($$0, 5)} /^[a-z0-9-]+:.*## / {printf "  %-19s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

##@ Run on this machine (Node and npm only)

node_modules/.package-lock.json: package.json package-lock.json
	npm ci --loglevel=error
	@touch $@

frontend/dist/index.html: node_modules/.package-lock.json $(shell find docs/*/runbooks frontend/src frontend/public frontend/index.html frontend/vite.config.ts -type f 2>/dev/null)
	npm run --silent build -w frontend -- --logLevel warn
	@touch $@

.PHONY: local
local: frontend/dist/index.html ## Run the shop with its own PostgreSQL; Ctrl-C stops it (PORT_OFFSET=1000 moves its ports, STACK=1 adds Prometheus, Loki, Jaeger, Grafana; HEALER=1 what acts on their alerts; FAULTS=1 lets the page break it, SIGN_IN=1 has customers sign in)
	@exec node local/launcher/main.ts $(if $(PORT_OFFSET),--port-offset $(PORT_OFFSET)) $(if $(STACK)$(HEALER),--stack) $(if $(HEALER),--healer) $(if $(FAULTS),--faults-page) $(if $(SIGN_IN),--sign-in)

.PHONY: local-status
local-status: install ## Show which processes of make local run, how often they were started again, and when next
	@node local/launcher/status.ts

.PHONY: local-reset
local-reset: install ## Empty the data of make local
	@exec node local/launcher/main.ts --reset

faulty_shop = $(if $(IN_CLUSTER),--context kind-$(CLUSTER))

.PHONY: fault
fault: install ## Break the running shop on purpose (NAME=slow-inventory RATIO=0.5 FOR=10m); Ctrl-C ends it (IN_CLUSTER=1 the shop of make up)
	@exec node local/launcher/faults.ts set '$(NAME)' $(if $(RATIO),--ratio $(RATIO)) $(if $(FOR),--for $(FOR)) $(faulty_shop)

.PHONY: faults
faults: install ## Show the faults and which are on
	@node local/launcher/faults.ts list $(faulty_shop)

.PHONY: heal
heal: install ## Turn every fault off
	@node local/launcher/faults.ts heal $(faulty_shop)

.PHONY: lab
lab: install ## Break the shop in a way that you find out, or ask you to write something (N=1; RANDOM=1 SEED=7 for an incident that is not named; IN_CLUSTER=1 the shop of make up); without either, the list
	@exec node labs/src/main.ts $(N) $(if $(RANDOM),--random) $(if $(SEED),--seed '$(SEED)') $(faulty_shop)

.PHONY: install
install: node_modules/.package-lock.json ## Install the dependencies when they changed

##@ Run on Kubernetes (Docker; make tools fetches the rest)

CLUSTER ?= hello-observability
on_cluster = --context kind-$(CLUSTER) --namespace shop

.PHONY: doctor
doctor: install ## Check tools, Docker, memory, disk, ports and limits, with the fix for each
	@node cluster/src/doctor.ts --cluster $(CLUSTER)

.PHONY: tools
tools: install ## Fetch kind, kubectl, helm, skaffold and k6 into .tools where they are missing (STACK=1: what make local STACK=1 runs)
	@node cluster/src/tools.ts $(if $(STACK),--stack)

.PHONY: up
up: install ## Create the cluster with the observability stack, and the shop on it (STACK=modern: Loki 3, Jaeger v2, OpenTelemetry Collector)
	@node cluster/src/up.ts --cluster $(CLUSTER) $(if $(STACK),--stack $(STACK))

.PHONY: down
down: ## Delete the cluster and all that is in it
	@kind delete cluster --name $(CLUSTER)

.PHONY: status
status: install ## Show pods, what is wrong with them, and which addresses answer
	@node cluster/src/status.ts --cluster $(CLUSTER)

.PHONY: deploy
deploy: install ## Build what changed and deploy the shop (HEALER=1 with what acts on its alerts)
	@node cluster/src/deploy.ts --cluster $(CLUSTER) $(if $(HEALER),--profile healer)

.PHONY: dev
dev: ## Deploy the shop and copy each saved file into it (PROFILE=debug opens the inspectors)
	skaffold dev --kube-context kind-$(CLUSTER) --label skaffold.dev/run-id=shop --cleanup=false --watch-poll-interval=100 $(if $(PROFILE),--profile $(PROFILE))

.PHONY: skaffold-config
skaffold-config: install ## Write skaffold.yaml anew from packages/shop/src/services.ts
	@node cluster/src/skaffold.ts

.PHONY: restart
restart: ## Restart one service (SERVICE=order) or all, without a failed request
	kubectl $(on_cluster) rollout restart deployment $(SERVICE)
	kubectl $(on_cluster) rollout status deployment $(SERVICE) --timeout=180s

.PHONY: logs
logs: ## Follow the logs of one service (SERVICE=order) or all
	kubectl $(on_cluster) logs --follow --prefix --tail=50 --max-log-requests=50 --selector 'app.kubernetes.io/name$(if $(SERVICE),=$(SERVICE))'

.PHONY: forward
forward: install ## Forward every port to this machine, for clusters without mapped ports
	@node cluster/src/port-forwards.ts --context kind-$(CLUSTER)

.PHONY: charts-package
charts-package: ## Package the charts into dist/charts (COMMIT=v1.0.0 as they were released, kept in a folder of that name)
	@set -eo pipefail; from=.; to='dist/charts$(COMMIT:%=/%)'; rm -f "$$to"/*.tgz; \
	$(if $(COMMIT),from=$$(mktemp -d); trap 'rm -r "$$from"' EXIT; git archive '$(COMMIT)' charts | tar --extract --directory "$$from";) \
	for chart in service postgres observability; do helm package "$$from/charts/$$chart" --destination "$$to"; done

.PHONY: charts-push
charts-push: $(if $(REGISTRY),charts-package) ## Package the charts and push them to an OCI registry (REGISTRY=ghcr.io/you/charts; PLAIN_HTTP=1 without TLS)
	@[ "$(REGISTRY)" ] || { echo "Say where to push: make charts-push REGISTRY=ghcr.io/you/charts, after helm registry login ghcr.io." >&2; exit 1; }
	@set -e; for package in dist/charts/*.tgz; do helm push "$$package" "oci://$(REGISTRY)" $(if $(PLAIN_HTTP),--plain-http); done

.PHONY: packages
packages: install ## Pack packages/telemetry and packages/service-kit for other repositories, into dist/packages
	@node packages/pack.ts

.PHONY: load-test
load-test: install ## Put load on the shop and judge it (PROFILE=smoke, load, stress, spike, soak, breakpoint, race or original; IN_CLUSTER=1 as a Job)
	@node k6/run.ts $(PROFILE) $(if $(PORT_OFFSET),--port-offset $(PORT_OFFSET)) $(if $(IN_CLUSTER),--in-cluster --cluster $(CLUSTER))

.PHONY: e2e
e2e: install ## Prove all of it on a cluster of its own (STACK=modern: with the modern stack)
	@node e2e/cluster/run-on-cluster.ts $(if $(STACK),--stack $(STACK))

.PHONY: test-nodes
test-nodes: install ## On a cluster of three nodes: upgrade from the last release, restore a million orders, drain and kill nodes under load
	@node e2e/cluster/run-on-cluster.ts --cluster hello-nodes --workers 2 e2e/nodes/upgrade.test.ts e2e/nodes/restore.test.ts e2e/nodes/nodes.test.ts

##@ Change

.PHONY: new-service
new-service: install ## Make a service with a table, tests and chart values, in the list and running with the others (NAME=cart)
	@node packages/new-service/src/new-service.ts '$(NAME)'

##@ Check

.PHONY: test
test: browser lint types test-unit ## Everything that must be green before a commit
	@$(MAKE) --no-print-directory --jobs=2 test-artifacts test-e2e
	@$(MAKE) --no-print-directory --jobs=2 test-stack test-chaos

.PHONY: browser
browser: install ## Find the Chromium that tests the page, or get one (CHROMIUM_PATH names one)
	@node e2e/install-chromium.ts

.PHONY: lint
lint: install ## Check format, lint and import directions
	npm run --silent lint

.PHONY: types
types: install ## Check the types
	npm run --silent types

# What tests the charts, where Go can build it; without it those tests say that they are skipped.
chart_tools := $(if $(shell command -v go),$(foreach program,helm-unittest helm-docs registry,$(if $(shell command -v $(program)),,.tools/$(program))))
.tools/helm-unittest: package = github.com/helm-unittest/helm-unittest/cmd/helm-unittest@v1.0.0
.tools/helm-docs: package = github.com/norwoodj/helm-docs/cmd/helm-docs@v1.14.2
.tools/registry: package = github.com/google/go-containerregistry/cmd/registry@v0.20.6
.tools/%:
	-GOBIN=$(CURDIR)/.tools go install $(package)

.PHONY: test-unit
test-unit: frontend/dist/index.html ## Test each part alone, on real PostgreSQL and real sockets
	node --test --test-timeout=600000 --test-concurrency=$$(node -p '2 * os.availableParallelism()') '{packages,services}/!(monitoring|new-service)/test/**/!(packed).test.ts' '{faults,labs,frontend,cluster,docs,k6}/test/**/*.test.ts' 'local/*/test/**/*.test.ts'
	npm run --silent test:page -w frontend

.PHONY: test-artifacts
test-artifacts: frontend/dist/index.html $(chart_tools) ## Test what others take (rules, dashboards, charts, packages, a new service), at low priority
	nice node --test --test-concurrency=$$(node -p 'os.availableParallelism()') '{packages/{monitoring,new-service},charts}/test/**/*.test.ts' 'packages/*/test/packed.test.ts'

.PHONY: test-e2e
test-e2e: frontend/dist/index.html browser ## Test the whole shop, by its API and in Chromium
	node e2e/run-on-local-shop.ts

.PHONY: test-stack
test-stack: ## test-panels and test-labs-and-views at once, for panels wait for the rules' time and labs compute (make tools STACK=1)
	@$(MAKE) --no-print-directory --jobs=2 test-panels test-labs-and-views

.PHONY: test-panels
test-panels: frontend/dist/index.html browser ## Run every query of dashboards, runbooks and docs/*/learn on the real stack, follow every link, end a service
	node --test --test-concurrency=2 'e2e/panels/*.test.ts'

.PHONY: test-labs-and-views
test-labs-and-views: frontend/dist/index.html browser ## Use the views of alerts, faults and labs, and solve every lab
	node --test --test-concurrency=2 'e2e/{labs,live-views}/*.test.ts'

.PHONY: test-labs
test-labs: frontend/dist/index.html ## Solve every lab, and fail it by wrong answers (LAB=slow-stock for one; make tools STACK=1)
	node --test 'e2e/labs/*.test.ts'

.PHONY: test-healthy
test-healthy: frontend/dist/index.html ## Half an hour of visitors on the real stack, which must raise no alert (HEALTHY_MINUTES=5 for less)
	node --test e2e/panels/healthy.ts

.PHONY: test-faults
test-faults: frontend/dist/index.html ## Try every fault on the real stack, its rules' time ten times as fast (FAULT=table-lock for one; make tools STACK=1)
	node --test e2e/faults/faults.test.ts

.PHONY: test-healer
test-healer: frontend/dist/index.html ## Let the healer end every fault that it may, nothing of others, and give up where it does not help (make tools STACK=1)
	node --test e2e/faults/healer.test.ts

.PHONY: faults-report
faults-report: frontend/dist/index.html ## The same with the rules as shipped, for hours, into docs/faults-report.md (BESIDE=4 shops at a time; FAULT=table-lock for one)
	@node e2e/faults/report.ts $(if $(BESIDE),--beside $(BESIDE)) $(FAULT)

.PHONY: test-collector
test-collector: install ## Count which traces the OpenTelemetry Collector keeps, and what it does without a backend, memory or life (make tools STACK=1)
	node --test e2e/collector/gateway.test.ts e2e/collector/agent.test.ts

.PHONY: test-chaos
test-chaos: install ## Kill and freeze processes under load and count the orders
	node --test --test-concurrency=1 'e2e/chaos/*.test.ts'

.PHONY: chaos
chaos: install ## The same with 1,000 kills, in half an hour (CHAOS_SEED=N repeats a run)
	CHAOS_KILLS=1000 node --test e2e/chaos/chaos.test.ts

.PHONY: test-fuzz
test-fuzz: install ## Send each service what its OpenAPI allows and forbids, all at once for a minute (needs python3)
	@node e2e/fuzz.ts --seconds 60

.PHONY: fuzz
fuzz: install ## The same for fifteen minutes
	@node e2e/fuzz.ts --seconds 900

.PHONY: mutate-rules
mutate-rules: install ## Change each threshold, window and wait of the alerts and see that a test fails (needs promtool)
	@node packages/monitoring/test/mutate.ts

.tools/sloth: package = github.com/slok/sloth/cmd/sloth@v0.16.0

.PHONY: compare-burn-rates
compare-burn-rates: install $(if $(shell command -v sloth),,.tools/sloth) ## Print when burn-rate alerts fire and end: the SRE workbook, the shop, sloth (needs promtool and Go)
	@node packages/monitoring/test/compare-burn-rates.ts

.PHONY: bench
bench: install ## Measure the ratios that are kept and compare (quiet machine, five minutes; WRITE=1 keeps them in bench/results.json)
	@node bench/compare.ts $(if $(WRITE),--write)

.PHONY: bench-cost
bench-cost: install ## Show what an order and a GET cost each process (AGAINST=COMMIT beside another commit)
	@node bench/cost.ts $(if $(AGAINST),--against $(AGAINST))

.PHONY: supply-chain
supply-chain: install ## Write sbom.cdx.json (CycloneDX) and verify the npm registry's signatures
	@npm sbom --sbom-format cyclonedx --package-lock-only > sbom.cdx.json && echo "sbom.cdx.json lists what package-lock.json holds."
	@npm audit signatures --fetch-retries=0 || { echo "No signature was verified, or one is wrong, as npm says above. Where it says that an address cannot be reached or has no \
	keys, run this where registry.npmjs.org and tuf-repo-cdn.sigstore.dev can be; until then the hashes of package-lock.json are what is checked." >&2; exit 1; }

.PHONY: format
format: install ## Format and fix what can be fixed
	npm run --silent format
