# Rerate's commands; `make` or `make help` lists them. FTS5 is SQLite's full-text search: every Go command needs its tag.
SHELL := /bin/bash
.DEFAULT_GOAL := help

export CGO_ENABLED := 1
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
	go build $(TAGS) -trimpath -ldflags "-s -w -X main.version=$(VERSION)" -o bin/rerate ./cmd/rerate

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

GO_TEST := go test $(TAGS) -race -p 2 ./...

.PHONY: test
test: test-go test-browser ## Everything that CI runs: Go on both databases with the race detector, then the browser

.PHONY: test-go
test-go: $(ASSETS) ## The Go tests, on SQLite and on a PostgreSQL that is started for them
	go vet $(TAGS) ./...
	.ci/with-postgres $(GO_TEST)

.PHONY: test-sqlite
test-sqlite: $(ASSETS) ## The Go tests on SQLite alone, for want of a PostgreSQL
	$(GO_TEST)

.PHONY: test-browser
test-browser: build ## The tests of the pages, in a headless browser
	node --test static/css/*.test.mjs internal/browsertest/*.test.mjs

.PHONY: screenshots
screenshots: build ## Take pictures of every page and state, and make those that the documents show
	node internal/browsertest/screenshots.mjs

.PHONY: performance
performance: build ## Measure what a first visit to each page takes, and write docs/performance.md
	node internal/browsertest/performance.test.mjs --write

.PHONY: bench
bench: $(ASSETS) ## Run the benchmarks
	go test $(TAGS) -run '^$$' -bench . -benchmem -p 1 ./...

.PHONY: cover
cover: $(ASSETS) ## Measure what the Go tests cover, as coverage.html
	go test $(TAGS) -p 2 -coverpkg=./... -coverprofile=coverage.out ./...
	go tool cover -html=coverage.out -o coverage.html
	@go tool cover -func=coverage.out | tail -n 1

.PHONY: clean
clean: ## Remove what was built and installed; data/ stays
	rm -rf bin node_modules coverage.out coverage.html
	find static/dist -mindepth 1 ! -name .gitkeep -delete
