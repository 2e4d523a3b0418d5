-- What syntheses were computed from, under the hash that is their id: they can be given back and compared when the data have changed.
CREATE TABLE "kept_synthesis" (
    "key" TEXT NOT NULL,
    "data_revision" TEXT NOT NULL,
    "engine_version" TEXT NOT NULL,
    "content" BYTEA NOT NULL,
    "kept_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "kept_synthesis_pkey" PRIMARY KEY ("key")
);

CREATE INDEX "kept_synthesis_kept_at_idx" ON "kept_synthesis"("kept_at");

-- It is compressed already.
ALTER TABLE kept_synthesis ALTER COLUMN content SET STORAGE EXTERNAL;
