# One list of commands, for people and for CI. `just` shows it, `just check` is for before a commit, and `bash .ci/run`
# is everything that has to hold before a change lands (it installs what it needs, `just` included).

set shell := ["bash", "-euo", "pipefail", "-c"]

# A dated one, because what it writes for `public-api` changes: raise it together with proof/public-api/Cargo.toml.
nightly := env("NIGHTLY", "nightly-2026-05-20")

# Tools are installed here, each version in a folder of its own, and nowhere else.
tools := justfile_directory() / "target/tools"
typos := tools / "typos-1.52.0"
deny := tools / "cargo-deny-0.20.2"
manifests := tools / "check-jsonschema-0.39.0-kubernetes-validate-1.37.0"

# What is published, in the order of RELEASING.md.
published := "-p fetch-standard -p cors-test-browser -p actix-cors-policy -p cors-check"
libraries := "-p fetch-standard -p cors-test-browser -p actix-cors-policy"

_list:
    @just --list --unsorted

# Before a commit: a minute or two.
[group('groups')]
check: format typos clippy test

# Everything that has to hold before a change lands. Needs nginx, varnish, Redis, Caddy, systemd, Node.js, Apache httpd, and Chromium and WebKit with their drivers.
[group('groups')]
ci: test all-but-test

# The same without `test`, which .ci/run calls as the README does.
[group('groups')]
all-but-test: format typos words deny suffixes test-serde test-lookup test-packages clippy features oldest msrv fuzz-targets docs docs-rs public-api package example fleet tenants browsers caches side-by-side guides

# The layout of the source is rustfmt's.
[group('prose and style')]
format:
    cargo fmt --all --check

# Spelling, in American English.
[group('prose and style')]
typos: _typos
    {{ typos }}/bin/typos

# No word that readers stumble over, and each path that a page names exists. Part of `test`.
[group('prose and style')]
words:
    cargo test --locked --test prose

# Lints, without and with the optional features. A warning is an error here.
[group('prose and style')]
clippy:
    cargo clippy --locked --workspace --all-targets -- -D warnings
    cargo clippy --locked --workspace --all-targets --all-features -- -D warnings

# Licenses, sources and versions of all dependencies, as deny.toml permits.
[group('prose and style')]
deny: _deny
    {{ deny }}/bin/cargo-deny --locked check licenses bans sources

# The crate: unit tests, tests/, examples and the examples in the docs.
[group('tests')]
test:
    cargo test --locked

# The public suffix list is that of the crate psl, and each of its rules is found.
[group('tests')]
suffixes:
    cargo run --locked -p suffixes

# Settings structs, in each format, and what the playground copies for one.
[group('tests')]
test-serde:
    cargo test --locked --features serde --test settings_structs --example playground
    cargo test --locked --features serde --doc deserialize

# Look-ups, also in a flood.
[group('tests')]
test-lookup:
    cargo test --locked --features lookup --lib --test lookup --test lookup_flood
    cargo test --locked --features lookup --doc lookup

# The packages in crates/.
[group('tests')]
test-packages:
    cargo test --locked -p fetch-standard -p cors-check
    cargo test --locked -p cors-test-browser --all-features

