-- What each group of effects was pooled to, at the revisions that changed it.
ALTER TABLE data_revision ADD COLUMN "conclusions_kept_at" TIMESTAMPTZ(3);

CREATE TABLE "kept_conclusion" (
    "id" SERIAL NOT NULL,
    "revision_id" INTEGER NOT NULL,
    "condition" TEXT NOT NULL,
    "outcome" TEXT NOT NULL,
    "comparison" TEXT NOT NULL,
    "evidence_class" TEXT NOT NULL,
    "digest" TEXT NOT NULL,
    "content" BYTEA,

    CONSTRAINT "kept_conclusion_pkey" PRIMARY KEY ("id")
);

ALTER TABLE "kept_conclusion" ADD CONSTRAINT "kept_conclusion_revision_id_fkey" FOREIGN KEY ("revision_id") REFERENCES "data_revision"("id") ON DELETE CASCADE ON UPDATE CASCADE;

CREATE UNIQUE INDEX "kept_conclusion_condition_outcome_comparison_evidence_class_key" ON "kept_conclusion"("condition", "outcome", "comparison", "evidence_class", "revision_id");

CREATE INDEX "kept_conclusion_revision_id_idx" ON "kept_conclusion"("revision_id");

-- It is compressed already.
ALTER TABLE kept_conclusion ALTER COLUMN content SET STORAGE EXTERNAL;
