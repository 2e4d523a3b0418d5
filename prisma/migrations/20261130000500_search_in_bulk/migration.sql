-- The read model is written as a whole: words and trigrams enter their indexes together at the end, which takes a fifth of the time of one row after another.
ALTER INDEX search_row_vector SET (fastupdate = on, gin_pending_list_limit = 262144);
ALTER INDEX search_row_name_trigrams SET (fastupdate = on, gin_pending_list_limit = 262144);

CREATE OR REPLACE FUNCTION refresh_read_model(studies int[] DEFAULT NULL) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM pooling_row WHERE studies IS NULL OR study_id = ANY (studies);
  DELETE FROM evidence_row WHERE studies IS NULL OR study_id = ANY (studies);
  DELETE FROM study_row WHERE studies IS NULL OR study_id = ANY (studies);
  DELETE FROM search_row WHERE studies IS NULL OR kind <> 'STUDY' OR ref_id = ANY (studies);
  DELETE FROM term_name;
  INSERT INTO evidence_row SELECT * FROM evidence_row_source WHERE studies IS NULL OR study_id = ANY (studies);
  INSERT INTO pooling_row SELECT * FROM pooling_row_source WHERE studies IS NULL OR study_id = ANY (studies);
  INSERT INTO study_row SELECT * FROM study_row_source WHERE studies IS NULL OR study_id = ANY (studies);
  INSERT INTO search_row SELECT * FROM search_row_source WHERE studies IS NULL OR kind <> 'STUDY' OR ref_id = ANY (studies);
  INSERT INTO term_name SELECT * FROM term_name_source;
  PERFORM gin_clean_pending_list('search_row_vector'), gin_clean_pending_list('search_row_name_trigrams');
END $$;
