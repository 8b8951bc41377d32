# shellcheck shell=bash
# What every script here shares: where the repository and its build cache are,
# how to speak, and how to run a list of steps with an honest end.
# Sourced, never run.

# shellcheck disable=SC2034  # used by the scripts that source this
repo=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)

# Started by a service there may be no HOME; the shell knows it all the same.
export HOME=${HOME:-$(cd ~ && pwd)}
# Debian keeps servers (mosquitto, sshd) where an ordinary user does not look.
PATH=$PATH:$HOME/.cargo/bin:/usr/sbin:/sbin

# The cache lives outside the clone, so that a fresh clone builds in seconds on
# a machine that has built before, and so that `git clean` cannot empty it.
cache=${XDG_CACHE_HOME:-$HOME/.cache}/vachak
export CARGO_TARGET_DIR=${CARGO_TARGET_DIR:-$cache/target}

# Clones share the cache, and with it what llama.cpp and SQLite cost. But cargo
# tells the crates of two clones apart by nothing but the age of their files, so
# what another clone built of the workspace itself has to go first.
# claim_cache host|TRIPLE: for which machine this clone is about to build.
claim_cache() {
  local owner=$CARGO_TARGET_DIR/.clone member members=()
  if [ "$1" = host ]; then claim_processor; else members+=(--target "$1"); fi
  if [ -e "$CARGO_TARGET_DIR/CACHEDIR.TAG" ] && [ "$(cat "$owner" 2>/dev/null)" != "$repo" ]; then
    for member in $(cd "$repo" && cargo metadata --no-deps --format-version 1 | grep -o '"name":"[^"]*","version"' | cut -d'"' -f4); do
      members+=(-p "$member")
    done
    (cd "$repo" && cargo clean --release "${members[@]}")
  fi
  mkdir -p "$CARGO_TARGET_DIR"
  printf '%s\n' "$repo" >"$owner"
}

# llama.cpp is built for the processor it is built on (.cargo/processor.cmake), so
# what a machine of another kind has left in the cache has to go, too.
claim_processor() {
  local known=$CARGO_TARGET_DIR/.processor now
  now="$(sed -n '/^\(flags\|Features\)/{p;q}' /proc/cpuinfo) portable:${VACHAK_PORTABLE:-}"
  if [ -e "$CARGO_TARGET_DIR/CACHEDIR.TAG" ] && [ "$(cat "$known" 2>/dev/null)" != "$now" ]; then
    (cd "$repo" && cargo clean --release -p llama-cpp-sys-2)
  fi
  mkdir -p "$CARGO_TARGET_DIR"
  printf '%s\n' "$now" >"$known"
}

# Talk goes to stderr: stdout carries data.
say() { printf '%s\n' "$*" >&2; }
heading() { printf '\n== %s\n' "$*" >&2; }
skipped() { printf 'skipped: %s\n' "$*" >&2; }

# fail MESSAGE [HINT]: say what happened and what to do, and stop with code 1.
fail() {
  printf 'error: %s\n' "$1" >&2
  [ $# -lt 2 ] || printf 'hint: %s\n' "$2" >&2
  exit 1
}

have() { command -v "$1" >/dev/null 2>&1; }

duration() { printf '%d:%02d' "$(($1 / 60))" "$(($1 % 60))"; }

# The option list of a script is its own leading comment.
usage() { sed -n '2,/^[^#]/{s/^# \{0,1\}//p;}' "$1"; }

steps_done=()
steps_failed=0

# step NAME COMMAND…: run one step under a heading, note how long it took and
# whether it held. A failed step does not hide the ones after it, so a script
# with steps must not itself run under `set -e`.
step() {
  local name=$1 began=$SECONDS rc mark=ok
  shift
  heading "$name"
  # A subshell, so that a step's `cd` and `fail` stay its own. Not joined to what
  # follows by `||`, which would switch `set -e` off inside.
  (set -euo pipefail; "$@") </dev/null
  rc=$?
  if [ "$rc" -ne 0 ]; then
    mark="FAILED ($rc)"
    steps_failed=$((steps_failed + 1))
  fi
  steps_done+=("$(printf '%-34s %8s  %s' "$name" "$(duration $((SECONDS - began)))" "$mark")")
  say "-- $name: $mark, $(duration $((SECONDS - began)))"
}

# summary: one line a step; 0 only if every step held.
summary() {
  heading "summary"
  printf '%s\n' "${steps_done[@]}" >&2
  if [ "$steps_failed" -gt 0 ]; then
    say "$steps_failed of ${#steps_done[@]} steps failed"
    return 1
  fi
  say "all ${#steps_done[@]} steps passed"
}
