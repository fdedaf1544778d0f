#!/usr/bin/env bash
# Answers of people whom nobody knows, end to end: imports 3 145 answers after appointments, two of which are off
# the scale and must come back with their rows.
source "$(dirname "$0")/server.sh"

data=$(shared_data nps_appointments)
maps=$project/tests/data/nps_appointments

# Each answer with the kind of work and the place of its appointment.
awk -F, -v OFS=, '
  NR == FNR { more[$1] = $9 OFS $8; next }
  { print $0, more[$2] }
' "$data/serviceappointments.csv" "$data/nps.csv" >"$scratch/answers.csv"

start_foliod --now 2022-12-31T12:00:00Z --dev-currency EUR --dev-time-zone Europe/Amsterdam
status=0
folio facts import survey_answer "$scratch/answers.csv" --map "$maps/answers.toml" -o json >"$scratch/answers" ||
  status=$?
[[ $status == 3 ]] || fail "the import ended with $status, not 3, although two rows are off the scale"
"$project/tests/e2e/imports_check.py" nps_appointments "$bin/folio" "$data/FACTS.md" "$scratch"
