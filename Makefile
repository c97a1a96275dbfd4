# Rerate's commands; `make` or `make help` lists them. FTS5 is SQLite's full-text search: every Go command needs its tag.
SHELL := /bin/bash
.DEFAULT_GOAL := help

export CGO_ENABLED := 1
export GOFLAGS := $(GOFLAGS) -trimpath # for all commands, so that they share what is compiled
TAGS := -tags sqlite_fts5
TOOL := go tool -modfile=tools/go.mod
VERSION := $(shell git describe --tags --always --dirty 2>/dev/null || echo unknown)

NODE_MODULES := node_modules/.package-lock.json
ASSETS := static/dist/manifest.json
TEMPL := $(shell find views -name '*.templ' 2>/dev/null)

.PHONY: help
help: ## List the commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: run
run: build ## Install what is missing, build, and start the app with a sandbox Intercom and example data
	bin/rerate demo

.PHONY: dev
dev: $(NODE_MODULES) ## Like run, and start again on every change; open the address that it prints for live reload
	go tool templ generate --watch --proxy=http://localhost:8080 --cmd="$(MAKE) --no-print-directory run" \
		--watch-pattern='(.+\.go$$)|(.+\.templ$$)|(.+_templ\.txt$$)|(.+/static/(css|js|images)/.+)'

.PHONY: build
build: $(ASSETS) ## Build bin/rerate
	go build $(TAGS) -ldflags "-s -w -X main.version=$(VERSION)" -o bin/rerate ./cmd/rerate

.PHONY: generate
generate: ## Write the Go code of the templ pages (committed; lint checks it)
	go tool templ generate

.PHONY: assets
assets: $(ASSETS) ## Build the stylesheet, script, icons and fonts into static/dist

$(ASSETS): $(NODE_MODULES) $(TEMPL) $(wildcard static/*.mjs static/css/*.css internal/intercom/draw/*.css static/js/*.js static/images/*)
	node static/build.mjs

$(NODE_MODULES): package-lock.json
	@command -v npm >/dev/null || { echo "Node.js 20 or later is needed: https://nodejs.org, or apt-get install nodejs npm" >&2; exit 1; }
	npm ci
	@touch $@

.PHONY: fmt
fmt: ## Format Go and templ files
	$(TOOL) golangci-lint fmt
	go tool templ fmt .

.PHONY: lint
lint: $(ASSETS) ## Check style, who imports whom, and that generated files are up to date
	go tool templ fmt -fail .
	go tool templ generate -check
	$(TOOL) golangci-lint run ./...

# The tests make much garbage and keep little of it: the collector may be lazy. They wait more than they work.
GO_TEST := GOGC=400 GOMEMLIMIT=2GiB go test $(TAGS) -p 2 -parallel 4 -timeout 20m

.PHONY: test
test: test-go test-browser ## Everything that CI runs: Go on both databases, with the race detector, then the browser

# The race detector makes tests five times slower. What is concurrent is under it: the packages below the pages on both
# databases, the whole program with its queue on SQLite (its TestMain says so). The pages are without it, and are tested
# also where something beneath them has failed.
.PHONY: test-go
test-go: $(ASSETS) ## The Go tests, on SQLite and on a PostgreSQL that is started for them
	failed=; \
	.ci/with-postgres env $(GO_TEST) -race ./cmd/... ./internal/... ./models/... ./static/... ./views/... || failed=1; \
	.ci/with-postgres env $(GO_TEST) ./bench/... ./cmd/... ./handlers/... || failed=1; \
	[ -z "$$failed" ]

.PHONY: test-race
test-race: $(ASSETS) ## All Go tests on both databases with the race detector: some twenty minutes
	RERATE_TEST_RACE=all .ci/with-postgres env $(GO_TEST) -timeout 40m -race ./...

.PHONY: test-sqlite
test-sqlite: $(ASSETS) ## The Go tests on SQLite alone, for want of a PostgreSQL
	$(GO_TEST) -race ./...

.PHONY: test-kills
test-kills: $(ASSETS) ## Kill Rerate 200 times under load on each database, and look whether anything is lost or doubled
	RERATE_TEST_KILLS=$${RERATE_TEST_KILLS:-200} TMPDIR=$${TMPDIR:-/tmp} .ci/with-postgres go test $(TAGS) -run TestNothingIsLostByKills -timeout 2h -v ./cmd/rerate

.PHONY: test-browser
test-browser: build ## The tests of the pages, in a headless browser
	node --test --test-concurrency=2 static/css/*.test.mjs internal/browsertest/*.test.mjs

.PHONY: screenshots
screenshots: build ## Take pictures of every page and state, and make those that the documents show
	node internal/browsertest/screenshots.mjs

.PHONY: performance
performance: build ## Measure what a first visit to each page takes, and write docs/performance.md
	node internal/browsertest/performance.test.mjs --write

.PHONY: bench
bench: build bench-servers ## Measure how fast taps are stored, beside a bare server, Express and PocketBase; BENCH='-rounds 3 -for 2s' is shorter
	go run $(TAGS) ./bench $(BENCH)

.PHONY: bench-growth
bench-growth: build ## The same of Rerate alone: with more and more ratings, and as several processes on one PostgreSQL
	go run $(TAGS) ./bench -ratings 10000,100000,1000000 $(BENCH)
	.ci/with-postgres go run $(TAGS) ./bench -replicas 1,2,3 $(BENCH)

# What cannot be built here, for want of Node.js or of the way to what it needs, is left out.
.PHONY: bench-servers
bench-servers:
	go build $(TAGS) -ldflags "-s -w" -o bin/bench-floor ./bench/floor
	-cd bench/express && npm ci --silent
	-cd bench/pocketbase && go build -ldflags "-s -w" -o ../../bin/bench-pocketbase

.PHONY: bench-go
bench-go: $(ASSETS) ## Run the Go benchmarks
	go test $(TAGS) -run '^$$' -bench . -benchmem -p 1 ./...

.PHONY: bench-reports
bench-reports: $(ASSETS) ## Measure the pages over RERATE_BENCH_RATINGS=10000,100000,… ratings, on both databases
	TMPDIR=$${TMPDIR:-/tmp} .ci/with-postgres go test $(TAGS) -run '^$$' -bench Reports -benchmem -timeout 6h ./cmd/rerate

.PHONY: cover
cover: $(ASSETS) ## Measure what the Go tests cover, as coverage.html
	go test $(TAGS) -p 2 -coverpkg=./... -coverprofile=coverage.out ./...
	go tool cover -html=coverage.out -o coverage.html
	@go tool cover -func=coverage.out | tail -n 1

.PHONY: clean
clean: ## Remove what was built and installed; data/ stays
	rm -rf bin node_modules coverage.out coverage.html
	find static/dist -mindepth 1 ! -name .gitkeep -delete
