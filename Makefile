# stet. "make help" lists the targets.

GO     ?= go
BINARY := stet

.PHONY: build test lint ci fmt watch clean help

build: ## build ./stet: one static binary, no C compiler needed
	CGO_ENABLED=0 $(GO) build -trimpath -ldflags='-s -w' -o $(BINARY) ./cmd/stet

test: ## install what the tests need, run them all, end with "N passed, N failed, N skipped"
	@scripts/need test
	@scripts/test

lint: ## gofmt and go vet
	@files=$$(gofmt -l $$(git ls-files '*.go')); if [ -n "$$files" ]; then echo "gofmt would change:"; echo "$$files"; exit 1; fi
	$(GO) vet ./...

ci: ## all that a submission must pass
	@.ci/run

fmt: ## gofmt what git tracks
	gofmt -w $$(git ls-files '*.go')

watch: ## 20 minutes of real time: policies of re-visits beside one another over 50 small papers
	$(GO) run ./bench/watch

clean: ## remove what building and testing left here
	rm -rf $(BINARY) dist .cache

help: ## this list
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' Makefile | expand -t 10
