# shellcheck shell=bash
# A real SSH server on loopback, for rehearsals of what runs on a Pi. Sourced
# after common.sh, never run. Gives: $room, a directory that goes at the end;
# $pi, the root of the stand-in for a Pi in it; start_server, after which
# `ssh -F "$room/ssh_config" rehearsal` logs in there, with $room/bin first in
# its PATH. Ends the program, as passed, where there is no SSH server.

# sshd insists on being called by its full path.
if ! sshd=$(command -v sshd); then
  skipped "${0##*/} (no SSH server; scripts/setup ssh)"
  exit 0
fi

room=$(mktemp -d)
pi=$room/pi
server=
trap '[ -z "$server" ] || kill "$server" 2>/dev/null || true; rm -rf "$room"' EXIT

start_server() {
  ssh-keygen -q -t ed25519 -N '' -f "$room/host_key"
  ssh-keygen -q -t ed25519 -N '' -f "$room/user_key"
  cp "$room/user_key.pub" "$room/authorized_keys"
  # Run by root, sshd wants this directory, which its service would have made.
  [ "$(id -u)" -ne 0 ] || mkdir -p /run/sshd
  local try port
  for try in 1 2 3 4 5; do
    port=$((20000 + RANDOM % 20000))
    cat >"$room/sshd_config" <<END
ListenAddress 127.0.0.1:$port
HostKey $room/host_key
PidFile none
AuthorizedKeysFile $room/authorized_keys
PasswordAuthentication no
UsePAM no
StrictModes no
PermitRootLogin yes
SetEnv PATH=$room/bin:/usr/local/bin:/usr/bin:/bin PI_ROOT=$pi
Subsystem sftp internal-sftp
END
    "$sshd" -D -e -f "$room/sshd_config" 2>"$room/sshd.log" &
    server=$!
    cat >"$room/ssh_config" <<END
Host rehearsal
  HostName 127.0.0.1
  Port $port
  User $(id -un)
  IdentityFile $room/user_key
  IdentitiesOnly yes
  UserKnownHostsFile $room/known_hosts
  StrictHostKeyChecking accept-new
END
    for _ in $(seq 50); do
      kill -0 "$server" 2>/dev/null || break
      if ssh -F "$room/ssh_config" -o BatchMode=yes rehearsal true 2>/dev/null; then return; fi
      sleep 0.1
    done
    kill "$server" 2>/dev/null || true
    say "port $port did not do (attempt $try)"
  done
  cat "$room/sshd.log" >&2
  fail "the SSH server of the rehearsal does not come up"
}
