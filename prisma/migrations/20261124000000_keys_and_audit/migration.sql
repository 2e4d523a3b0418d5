-- Keys of callers. The secret itself is nowhere: only its SHA-256, which is enough for 256 random bits.
CREATE TYPE "key_scope" AS ENUM ('READ', 'CURATE');

CREATE TABLE "api_key" (
    "id" SERIAL NOT NULL,
    "name" TEXT NOT NULL,
    "prefix" TEXT NOT NULL,
    "hash" BYTEA NOT NULL,
    "scopes" "key_scope"[],
    "cost_per_minute" INTEGER,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "revoked_at" TIMESTAMPTZ(3),
    "last_used_at" TIMESTAMPTZ(3),

    CONSTRAINT "api_key_pkey" PRIMARY KEY ("id")
);

CREATE UNIQUE INDEX "api_key_prefix_key" ON "api_key"("prefix");

ALTER TABLE api_key
  ADD CHECK (name <> ''),
  ADD CHECK (prefix ~ '^[0-9a-f]{8}$'),
  ADD CHECK (length(hash) = 32),
  ADD CHECK (scopes IS NOT NULL AND cardinality(scopes) > 0),
  ADD CHECK (cost_per_minute > 0);

-- Who changed what. Written in the transaction of the change, and never written to again.
CREATE TYPE "audit_actor" AS ENUM ('SERVICE', 'COMMAND_LINE', 'KEY');

CREATE TABLE "audit_entry" (
    "id" BIGSERIAL NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "actor_kind" "audit_actor" NOT NULL,
    "actor" TEXT NOT NULL,
    "action" TEXT NOT NULL,
    "subject" TEXT NOT NULL,
    "before" TEXT,
    "after" TEXT,
    "details" JSONB NOT NULL DEFAULT '{}',

    CONSTRAINT "audit_entry_pkey" PRIMARY KEY ("id")
);

CREATE INDEX "audit_entry_action_id_idx" ON "audit_entry"("action", "id");

ALTER TABLE audit_entry
  ADD CHECK (action ~ '^[A-Z_]+$'),
  ADD CHECK (actor <> '' AND subject <> ''),
  ADD CHECK (jsonb_typeof(details) = 'object');

CREATE FUNCTION refuse_change_of_audit() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the audit log is only added to: % is refused', TG_OP USING ERRCODE = 'insufficient_privilege';
END
$$;
-- Of the statement, so that one that meets no row is refused too.
CREATE TRIGGER audit_entry_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_entry
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_audit();
-- Also where a session calls itself a replica, which skips ordinary triggers.
ALTER TABLE audit_entry ENABLE ALWAYS TRIGGER audit_entry_append_only;
