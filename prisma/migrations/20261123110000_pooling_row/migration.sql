-- What pooling needs of an effect beyond its flat row: gathered from seven tables, read for up to 20,000 effects at once.
CREATE TABLE "pooling_row" (
    "id" INTEGER NOT NULL,
    "study_id" INTEGER NOT NULL,
    "author" TEXT,
    "population_slug" TEXT NOT NULL,
    "whole_sample" BOOLEAN NOT NULL,
    "intervention_slug" TEXT,
    "comparator_slug" TEXT,
    "exposure" JSON,
    "effects" JSON NOT NULL,
    "arms" JSON,

    CONSTRAINT "pooling_row_pkey" PRIMARY KEY ("id")
);

CREATE INDEX "pooling_row_study_id_idx" ON "pooling_row"("study_id");

CREATE VIEW pooling_row_source AS
SELECT
  e.id, e.study_id,
  (SELECT coalesce(a.family, a.corporate) FROM study_publication sp JOIN publication_author a ON a.publication_id = sp.publication_id
   WHERE sp.study_id = e.study_id AND sp.position = 0 ORDER BY a.position LIMIT 1) AS author,
  p.slug AS population_slug, p.is_whole_sample AS whole_sample, intervention.slug AS intervention_slug, comparator.slug AS comparator_slug,
  CASE WHEN c.exposure_metric IS NOT NULL THEN
    json_build_object('metric', c.exposure_metric, 'unit', c.exposure_unit, 'contrasted', c.exposure_contrasted, 'reference', c.exposure_reference, 'isMore', c.exposure_is_more) END AS exposure,
  -- The numbers of the report that counts, the default one first.
  (SELECT json_agg(json_build_array(o.measure, o.is_default, o.estimate, o.standard_error, o.origin, o.assumptions) ORDER BY o.is_default DESC, o.id) FROM effect o WHERE o.report_id = f.report_id) AS effects,
  -- Of the intervention's arm and the comparator's; without both there is nothing to combine or to count.
  (SELECT CASE WHEN count(*) = 2 THEN json_agg(json_strip_nulls(json_build_object(
      'n', a.n, 'events', a.events, 'mean', a.mean, 'sd', a.sd, 'se', a.se, 'ciLower', a.ci_lower, 'ciUpper', a.ci_upper, 'median', a.median, 'q1', a.q1, 'q3', a.q3
    )) ORDER BY a.arm_id <> e.intervention_arm_id) END
   FROM arm_result a WHERE a.report_id = f.report_id AND a.arm_id IN (e.intervention_arm_id, e.comparator_arm_id)) AS arms
FROM evidence_row e
JOIN effect f ON f.id = e.effect_id
JOIN population p ON p.id = e.population_id
JOIN contrast c ON c.id = e.contrast_id
LEFT JOIN arm intervention ON intervention.id = e.intervention_arm_id
LEFT JOIN arm comparator ON comparator.id = e.comparator_arm_id;

-- Fills the read model again. With `studies` null, all of it; else the rows of those studies (and every term's, which are few).
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
END $$;

INSERT INTO pooling_row SELECT * FROM pooling_row_source;
