-- Searches of PubMed that are asked again and again, and the records that each of them has brought already.
CREATE TABLE "saved_search" (
    "id" SERIAL NOT NULL,
    "query" TEXT NOT NULL,
    "since" DATE,
    "added_by" TEXT,
    "added_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "run_at" TIMESTAMPTZ(3),

    CONSTRAINT "saved_search_pkey" PRIMARY KEY ("id")
);

CREATE UNIQUE INDEX "saved_search_query_key" ON "saved_search"("query");

ALTER TABLE saved_search ADD CHECK (query = btrim(query) AND query <> '');

CREATE TABLE "saved_search_record" (
    "search_id" INTEGER NOT NULL,
    "pmid" TEXT NOT NULL,
    "seen_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "saved_search_record_pkey" PRIMARY KEY ("search_id", "pmid")
);

ALTER TABLE "saved_search_record" ADD CONSTRAINT "saved_search_record_search_id_fkey" FOREIGN KEY ("search_id") REFERENCES "saved_search"("id") ON DELETE CASCADE ON UPDATE CASCADE;

ALTER TABLE saved_search_record ADD CHECK (pmid ~ '^[1-9][0-9]{0,8}$');
