#!/bin/sh
# The part of scripts/bench-on-pi that runs on the Pi: STAGING ROOT PAUSE [BENCH OPTIONS]
#
# Leaves bench.json and bench.svg in STAGING; the exit code is the program's.
# With PAUSE = yes the daemon is stopped meanwhile and started again whatever
# happens. POSIX sh: what the Pi has is not ours to choose.
set -eu

staging=$1 root=$2 pause=$3
shift 3
bin=$root/usr/local/bin/vachak

if [ ! -x "$bin" ]; then
  echo "error: there is no $bin on this machine" >&2
  echo "hint: scripts/deploy-to-pi puts it there" >&2
  exit 1
fi
if ! "$bin" bench --help >/dev/null 2>&1; then
  echo "error: $("$bin" --version) cannot measure" >&2
  echo "hint: scripts/deploy-to-pi brings a version that can" >&2
  exit 1
fi

service() {
  if [ "$(id -u)" -eq 0 ]; then systemctl "$1" vachak.service; else sudo -n systemctl "$1" vachak.service; fi
}

if systemctl is-active --quiet vachak.service 2>/dev/null; then
  if [ "$pause" = yes ]; then
    # Also when the connection breaks, which ends this shell with SIGHUP.
    trap 'service start' EXIT
    trap 'exit 1' HUP INT TERM
    service stop
  else
    echo "the daemon runs as well and may take its part; --pause stops it meanwhile" >&2
  fi
fi

# In the background, so that a signal is heeded at once.
rc=0
"$bin" bench "$@" --json --svg "$staging/bench.svg" >"$staging/bench.json" </dev/null &
bench=$!
trap 'kill "$bench" 2>/dev/null || true; exit 1' HUP INT TERM
wait "$bench" || rc=$?
exit "$rc"
