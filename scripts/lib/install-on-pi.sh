#!/bin/sh
# The part of a deployment that runs on the Pi: install-on-pi.sh STAGING READY WAIT ROOT
#
# Proves the new binary before it replaces the old one, replaces it in one move,
# and puts the old one back if the service does not become ready. POSIX sh: what
# the Pi has is not ours to choose.
set -eu

staging=$1 ready=$2 wait=$3 root=$4

if [ "$(id -u)" -ne 0 ] && [ -z "$root" ]; then
  sudo -n true || {
    echo "error: this user may not use sudo without a password" >&2
    echo "hint: log in as root, or allow it for this user" >&2
    rm -rf "$staging"
    exit 1
  }
  exec sudo -n sh "$0" "$@"
fi
trap 'rm -rf "$staging"' EXIT

bin=$root/usr/local/bin/vachak
unit=$root/etc/systemd/system/vachak.service
config=$root/etc/vachak/vachak.toml

stop() {
  echo "error: $1" >&2
  [ $# -lt 2 ] || echo "hint: $2" >&2
  exit 1
}

# put FILE DESTINATION MODE: beside the destination first, then one move.
put() {
  mkdir -p "$(dirname "$2")"
  install -m "$3" "$1" "$2.new"
  sync "$2.new" 2>/dev/null || sync
  mv -f "$2.new" "$2"
}

# keep FILE: as FILE.prev, or note that there was none.
keep() {
  rm -f "$1.prev"
  [ ! -e "$1" ] || cp -p "$1" "$1.prev"
}

back() {
  if [ -e "$1.prev" ]; then mv -f "$1.prev" "$1"; else rm -f "$1"; fi
}

answers() {
  if command -v curl >/dev/null; then
    curl --silent --fail --max-time 5 --output /dev/null "$ready"
  else
    wget --quiet --timeout=5 --output-document=/dev/null "$ready"
  fi
}

becomes_ready() {
  systemctl daemon-reload && systemctl enable --quiet vachak.service && systemctl restart vachak.service || return 1
  left=$wait
  until answers; do
    [ "$left" -gt 0 ] || return 1
    left=$((left - 1))
    sleep 1
  done
}

(cd "$staging" && sha256sum --quiet --check SHA256SUMS) || stop "the files were damaged on the way" "try again"

chmod 755 "$staging/vachak"
version=$("$staging/vachak" --version) ||
  stop "the new binary does not run on this machine" "a Pi 4 lacks instructions that this build uses; /var/tmp must allow programs to run"
new_config=$config
[ ! -e "$staging/vachak.toml" ] || new_config=$staging/vachak.toml
[ -e "$new_config" ] || stop "there is no $config on this machine" "deploy with --config FILE"
"$staging/vachak" check-config --config "$new_config" || stop "the new version does not accept $new_config"

echo "installing $version"
keep "$bin"
keep "$unit"
keep "$config"
[ ! -e "$staging/vachak.toml" ] || put "$staging/vachak.toml" "$config" 644
put "$staging/vachak.service" "$unit" 644
put "$staging/vachak" "$bin" 755

if becomes_ready; then
  echo "ready: $version"
  exit 0
fi

echo "error: $version did not become ready within $wait s ($ready)" >&2
systemctl status --no-pager --lines=20 vachak.service >&2 || true
if [ -e "$bin.prev" ]; then
  back "$bin"
  back "$unit"
  back "$config"
  if becomes_ready; then
    echo "rolled back to $("$bin" --version), which is ready" >&2
  else
    echo "rolled back to $("$bin" --version), which is not ready either" >&2
  fi
else
  systemctl stop vachak.service || true
  echo "there was no earlier version to go back to; the service is stopped" >&2
fi
exit 1
