# The few commands that people type. `make demo` and `make test` install what is missing from Debian's packages.

TARGET  := $(or $(CARGO_TARGET_DIR),target)
OUT     := $(TARGET)/x86_64-unknown-linux-gnu/release
ROOT    := $(if $(filter 0,$(shell id -u)),,sudo --preserve-env=CI,PATH)
PROGRAMS = -p semla -p semla-sandbox -p semla-probes -p semla-broker -p semla-checks -p semla-images -p semla-tests
ONLY    ?=

.PHONY: demo test bench lint build packages engines

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
