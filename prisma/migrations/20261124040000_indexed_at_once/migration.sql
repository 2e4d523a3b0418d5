-- GIN indexes put new rows on a list that is read row by row until the server sorts it in by itself, a minute or more later; until then the planner avoids the index.
-- What an import writes at once is read from then on: it is sorted in as it is written.
ALTER INDEX evidence_row_form SET (fastupdate = off);
ALTER INDEX evidence_row_population_conditions SET (fastupdate = off);
ALTER INDEX study_row_conditions SET (fastupdate = off);
ALTER INDEX study_row_forms SET (fastupdate = off);
ALTER INDEX study_row_outcomes SET (fastupdate = off);
ALTER INDEX search_row_vector SET (fastupdate = off);
ALTER INDEX search_row_name_trigrams SET (fastupdate = off);
ALTER INDEX term_name_trigrams SET (fastupdate = off);
ALTER INDEX publication_title_trigrams SET (fastupdate = off);

SELECT gin_clean_pending_list(index::regclass) FROM unnest(ARRAY[
  'evidence_row_form', 'evidence_row_population_conditions', 'study_row_conditions', 'study_row_forms', 'study_row_outcomes',
  'search_row_vector', 'search_row_name_trigrams', 'term_name_trigrams', 'publication_title_trigrams'
]) index;
