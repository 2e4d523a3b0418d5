-- A value by itself: one that was added can only be used when the transaction that added it has ended.
ALTER TYPE "search_kind" ADD VALUE 'TREATMENT';
