#!/bin/bash
# A streaming replica: copies the primary when its own data folder is empty, then follows it.
set -euo pipefail
if [ ! -s "$PGDATA/PG_VERSION" ]; then
  mkdir -p "$PGDATA"
  chmod 0700 "$PGDATA"
  # Half a copy would look like a whole one at the next start.
  trap 'rm -rf "${PGDATA:?}"/*' ERR
  PGPASSWORD="$REPLICATION_PASSWORD" pg_basebackup --host "$PRIMARY_HOST" --username follower --pgdata "$PGDATA" --wal-method stream --write-recovery-conf --no-password
  trap - ERR
fi
# Bounded, so that a long read on the replica is cancelled rather than the replica falling behind for ever.
exec postgres -c hot_standby=on -c hot_standby_feedback=on -c max_standby_streaming_delay=10s "$@"
