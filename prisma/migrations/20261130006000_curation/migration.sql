-- What a curator changed of a draft. The document as it was imported stays, so that its record is known when it comes again.
ALTER TABLE "draft"
  ADD COLUMN "imported" JSONB,
  ADD COLUMN "edited_by" TEXT,
  ADD COLUMN "edited_at" TIMESTAMPTZ(3);

ALTER TABLE draft
  ADD CHECK (jsonb_typeof(imported) = 'object'),
  ADD CHECK ((imported IS NULL) = (edited_at IS NULL)),
  ADD CHECK (edited_by IS NULL OR edited_at IS NOT NULL);
CREATE INDEX draft_imported_slug ON draft ((imported ->> 'slug')) WHERE imported IS NOT NULL;

-- Records that an import refused, or that differ from what is known already. The same again replaces its row: `key` is a digest of what it says.
CREATE TABLE "draft_skipped" (
    "id" SERIAL NOT NULL,
    "key" TEXT NOT NULL,
    "outcome" TEXT NOT NULL,
    "subject" TEXT NOT NULL,
    "known" TEXT,
    "draft" INTEGER,
    "why" TEXT NOT NULL,
    "format" TEXT NOT NULL,
    "source" TEXT NOT NULL,
    "line" INTEGER,
    "imported_by" TEXT,
    "imported_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "draft_skipped_pkey" PRIMARY KEY ("id")
);

CREATE UNIQUE INDEX "draft_skipped_key_key" ON "draft_skipped"("key");

ALTER TABLE draft_skipped
  ADD CHECK (outcome IN ('ADDED', 'CHANGED', 'SKIPPED', 'REFUSED')),
  ADD CHECK (line > 0);
