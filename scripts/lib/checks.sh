# shellcheck shell=bash
# The checks that are not cargo's: scripts, the systemd unit, licences.
# Sourced after common.sh; each function is a step of its own.

: "${repo:?}" "${cache:?}"

# Every script parses, runs under bash's strict mode and satisfies shellcheck.
check_scripts() {
  local file files=()
  while IFS= read -r file; do
    case $file in
      *.sh) files+=("$file") ;;
      *) [ "$(head -c 2 "$file")" != '#!' ] || files+=("$file") ;;
    esac
  done < <(find "$repo/scripts" "$repo/.ci" "$repo/trainer-remote/kit/setup.sh" -type f | sort)
  [ ${#files[@]} -gt 0 ] || fail "found no scripts under $repo/scripts"
  for file in "${files[@]}"; do
    bash -n "$file"
    case $file in *.sh) ;; *)
      [ -x "$file" ] || fail "$file is not executable" "chmod +x $file" ;;
    esac
  done
  if have shellcheck; then
    shellcheck --external-sources --source-path=SCRIPTDIR "${files[@]}"
  else
    skipped "shellcheck (not installed; scripts/setup test)"
  fi
  say "${#files[@]} scripts hold"
}

# The training kit: its environment (5 GB, in the cache, once) and its own tests
# on tiny models. The Rust tests that need it find it there afterwards.
check_kit() {
  local kit=$repo/trainer-remote/kit
  "$kit/setup.sh" "$cache/kit" >&2
  (cd "$kit" && "$cache/kit/venv/bin/python" -m pytest -q)
}

# The highest exposure that `systemd-analyze security` may report, times ten.
most_exposed=20

# The unit verifies without a word, with each of its drop-ins, and stays locked
# down. The program that it names is replaced by one that every machine has, for
# systemd-analyze looks no further than whether it can be started.
check_unit() {
  have systemd-analyze || fail "systemd-analyze is missing" "scripts/setup test"
  local stand_in room version out rc=0
  stand_in=$(type -P true)
  version=$(systemctl --version | awk 'NR == 1 {print $2}')
  room=$(mktemp -d)
  # shellcheck disable=SC2064  # the value of now is meant
  trap "rm -rf '$room'" EXIT
  mkdir "$room/vachak.service.d"
  sed "s#/usr/local/bin/vachak#$stand_in#" "$repo/systemd/vachak.service" >"$room/vachak.service"
  ! grep -q /usr/local/bin/vachak "$room/vachak.service" || fail "the stand-in for the program was not put in"
  cp "$repo"/systemd/vachak.service.d/*.conf "$room/vachak.service.d/"
  if [ "${version%%[!0-9]*}" -lt 254 ]; then
    rm "$room/vachak.service.d/backoff.conf"
    skipped "vachak.service.d/backoff.conf (needs systemd 254, here is $version)"
  fi
  out=$(systemd-analyze verify --man=no "$room/vachak.service" 2>&1) || rc=$?
  if [ "$rc" -ne 0 ] || [ -n "$out" ]; then fail "systemd-analyze verify ($rc): $out"; fi
  systemd-analyze security --offline=yes --threshold="$most_exposed" --no-pager "$room/vachak.service" >"$room/security" || {
    cat "$room/security" >&2
    fail "the unit is more exposed than $most_exposed tenths"
  }
  tail -1 "$room/security" >&2
}

# The version that .ci/run installs; a newer one may know more and warn more.
cargo_deny_version=0.20.2

find_cargo_deny() {
  have cargo-deny || PATH=$PATH:$cache/tools/bin
  have cargo-deny
}

install_cargo_deny() {
  find_cargo_deny && return
  # A target directory of its own, thrown away: the program stays.
  local room
  room=$(mktemp -d)
  # shellcheck disable=SC2064
  trap "rm -rf '$room'" EXIT
  CARGO_TARGET_DIR=$room cargo install --quiet --locked --no-default-features \
    --root "$cache/tools" "cargo-deny@$cargo_deny_version"
}

# Licences, doubled or banned crates and their sources; then known
# vulnerabilities, as far as their database can be had.
check_dependencies() {
  find_cargo_deny || {
    skipped "licences, bans, sources, advisories (cargo-deny is not installed; cargo install --locked cargo-deny)"
    return
  }
  # ollama-rs names a licence file instead of a licence; its text is recognised.
  cargo deny --all-features check --allow no-license-field licenses bans sources
  local out rc=0
  out=$(timeout 120 cargo deny --all-features check advisories 2>&1) || rc=$?
  if [ "$rc" -ne 0 ] && grep -qE 'failed to (fetch|clone|open|load) advisory database|unable to (fetch|clone)' <<<"$out"; then
    skipped "advisories (their database cannot be fetched from here)"
    return
  fi
  printf '%s\n' "$out" >&2
  return "$rc"
}
