#!/usr/bin/env bash
# The manual pages that the build has made are those of the program, and well-formed.
source "$(dirname "$0")/server.sh"

pages=$bin/../share/man/man1
"$bin/folio" manual "$scratch/man"
diff -r "$scratch/man" "$pages" || fail "$pages is not what the program says: build folio again"
for page in "$pages"/*.1; do
  if command -v mandoc >/dev/null; then
    mandoc -T lint -W error "$page" >"$scratch/said" || fail "mandoc: $(cat "$scratch/said")"
  fi
  if command -v groff >/dev/null; then
    groff -man -K utf8 -T utf8 -ww -z "$page" 2>"$scratch/said"
    [[ ! -s $scratch/said ]] || fail "groff: $(cat "$scratch/said")"
  fi
done
if command -v man >/dev/null && [[ ! -e /etc/dpkg/dpkg.cfg.d/excludes || -e /usr/bin/groff ]]; then
  MANWIDTH=100 man -l "$pages/folio-accounts.1" | col -b >"$scratch/shown"
  grep -q 'folio accounts list \[FLAGS\]' "$scratch/shown" || fail "man shows: $(head -n 40 "$scratch/shown")"
fi
printf 'ok: %d pages\n' "$(find "$pages" -name '*.1' | wc -l)"
