-- What imports propose. No view and no query of the evidence reads this table; what a curator accepts is written to the tables of the evidence.
CREATE TYPE "draft_kind" AS ENUM ('PUBLICATION', 'STUDY', 'STATUS_EVENT');
CREATE TYPE "draft_status" AS ENUM ('DRAFT', 'ACCEPTED', 'REJECTED');

CREATE TABLE "draft" (
    "id" SERIAL NOT NULL,
    "kind" "draft_kind" NOT NULL,
    "slug" TEXT NOT NULL,
    "status" "draft_status" NOT NULL DEFAULT 'DRAFT',
    "document" JSONB NOT NULL,
    "format" TEXT NOT NULL,
    "source" TEXT NOT NULL,
    "line" INTEGER,
    "matched" TEXT,
    "matched_by" TEXT,
    "placement" JSONB,
    "imported_by" TEXT,
    "imported_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "changed_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "decided_by" TEXT,
    "decided_at" TIMESTAMPTZ(3),
    "note" TEXT,

    CONSTRAINT "draft_pkey" PRIMARY KEY ("id")
);

CREATE INDEX "draft_kind_slug_idx" ON "draft"("kind", "slug");
CREATE INDEX "draft_status_id_idx" ON "draft"("status", "id");

ALTER TABLE draft
  ADD CHECK (line > 0),
  ADD CHECK (jsonb_typeof(document) = 'object'),
  ADD CHECK ((status = 'DRAFT') = (decided_at IS NULL)),
  ADD CHECK ((matched IS NULL) = (matched_by IS NULL));
CREATE UNIQUE INDEX draft_one_open ON draft (kind, slug) WHERE status = 'DRAFT';

-- What a reference is matched by: the identifiers a draft brings, and titles that are nearly the same.
CREATE INDEX draft_doi ON draft (lower(document ->> 'doi')) WHERE kind = 'PUBLICATION';
CREATE INDEX draft_pmid ON draft ((document ->> 'pmid')) WHERE kind = 'PUBLICATION';
CREATE INDEX draft_pmcid ON draft ((document ->> 'pmcid')) WHERE kind = 'PUBLICATION';
CREATE INDEX draft_title_trigrams ON draft USING gin (normalized(document ->> 'title') gin_trgm_ops) WHERE kind = 'PUBLICATION';
CREATE INDEX publication_title_trigrams ON publication USING gin (normalized(title) gin_trgm_ops);
