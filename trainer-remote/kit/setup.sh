#!/usr/bin/env bash
# Makes the kit's Python environment and fetches llama.cpp's converter.
#
#   setup.sh [DIR]     into DIR, by default ~/.cache/vachak/kit
#
# DIR/venv/bin/python then runs the kit's programs. A second run is done at once.
# Needs Linux, Python 3.11 or newer and network; PYTHON=... chooses the Python.
# Exit codes: 0 ready, 1 something for you to mend, 64 wrong usage.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# GB that have to be free: the environment comes to 5.2, and its largest package passes through /tmp.
need=8

fail() {
  printf 'error: %s\nhint: %s\n' "$1" "$2" >&2
  exit 1
}

# The first Python that is new enough.
find_python() {
  local candidate
  for candidate in "${PYTHON:-}" python3 python3.13 python3.12 python3.11 python3.14; do
    if [ -n "$candidate" ] && "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
      printf '%s\n' "$candidate"
      return
    fi
  done
  return 1
}

# Runs a command with its output in the log; on failure says why.
logged() {
  local what=$1
  shift
  if "$@" >>"$dir/setup.log" 2>&1; then
    return
  fi
  tail -n 5 "$dir/setup.log" >&2
  if grep -q 'No space left on device' "$dir/setup.log"; then
    fail "the disk is full: $what" "free ${need} GB in $dir and in ${TMPDIR:-/tmp}, then run this again"
  elif grep -qE 'NewConnectionError|NameResolution|ConnectTimeout|ReadTimeout|ProxyError|No matching distribution' "$dir/setup.log"; then
    fail "no network, or the package index does not answer: $what" "check network, proxy and pip's index, then run this again"
  elif grep -q 'DO NOT MATCH THE HASHES' "$dir/setup.log"; then
    fail "a package is not the one that was locked: $what" "your package index changes files; use another"
  fi
  fail "$what failed" "read $dir/setup.log, then run this again"
}

environment() {
  logged "making the environment" "$python" -m venv "$dir/venv"
  echo "fetching packages (5 GB, some minutes); log: $dir/setup.log"
  logged "installing packages" "$dir/venv/bin/python" -m pip install --no-input --no-cache-dir --disable-pip-version-check \
    --require-hashes -r "$here/requirements.lock"
}

# The converter comes in a source distribution, whose metadata pip wants before it hands it over; a build back end that
# does nothing else gives it, so that nothing is compiled and pip's own settings (index, proxy, certificates) hold.
converter() {
  local work=$dir/converter.work
  rm -rf "$work" "$dir/converter"
  mkdir -p "$work/backend/scikit_build_core" "$work/unpacked"
  cat >"$work/backend/scikit_build_core/__init__.py" <<<''
  cat >"$work/backend/scikit_build_core/build.py" <<'PYTHON'
import os


def prepare_metadata_for_build_wheel(folder, config_settings=None):
    name = "llama_cpp_python.dist-info"
    root = open("PKG-INFO", encoding="utf-8").read()
    os.mkdir(os.path.join(folder, name))
    with open(os.path.join(folder, name, "METADATA"), "w", encoding="utf-8") as file:
        file.write(root)
    return name
PYTHON
  logged "fetching llama.cpp's converter" env PYTHONPATH="$work/backend" \
    "$dir/venv/bin/python" -m pip download --no-input --no-cache-dir --disable-pip-version-check --no-deps \
    --no-build-isolation --no-binary :all: --require-hashes -r "$here/converter.lock" -d "$work"
  logged "unpacking llama.cpp's converter" "$dir/venv/bin/python" - "$work" <<'PYTHON'
import pathlib, sys, tarfile
work = pathlib.Path(sys.argv[1])
wanted = ("convert_hf_to_gguf.py", "convert_lora_to_gguf.py", "conversion/", "gguf-py/", "LICENSE")
with tarfile.open(next(work.glob("*.tar.gz"))) as archive:
    for member in archive:
        _, mark, name = member.name.partition("/vendor/llama.cpp/")
        if mark and name.startswith(wanted):
            member.name = name
            archive.extract(member, work / "unpacked", filter="data")
PYTHON
  mv "$work/unpacked" "$dir/converter"
  rm -rf "$work"
}

main() {
  case ${1:-} in
    -h | --help) sed -n '2,/^set /{/^#/s/^# \{0,1\}//p}' "${BASH_SOURCE[0]}"; exit ;;
    -*) echo "usage: setup.sh [DIR]" >&2; exit 64 ;;
  esac
  dir=${1:-${XDG_CACHE_HOME:-$HOME/.cache}/vachak/kit}
  mkdir -p "$dir" || fail "$dir cannot be made" "choose another folder"
  dir=$(cd "$dir" && pwd)
  python=$(find_python) || fail "no Python 3.11 or newer is here" "install one, for instance: apt-get install python3 python3-venv"
  # The marker is named after all that goes in, so that a new lock makes a new environment.
  local mark
  mark=$dir/ready-$(cat "$here/requirements.lock" "$here/converter.lock" | "$python" -c \
    'import hashlib, sys; print(hashlib.sha256(sys.stdin.buffer.read()).hexdigest()[:16])')
  exec 9>"$dir/.setup.lock"
  if ! "$python" -c 'import fcntl; fcntl.flock(9, fcntl.LOCK_EX | fcntl.LOCK_NB)' 2>/dev/null; then
    echo "another setup is at work in $dir; waiting for it"
    "$python" -c 'import fcntl; fcntl.flock(9, fcntl.LOCK_EX)'
  fi
  if [ -e "$mark" ] && [ -x "$dir/venv/bin/python" ]; then
    echo "ready: $dir/venv/bin/python"
    return
  fi
  "$python" -c 'import ensurepip, venv' 2>/dev/null ||
    fail "$python has no venv module" "apt-get install python3-venv"
  rm -f "$dir"/ready-*
  rm -rf "$dir/venv"
  local free
  free=$(df -Pk "$dir" | awk 'NR == 2 { print int($4 / 1048576) }')
  [ "$free" -ge "$need" ] || fail "$dir has $free GB free, and the environment needs $need" "free some, or name another folder"
  : >"$dir/setup.log"
  environment
  converter
  "$dir/venv/bin/python" "$here/check.py"
  touch "$mark"
  echo "ready: $dir/venv/bin/python"
}

main "$@"
