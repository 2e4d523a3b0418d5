-- What every import changed, subject by subject. Revisions of before say nothing of their changes: null in change_record.
ALTER TABLE data_revision
  ADD COLUMN "release" TEXT,
  ADD COLUMN "change_record" TEXT;
ALTER TABLE data_revision
  ADD CHECK (change_record IN ('RECORDED', 'EVERYTHING_ADDED'));

-- The audit log knows the releases of older imports.
UPDATE data_revision d SET release = (
  SELECT a.details ->> 'release' FROM audit_entry a
  WHERE a.action = 'EVIDENCE_IMPORTED' AND a.after = d.revision ORDER BY a.id DESC LIMIT 1
);

CREATE TABLE "data_change" (
    "id" SERIAL NOT NULL,
    "revision_id" INTEGER NOT NULL,
    "kind" TEXT NOT NULL,
    "subject_type" TEXT,
    "subject_slug" TEXT,
    "study" TEXT,
    "conditions" TEXT[],
    "what" TEXT[],

    CONSTRAINT "data_change_pkey" PRIMARY KEY ("id")
);

ALTER TABLE "data_change" ADD CONSTRAINT "data_change_revision_id_fkey" FOREIGN KEY ("revision_id") REFERENCES "data_revision"("id") ON DELETE CASCADE ON UPDATE CASCADE;

CREATE INDEX "data_change_revision_id_idx" ON "data_change"("revision_id");

ALTER TABLE data_change
  ADD CHECK (kind IN ('ADDED', 'CHANGED', 'REMOVED', 'STATUS')),
  ADD CHECK ((subject_type IS NULL) = (subject_slug IS NULL));
