#!/usr/bin/env bash
# `folio top` lives on a terminal, ends by q and by Ctrl-C, leaves the terminal as it was, and is plain text elsewhere.
source "$(dirname "$0")/server.sh"

start_foliod
folio accounts create acme --set display_name=Acme >"$scratch/created"

folio top >"$scratch/plain"
grep -q '^accounts 1 ' "$scratch/plain" || fail "it shows: $(cat "$scratch/plain")"
! grep -q $'\033' "$scratch/plain" || fail 'it draws where there is no terminal'
expect_error 'folio doctor' -- env FOLIO_SERVER=127.0.0.1:1 "$bin/folio" top

python3 - "$bin/folio" <<'PYTHON'
import os, pty, select, subprocess, sys, time

def read_until(terminal, wanted):
    seen, end = b"", time.time() + 60
    while wanted not in seen:
        if not select.select([terminal], [], [], max(0, end - time.time()))[0]:
            sys.exit(f"it never showed {wanted!r}: {seen!r}")
        try:
            seen += os.read(terminal, 65536)
        except OSError:
            sys.exit(f"it ended before it showed {wanted!r}: {seen!r}")
    return seen

def live(key):
    pid, terminal = pty.fork()
    if pid == 0:
        os.environ.update(TERM="xterm", NO_COLOR="1")
        os.execv(sys.argv[1], [sys.argv[1], "top", "--interval", "0.2"])
    read_until(terminal, b"accounts 1 ")
    # What happens meanwhile is shown without asking.
    subprocess.run([sys.argv[1], "accounts", "update", "acme", "--set", f"city=Lyon{ord(key)}"], check=True,
                   stdout=subprocess.DEVNULL)
    read_until(terminal, b"updated   accounts/acme")
    os.write(terminal, key)
    read_until(terminal, b"\033[?1049l")
    _, status = os.waitpid(pid, 0)
    code = os.waitstatus_to_exitcode(status)
    if code != 0:
        sys.exit(f"it ended with {code} on {key!r}")
    print(f"ok: ends on {key!r}")

live(b"q")
live(b"\x03")
PYTHON
