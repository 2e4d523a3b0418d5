-- The words of a study in an order of their own: they are the same, whenever and with whatever else they are written.
CREATE OR REPLACE VIEW search_row_source AS
SELECT entry.*, setweight(to_tsvector('english', normalized(title)), 'A') || setweight(to_tsvector('english', normalized(names)), 'B') || setweight(to_tsvector('english', normalized(body)), 'C') AS vector
FROM (
  SELECT 'STUDY'::search_kind AS kind, s.id AS ref_id, s.slug, s.title,
    concat_ws(' ', replace(s.slug, '-', ' '),
      (SELECT string_agg(concat_ws(' ', pub.year::text, pub.title, pub.journal, pub.doi, pub.pmid, pub.pmcid, (SELECT string_agg(concat_ws(' ', a.family, a.corporate), ' ' ORDER BY a.position) FROM publication_author a WHERE a.publication_id = pub.id)), ' ' ORDER BY sp.position)
        FROM study_publication sp JOIN publication pub ON pub.id = sp.publication_id WHERE sp.study_id = s.id AND sp.role <> 'TABULATED_IN'),
      (SELECT string_agg(g.identity, ' ' ORDER BY g.identity) FROM registration g WHERE g.study_id = s.id)) AS names,
    concat_ws(' ', s.key_findings, s.setting, s.allocation,
      (SELECT string_agg(concat_ws(' ', c.name, array_to_string(c.synonyms, ' ')), ' ' ORDER BY c.id) FROM condition c WHERE c.id = ANY (row.condition_ids)),
      (SELECT string_agg(concat_ws(' ', f.name, array_to_string(f.synonyms, ' ')), ' ' ORDER BY f.id) FROM magnesium_form f WHERE f.id = ANY (row.form_ids)),
      (SELECT string_agg(concat_ws(' ', o.name, so.name), ' ' ORDER BY so.id) FROM study_outcome so JOIN outcome o ON o.id = so.outcome_id WHERE so.study_id = s.id)) AS body
  FROM study s JOIN study_row row ON row.study_id = s.id
  UNION ALL SELECT 'CONDITION', id, slug, name, array_to_string(synonyms, ' '), coalesce(description, '') FROM condition
  UNION ALL SELECT 'FORM', id, slug, name, array_to_string(synonyms, ' '), coalesce(description, '') FROM magnesium_form
  UNION ALL SELECT 'OUTCOME', id, slug, name, array_to_string(synonyms, ' '), coalesce(description, '') FROM outcome
  UNION ALL SELECT 'INSTRUMENT', id, slug, name, concat_ws(' ', abbreviation, array_to_string(synonyms, ' ')), coalesce(description, '') FROM instrument
  UNION ALL SELECT 'TREATMENT', id, slug, name, array_to_string(synonyms, ' '), coalesce(description, '') FROM treatment
  UNION ALL SELECT 'CLAIM', id, slug, statement, replace(slug, '-', ' '), concat_ws(' ', section, explanation) FROM claim
) entry;

-- The terms and what is found of them hang on no study: a refresh of some studies leaves them.
CREATE OR REPLACE FUNCTION refresh_read_model(studies int[] DEFAULT NULL) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM pooling_row WHERE studies IS NULL OR study_id = ANY (studies);
  DELETE FROM evidence_row WHERE studies IS NULL OR study_id = ANY (studies);
  DELETE FROM study_row WHERE studies IS NULL OR study_id = ANY (studies);
  DELETE FROM search_row WHERE studies IS NULL OR (kind = 'STUDY' AND ref_id = ANY (studies));
  INSERT INTO evidence_row SELECT * FROM evidence_row_source WHERE studies IS NULL OR study_id = ANY (studies);
  INSERT INTO pooling_row SELECT * FROM pooling_row_source WHERE studies IS NULL OR study_id = ANY (studies);
  INSERT INTO study_row SELECT * FROM study_row_source WHERE studies IS NULL OR study_id = ANY (studies);
  INSERT INTO search_row SELECT * FROM search_row_source WHERE studies IS NULL OR (kind = 'STUDY' AND ref_id = ANY (studies));
  IF studies IS NULL THEN
    DELETE FROM term_name;
    INSERT INTO term_name SELECT * FROM term_name_source;
  END IF;
  PERFORM gin_clean_pending_list('search_row_vector'), gin_clean_pending_list('search_row_name_trigrams');
END $$;

SELECT refresh_read_model();
