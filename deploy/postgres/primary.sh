#!/bin/bash
# Run once by the Postgres image, when it makes its data folder: the account by which a replica follows.
set -euo pipefail
psql --set ON_ERROR_STOP=1 --set password="$REPLICATION_PASSWORD" --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" <<'SQL'
CREATE ROLE follower LOGIN REPLICATION PASSWORD :'password';
SQL
echo 'host replication follower all scram-sha-256' >> "$PGDATA/pg_hba.conf"
