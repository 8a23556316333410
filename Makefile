# The few commands that people type. `make demo` and `make test` install what is missing from Debian's packages.

TARGET  := $(or $(CARGO_TARGET_DIR),target)
OUT     := $(TARGET)/x86_64-unknown-linux-gnu/release
ROOT    := $(if $(filter 0,$(shell id -u)),,sudo --preserve-env=CI,PATH)
PROGRAMS = -p semla -p semla-sandbox -p semla-probes -p semla-broker -p semla-checks -p semla-images -p semla-tests
ONLY    ?=

# Fuzzing: endings of files that are read, seconds for each, and what makes the compiler count the branches that were taken.
CORPUS   = runner/checks/tests/corpus
ENDINGS ?= $(sort $(patsubst .%,%,$(suffix $(wildcard $(CORPUS)/benign/*))))
TIME    ?= 600
COUNTED  = --cfg fuzzing -Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
  -Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table \
  -Cllvm-args=-sanitizer-coverage-trace-compares

.PHONY: demo test bench fuzz lint build packages engines

demo: build
	$(ROOT) $(OUT)/semla-demo

test: build engines
	cargo test --release --workspace --exclude semla-sandbox --exclude semla-tests --exclude semla-benches
	cargo test --release -p semla-sandbox -p semla-tests --no-run
	cargo build --release -p semla-daemon --features controls --bin semla-without
	$(ROOT) env "PATH=$$PATH" "HOME=$$HOME" "CARGO_TARGET_DIR=$(TARGET)" cargo test --release -p semla-sandbox
	$(ROOT) env "PATH=$$PATH" "HOME=$$HOME" "CARGO_TARGET_DIR=$(TARGET)" cargo test --release -p semla-tests -- --test-threads=1

bench: build engines
	command -v bwrap >/dev/null || $(ROOT) apt-get install -qq -y bubblewrap
	cargo build --release -p semla-benches
	$(ROOT) $(OUT)/semla-bench $(ONLY)

fuzz:
	RUSTFLAGS="$(COUNTED)" cargo build --release --manifest-path runner/checks/fuzz/Cargo.toml --target-dir $(TARGET)/fuzz
	cd runner/checks/fuzz && mkdir -p artifacts && for target in file input; do for ending in $(ENDINGS); do \
	  kept=corpus/$$target-$$ending; mkdir -p $$kept; cp $(CURDIR)/$(CORPUS)/*/*.$$ending $$kept; \
	  ENDING=$$ending $(abspath $(TARGET))/fuzz/x86_64-unknown-linux-gnu/release/$$target $$kept -max_total_time=$(TIME) \
	    -timeout=20 -rss_limit_mb=1200 -artifact_prefix=artifacts/$$target-$$ending- || failed=1; \
	done; done; test -z "$$failed"

lint:
	cargo fmt --all --check
	cargo clippy --workspace --all-targets -- -D warnings

build: packages
	cargo build --release $(PROGRAMS)

packages:
	@command -v mmdebstrap >/dev/null && command -v cc >/dev/null || \
	  { $(ROOT) apt-get update -qq && $(ROOT) apt-get install -qq -y mmdebstrap gcc libc6-dev; }

# Tests run containers in an engine of their own, as its second runtime gVisor, a site of an ordinary user, and jobs with a disk; they look at
# what is in memory.
engines:
	@command -v dockerd >/dev/null && command -v runsc >/dev/null && command -v busybox >/dev/null && command -v newuidmap >/dev/null && \
	  command -v fincore >/dev/null && test -x /usr/sbin/mkfs.ext4 || \
	  { $(ROOT) apt-get update -qq && \
	    $(ROOT) apt-get install -qq -y --no-install-recommends docker.io runsc busybox-static uidmap util-linux-extra e2fsprogs; }
