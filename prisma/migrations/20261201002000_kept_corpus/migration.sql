-- The parsed files of the newest import, as gzipped JSON: one row, so that a decision need not read and parse the files again.
CREATE TABLE "kept_corpus" (
    "id" INTEGER NOT NULL DEFAULT 1,
    "files_digest" TEXT NOT NULL,
    "format" TEXT NOT NULL,
    "document" BYTEA NOT NULL,
    "kept_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "kept_corpus_pkey" PRIMARY KEY ("id")
);

ALTER TABLE kept_corpus ADD CONSTRAINT kept_corpus_one_row CHECK (id = 1);

-- It is compressed already.
ALTER TABLE kept_corpus ALTER COLUMN document SET STORAGE EXTERNAL;