# The example server starts, as the README says, and so does the one with settings. The tests ask others questions.
[group('tests')]
example:
    #!/usr/bin/env bash
    set -euo pipefail
    cargo build --locked --example server
    said=$(PORT=0 timeout 5 cargo run --locked --quiet --example server || [ $? = 124 ])
    grep 'Listening on http://' <<<"$said"
    cargo build --locked --features serde --example settings
    said=$(PORT=0 APP__CORS__ALLOWED_ORIGINS=https://b.example timeout 5 \
        cargo run --locked --quiet --features serde --example settings -- --allow-origin https://c.example 2>&1 || [ $? = 124 ])
    for line in 'Try: curl' 'https://b.example' 'https://c.example' 'max age                 600 s'; do
        grep -F "$line" <<<"$said"
    done

# Pages in Chromium and in WebKit, and the playground (proof/browsers/README.md lists the packages).
[group('tests')]
browsers:
    cargo test --locked -p browsers
    cargo run --locked -p browsers -- chromium webkit

# Three processes follow one allowlist, over a Redis that stops and loses messages (package redis-server).
[group('tests')]
fleet:
    cargo test --locked -p fleet -- --nocapture

# Tenants in a table.
[group('tests')]
tenants:
    cargo test --locked -p tenants-sqlite

# nginx and varnish in front of an app (packages nginx-light and varnish).
[group('tests')]
caches:
    cargo run --locked -p caches

# Express, Django, Apache, nginx, actix-cors and tower-http, each next to this crate. It installs what is missing.
[group('tests')]
side-by-side:
    cargo test --locked -p side-by-side
    cargo run --locked -p side-by-side

# The steps of each guide, in a new project, and its manifests by their schemas (packages nginx-light, caddy and systemd).
[group('tests')]
guides: _manifests
    cargo test --locked -p guides
    cargo build --locked -p cors-check
    PATH="{{ manifests }}/bin:$PATH" PYTHONPATH={{ manifests }} cargo run --locked -p guides

# Each library with none of its features, and with each one alone.
[group('builds')]
features:
    #!/usr/bin/env bash
    set -euo pipefail
    for manifest in Cargo.toml crates/*/Cargo.toml; do
        package=$(sed -n 's/^name = "\(.*\)"/\1/p' "$manifest" | head -n 1)
        features=$(sed -n '/^\[features\]/,/^\[/s/^\([a-z0-9_-]*\) = .*/\1/p' "$manifest" | grep -vx default || true)
        for feature in '' $features; do
            echo "$package, ${feature:-no feature}"
            # Not the tests: what they depend on would switch features on.
            RUSTFLAGS='-D warnings' cargo check --locked --quiet --package "$package" --no-default-features \
                --features "$feature" --target-dir target/features
        done
    done

# The oldest dependencies that Cargo.toml permits.
[group('builds')]
oldest:
    #!/usr/bin/env bash
    set -euo pipefail
    toolchain=$(.ci/toolchain {{ nightly }})
    [ -n "$toolchain" ] || exit 0
    oldest=target/oldest
    rm -rf "$oldest/tree"
    mkdir -p "$oldest/tree/crates"
    cp -r Cargo.toml src "$oldest/tree"
    cp -r crates/fetch-standard "$oldest/tree/crates"
    # As a dependent sees it: without what tests and examples need.
    sed -i -e 's/^members = .*/members = ["crates\/*"]/' -e '/^\[dev-dependencies\]/,/^\[lints\]/{/^\[lints\]/!d}' "$oldest/tree/Cargo.toml"
    cargo "+$toolchain" update --manifest-path "$oldest/tree/Cargo.toml" -Z direct-minimal-versions
    cargo check --locked --manifest-path "$oldest/tree/Cargo.toml" --target-dir "$oldest/target" --all-features

# The oldest Rust that Cargo.toml permits.
[group('builds')]
msrv:
    #!/usr/bin/env bash
    set -euo pipefail
    rust=$(sed -n 's/^rust-version = "\(.*\)"/\1/p' Cargo.toml)
    toolchain=$(.ci/toolchain "$rust")
    [ -n "$toolchain" ] || exit 0
    cargo "+$toolchain" check --locked {{ published }} --all-features --target-dir target/msrv

# The fuzz targets compile, and the rows of the tests are their seeds. `just fuzz` runs them.
[group('builds')]
fuzz-targets:
    python3 proof/fuzz/seeds.py
    # A path, so that the fuzzer itself, which is C++, is not built only to be thrown away.
    CUSTOM_LIBFUZZER_PATH=/none/libfuzzer.a cargo check --locked --manifest-path proof/fuzz/Cargo.toml --all-targets --target-dir target/fuzz

# What a registry would get: packed, and built from the packages alone.
[group('builds')]
package:
    #!/usr/bin/env bash
    set -euo pipefail
    allow=()
    [ -z "$(git status --porcelain 2>/dev/null)" ] || allow=(--allow-dirty)
    # Cargo builds what it unpacked from the temporary registry of an earlier run, if that had the same path and version.
    rm -rf "${CARGO_HOME:-$HOME/.cargo}"/registry/{cache,src}/-*/{fetch-standard,cors-test-browser,actix-cors-policy,cors-check}-*
    cargo package --locked {{ published }} "${allow[@]}"
    packed=$(cargo package --locked --list "${allow[@]}")
    printf '%s\n' "$packed"
    # The README's pictures go with it.
    for picture in $(sed -n 's/^!\[.*](\(.*\))$/\1/p' README.md); do
        grep -qxF "$picture" <<<"$packed"
    done

# The docs, on stable Rust. A broken link is an error.
[group('docs and API')]
docs:
    RUSTDOCFLAGS='-D warnings' cargo doc --locked --no-deps
    RUSTDOCFLAGS='-D warnings' cargo doc --locked --no-deps --all-features {{ libraries }}

# As docs.rs builds it.
[group('docs and API')]
docs-rs:
    #!/usr/bin/env bash
    set -euo pipefail
    toolchain=$(.ci/toolchain {{ nightly }})
    [ -n "$toolchain" ] || exit 0
    RUSTDOCFLAGS='-D warnings --cfg docsrs' cargo "+$toolchain" doc --locked --no-deps --all-features {{ published }} \
        --target-dir target/nightly

# The public API is as listed in proof/public-api/lists. With UPDATE_EXPECT=1, the lists are written.
[group('docs and API')]
public-api:
    #!/usr/bin/env bash
    set -euo pipefail
    toolchain=$(.ci/toolchain {{ nightly }})
    [ -n "$toolchain" ] || exit 0
    NIGHTLY=$toolchain cargo run --locked --quiet -p public-api-lists

# Known vulnerabilities of dependencies. It fetches a git repository, so CI has it apart.
[group('not in CI')]
advisories: _deny
    {{ deny }}/bin/cargo-deny --locked check advisories

# A hundred thousand invented origins against each back end: five minutes.
[group('not in CI')]
flood:
    FLOOD=100000 cargo test --locked --features lookup --test lookup_flood -- --nocapture

# Fuzzes: a quarter of an hour, or as its arguments say (proof/fuzz/run). Needs a nightly and cargo-fuzz.
[group('not in CI')]
fuzz *arguments:
    proof/fuzz/run {{ arguments }}

# What the layer costs: half an hour. Needs valgrind and h2load (proof/bench/README.md).
[group('not in CI')]
bench *arguments:
    cargo run --locked --release -p bench -- {{ arguments }}

# Pages in Firefox too (proof/browsers/README.md).
[group('not in CI')]
all-browsers:
    cargo run --locked -p browsers

_typos:
    [ -x {{ typos }}/bin/typos ] || python3 -m pip install --quiet --target {{ typos }} typos==1.52.0

_manifests:
    [ -x {{ manifests }}/bin/kubernetes-validate ] || python3 -m pip install --quiet --target {{ manifests }} \
        check-jsonschema==0.39.0 kubernetes-validate==1.37.0

# Without optimization it is built in half the time, and runs for two seconds.
_deny:
    [ -x {{ deny }}/bin/cargo-deny ] || CARGO_PROFILE_DEV_DEBUG=0 cargo install --quiet --debug --locked --root {{ deny }} cargo-deny@0.20.2
