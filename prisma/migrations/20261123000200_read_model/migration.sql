-- The read model: each table is filled from the view beside it and from nothing else.

CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE EXTENSION IF NOT EXISTS unaccent;

-- Lower-case, without accents and punctuation: what names and free text are compared by. unaccent() is only STABLE
-- because its dictionary may be altered; ours never is.
CREATE FUNCTION normalized(value text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
  AS $$ SELECT btrim(regexp_replace(lower(public.unaccent('public.unaccent', value)), '[^[:alnum:]]+', ' ', 'g')) $$;

-- A study's status is the last event of its main report.
CREATE VIEW study_status AS
SELECT s.id AS study_id,
  coalesce((
    SELECT event.status
    FROM study_publication sp JOIN publication_status_event event USING (publication_id)
    WHERE sp.study_id = s.id AND sp.position = 0
    ORDER BY event.occurred_on DESC NULLS LAST, event.position DESC
    LIMIT 1
  ), 'CURRENT'::publication_status) AS status
FROM study s;

CREATE VIEW evidence_row_source AS
SELECT
  r.id, r.slug, e.id AS effect_id, r.study_id, s.slug AS study_slug, report.year, s.design, s.subjects,
  status.status = 'RETRACTED' AS retracted,
  r.condition_id, r.population_id,
  coalesce((SELECT array_agg(pc.condition_id ORDER BY pc.condition_id) FROM population_condition pc WHERE pc.population_id = r.population_id), '{}') AS population_condition_ids,
  c.intervention_arm_id, c.comparator_arm_id, comparator.role AS comparator_role, r.contrast_id,
  CASE WHEN c.form_id IS NOT NULL THEN c.form_id WHEN cardinality(regimen.form_ids) = 1 THEN regimen.form_ids[1] END AS form_id,
  coalesce(CASE WHEN c.form_id IS NOT NULL THEN ARRAY[c.form_id] ELSE regimen.form_ids END, '{}') AS form_ids,
  so.outcome_id, so.instrument_id,
  coalesce(regimen.routes, '{}') AS routes,
  regimen.elemental_mg_low, regimen.elemental_mg_high, coalesce(regimen.dose_ambiguous, false) AS dose_ambiguous, regimen.duration_days,
  r.timepoint_days, r.timepoint_label, r.end_of_treatment, r.analysis_set, r.value_kind, r.unit, r.adjusted,
  e.participants, p.mean_age, p.female_percent, p.baseline_serum_magnesium,
  e.measure, e.analysis_scale,
  -- Through numeric, which keeps 15 significant digits: exp(ln(1.15)) is shown as 1.15.
  shown.estimate, e.standard_error, shown.ci_lower, shown.ci_upper, e.ci_level, e.p_value, e.p_value_operator,
  e.ci_lower > 0 OR e.ci_upper < 0 AS ci_excludes_null,
  e.standardized_benefit, e.direction, e.origin,
  coalesce(
    (SELECT b.overall FROM risk_of_bias b WHERE b.result_id = r.id ORDER BY b.assessed_on DESC, b.id LIMIT 1),
    (SELECT b.overall FROM risk_of_bias b WHERE b.study_id = r.study_id AND b.result_id IS NULL ORDER BY b.assessed_on DESC, b.id LIMIT 1)
  ) AS risk_of_bias,
  e.coherence, coalesce(e.absent_reason, r.absent_reason) AS absent_reason
FROM result r
JOIN effect e ON e.result_id = r.id AND e.is_default
JOIN study s ON s.id = r.study_id
JOIN study_status status ON status.study_id = s.id
JOIN study_outcome so ON so.id = r.study_outcome_id
JOIN population p ON p.id = r.population_id
JOIN contrast c ON c.id = r.contrast_id
LEFT JOIN arm comparator ON comparator.id = c.comparator_arm_id
LEFT JOIN study_publication sp ON sp.study_id = s.id AND sp.position = 0
LEFT JOIN publication report ON report.id = sp.publication_id
LEFT JOIN LATERAL (
  SELECT array_agg(DISTINCT d.form_id) AS form_ids, array_agg(DISTINCT d.route) AS routes,
    min(d.elemental_mg_per_day_low) AS elemental_mg_low, max(d.elemental_mg_per_day_high) AS elemental_mg_high,
    bool_or(d.elemental_mg_per_day_low < d.elemental_mg_per_day_high) AS dose_ambiguous,
    max(d.end_day) - min(d.start_day) AS duration_days
  FROM dose d WHERE d.arm_id = c.intervention_arm_id
) regimen ON true
CROSS JOIN LATERAL (
  SELECT
    (CASE e.analysis_scale WHEN 'LOG' THEN exp(e.estimate) WHEN 'FISHER_Z' THEN tanh(e.estimate) ELSE e.estimate END)::numeric::double precision AS estimate,
    (CASE e.analysis_scale WHEN 'LOG' THEN exp(e.ci_lower) WHEN 'FISHER_Z' THEN tanh(e.ci_lower) ELSE e.ci_lower END)::numeric::double precision AS ci_lower,
    (CASE e.analysis_scale WHEN 'LOG' THEN exp(e.ci_upper) WHEN 'FISHER_Z' THEN tanh(e.ci_upper) ELSE e.ci_upper END)::numeric::double precision AS ci_upper
) shown;

CREATE VIEW study_row_source AS
SELECT
  s.id AS study_id, s.slug, s.title, main.year, coalesce(s.participants_analysed, s.participants_randomized, sample.participants) AS participants,
  s.design, s.subjects, s.evidence_kind, status.status, s.countries,
  coalesce((
    SELECT array_agg(DISTINCT id ORDER BY id) FROM (
      SELECT r.condition_id AS id FROM result r WHERE r.study_id = s.id
      UNION SELECT pc.condition_id FROM population_condition pc JOIN population p ON p.id = pc.population_id WHERE p.study_id = s.id
      UNION SELECT pr.condition_id FROM pooled_result pr WHERE pr.study_id = s.id
    ) every
  ), '{}') AS condition_ids,
  coalesce((
    SELECT array_agg(DISTINCT id ORDER BY id) FROM (
      SELECT d.form_id AS id FROM dose d JOIN arm a ON a.id = d.arm_id WHERE a.study_id = s.id
      UNION SELECT c.form_id FROM contrast c WHERE c.study_id = s.id AND c.form_id IS NOT NULL
      UNION SELECT pr.form_id FROM pooled_result pr WHERE pr.study_id = s.id AND pr.form_id IS NOT NULL
    ) every
  ), '{}') AS form_ids,
  coalesce((
    SELECT array_agg(DISTINCT id ORDER BY id) FROM (
      SELECT so.outcome_id AS id FROM study_outcome so WHERE so.study_id = s.id
      UNION SELECT pr.outcome_id FROM pooled_result pr WHERE pr.study_id = s.id
    ) every
  ), '{}') AS outcome_ids,
  EXISTS (SELECT 1 FROM result r JOIN effect e ON e.result_id = r.id AND e.is_default WHERE r.study_id = s.id AND e.estimate IS NOT NULL AND e.standard_error IS NOT NULL) AS poolable,
  json_build_object(
    'id', s.id, 'slug', s.slug, 'title', s.title, 'evidenceKind', s.evidence_kind, 'design', s.design, 'subjects', s.subjects, 'species', s.species,
    'allocation', s.allocation,
    'masking', json_build_object('participants', s.masking_participants, 'providers', s.masking_providers, 'assessors', s.masking_assessors, 'text', s.masking_text),
    'countries', s.countries, 'countriesInferred', s.countries_inferred, 'setting', s.setting, 'funding', s.funding, 'conflictsOfInterest', s.conflicts_of_interest,
    'participantsRandomized', s.participants_randomized, 'participantsAnalysed', s.participants_analysed, 'keyFindings', s.key_findings, 'notes', s.notes,
    'status', status.status,
    'crossover', (SELECT json_build_object('periods', x.periods, 'periodDays', x.period_days, 'washoutDays', x.washout_days, 'analysis', x.analysis, 'withinPersonCorrelation', x.within_person_correlation, 'correlationSource', x.correlation_source) FROM crossover_design x WHERE x.study_id = s.id),
    'cluster', (SELECT json_build_object('clusters', x.clusters, 'meanClusterSize', x.mean_cluster_size, 'icc', x.icc, 'iccSource', x.icc_source) FROM cluster_design x WHERE x.study_id = s.id),
    'registrations', coalesce((SELECT json_agg(g.identity ORDER BY g.identity) FROM registration g WHERE g.study_id = s.id), '[]'),
    'publications', coalesce((
      SELECT json_agg(json_build_object(
        'id', pub.id, 'slug', pub.slug, 'role', sp.role, 'title', pub.title, 'titleAsPublished', pub.title_as_published, 'authorsIncomplete', pub.authors_incomplete,
        'journal', pub.journal, 'year', pub.year, 'publishedOn', pub.published_on, 'volume', pub.volume, 'issue', pub.issue, 'pages', pub.pages,
        'doi', pub.doi, 'pmid', pub.pmid, 'pmcid', pub.pmcid, 'types', pub.types, 'note', coalesce(sp.note, pub.note),
        'authors', coalesce((SELECT json_agg(json_build_object('family', a.family, 'given', a.given, 'corporate', a.corporate) ORDER BY a.position) FROM publication_author a WHERE a.publication_id = pub.id), '[]'),
        'statusEvents', coalesce((SELECT json_agg(json_build_object('status', v.status, 'occurredOn', v.occurred_on, 'note', v.note, 'source', v.source) ORDER BY v.occurred_on NULLS FIRST, v.position) FROM publication_status_event v WHERE v.publication_id = pub.id), '[]'),
        'relations', coalesce((SELECT json_agg(json_build_object('type', rel.type, 'slug', other.slug, 'doi', other.doi) ORDER BY rel.type, other.slug) FROM publication_relation rel JOIN publication other ON other.id = rel.to_id WHERE rel.from_id = pub.id), '[]')
      ) ORDER BY sp.position)
      FROM study_publication sp JOIN publication pub ON pub.id = sp.publication_id WHERE sp.study_id = s.id
    ), '[]'),
    'populations', coalesce((
      SELECT json_agg(json_build_object(
        'id', p.id, 'slug', p.slug, 'label', p.label, 'isWholeSample', p.is_whole_sample, 'participants', p.participants, 'meanAge', p.mean_age, 'sdAge', p.sd_age,
        'minAge', p.min_age, 'maxAge', p.max_age, 'femalePercent', p.female_percent, 'severity', p.severity, 'pregnant', p.pregnant,
        'baselineSerumMagnesium', p.baseline_serum_magnesium, 'inclusion', p.inclusion, 'note', p.note,
        'conditionIds', coalesce((SELECT json_agg(pc.condition_id ORDER BY pc.condition_id) FROM population_condition pc WHERE pc.population_id = p.id), '[]'),
        'provenance', json_build_object('source', src.source, 'locator', src.locator, 'recordedAt', src.recorded_at, 'note', src.note)
      ) ORDER BY p.position)
      FROM population p JOIN source src ON src.id = p.source_id WHERE p.study_id = s.id
    ), '[]'),
    'arms', coalesce((
      SELECT json_agg(json_build_object(
        'id', a.id, 'slug', a.slug, 'label', a.label, 'role', a.role, 'randomized', a.randomized, 'analysed', a.analysed, 'coInterventions', a.co_interventions, 'note', a.note,
        'doses', coalesce((
          SELECT json_agg(json_build_object(
            'id', d.id, 'slug', d.slug, 'formId', d.form_id, 'route', d.route, 'phase', d.phase, 'startDay', d.start_day, 'endDay', d.end_day,
            'reportedAmount', d.reported_amount, 'reportedUnit', d.reported_unit, 'basis', d.basis, 'timesPerDay', d.times_per_day, 'reportedText', d.reported_text,
            'reportedElementalMgPerDay', d.reported_elemental_mg_per_day, 'reportedSaltMgPerDay', d.reported_salt_mg_per_day,
            'elementalMgPerDayLow', d.elemental_mg_per_day_low, 'elementalMgPerDayHigh', d.elemental_mg_per_day_high, 'saltMgPerDay', d.salt_mg_per_day,
            'conversionNote', d.conversion_note, 'note', d.note,
            'provenance', json_build_object('source', src.source, 'locator', src.locator, 'recordedAt', src.recorded_at, 'note', src.note)
          ) ORDER BY d.phase, d.id)
          FROM dose d JOIN source src ON src.id = d.source_id WHERE d.arm_id = a.id
        ), '[]')
      ) ORDER BY a.position)
      FROM arm a WHERE a.study_id = s.id
    ), '[]'),
    'riskOfBias', coalesce((
      SELECT json_agg(json_build_object(
        'id', b.id, 'slug', b.slug, 'resultId', b.result_id, 'tool', b.tool, 'version', b.version, 'overall', b.overall, 'assessedBy', b.assessed_by, 'assessedOn', b.assessed_on,
        'domains', coalesce((SELECT json_agg(json_build_object('domain', bd.domain, 'judgement', bd.judgement, 'support', bd.support) ORDER BY bd.position) FROM risk_of_bias_domain bd WHERE bd.assessment_id = b.id), '[]'),
        'provenance', json_build_object('source', src.source, 'locator', src.locator, 'recordedAt', src.recorded_at, 'note', src.note)
      ) ORDER BY b.assessed_on DESC, b.id)
      FROM risk_of_bias b JOIN source src ON src.id = b.source_id WHERE b.study_id = s.id
    ), '[]'),
    'sources', coalesce((SELECT json_agg(json_build_object('source', src.source, 'locator', src.locator, 'recordedAt', src.recorded_at, 'note', src.note, 'supports', src.supports) ORDER BY src.id) FROM source src WHERE src.study_id = s.id), '[]')
  ) AS document
FROM study s
JOIN study_status status ON status.study_id = s.id
LEFT JOIN study_publication msp ON msp.study_id = s.id AND msp.position = 0
LEFT JOIN publication main ON main.id = msp.publication_id
LEFT JOIN population sample ON sample.study_id = s.id AND sample.is_whole_sample;

CREATE VIEW term_name_source AS
WITH term AS (
  SELECT 'CONDITION'::search_kind AS kind, id, slug, name, synonyms, ARRAY[]::text[] AS abbreviations FROM condition
  UNION ALL SELECT 'FORM', id, slug, name, synonyms, '{}' FROM magnesium_form
  UNION ALL SELECT 'OUTCOME', id, slug, name, synonyms, '{}' FROM outcome
  UNION ALL SELECT 'INSTRUMENT', id, slug, name, synonyms, array_remove(ARRAY[abbreviation], NULL) FROM instrument
), named AS (
  SELECT kind, id, slug, name AS name, 0 AS rank FROM term
  UNION ALL SELECT kind, id, slug, unnest(synonyms || abbreviations), 1 FROM term
  UNION ALL SELECT 'CONDITION', c.condition_id, t.slug, c.value, 2 FROM condition_code c JOIN condition t ON t.id = c.condition_id
  UNION ALL SELECT 'FORM', c.form_id, t.slug, c.value, 2 FROM form_code c JOIN magnesium_form t ON t.id = c.form_id
  UNION ALL SELECT 'OUTCOME', c.outcome_id, t.slug, c.value, 2 FROM outcome_code c JOIN outcome t ON t.id = c.outcome_id
  UNION ALL SELECT 'INSTRUMENT', c.instrument_id, t.slug, c.value, 2 FROM instrument_code c JOIN instrument t ON t.id = c.instrument_id
)
SELECT DISTINCT ON (kind, id, name) kind, id AS ref_id, slug, name, normalized(name) AS normalized, rank FROM named ORDER BY kind, id, name, rank;

CREATE VIEW search_row_source AS
SELECT entry.*, setweight(to_tsvector('english', normalized(title)), 'A') || setweight(to_tsvector('english', normalized(names)), 'B') || setweight(to_tsvector('english', normalized(body)), 'C') AS vector
FROM (
  SELECT 'STUDY'::search_kind AS kind, s.id AS ref_id, s.slug, s.title,
    concat_ws(' ', replace(s.slug, '-', ' '),
      (SELECT string_agg(concat_ws(' ', pub.year::text, pub.title, pub.journal, pub.doi, pub.pmid, pub.pmcid, (SELECT string_agg(concat_ws(' ', a.family, a.corporate), ' ') FROM publication_author a WHERE a.publication_id = pub.id)), ' ')
        FROM study_publication sp JOIN publication pub ON pub.id = sp.publication_id WHERE sp.study_id = s.id AND sp.role <> 'TABULATED_IN'),
      (SELECT string_agg(g.identity, ' ') FROM registration g WHERE g.study_id = s.id)) AS names,
    concat_ws(' ', s.key_findings, s.setting, s.allocation,
      (SELECT string_agg(concat_ws(' ', c.name, array_to_string(c.synonyms, ' ')), ' ') FROM condition c WHERE c.id = ANY (row.condition_ids)),
      (SELECT string_agg(concat_ws(' ', f.name, array_to_string(f.synonyms, ' ')), ' ') FROM magnesium_form f WHERE f.id = ANY (row.form_ids)),
      (SELECT string_agg(concat_ws(' ', o.name, so.name), ' ') FROM study_outcome so JOIN outcome o ON o.id = so.outcome_id WHERE so.study_id = s.id)) AS body
  FROM study s JOIN study_row row ON row.study_id = s.id
  UNION ALL SELECT 'CONDITION', id, slug, name, array_to_string(synonyms, ' '), coalesce(description, '') FROM condition
  UNION ALL SELECT 'FORM', id, slug, name, array_to_string(synonyms, ' '), coalesce(description, '') FROM magnesium_form
  UNION ALL SELECT 'OUTCOME', id, slug, name, array_to_string(synonyms, ' '), coalesce(description, '') FROM outcome
  UNION ALL SELECT 'INSTRUMENT', id, slug, name, concat_ws(' ', abbreviation, array_to_string(synonyms, ' ')), coalesce(description, '') FROM instrument
  UNION ALL SELECT 'CLAIM', id, slug, statement, replace(slug, '-', ' '), concat_ws(' ', section, explanation) FROM claim
) entry;

CREATE INDEX search_row_name_trigrams ON search_row USING gin (normalized(title || ' ' || names) gin_trgm_ops);
CREATE INDEX term_name_trigrams ON term_name USING gin (normalized gin_trgm_ops);

-- Indexes that Prisma's schema cannot say; the others stand there.
CREATE INDEX evidence_row_instrument ON evidence_row (instrument_id, id) WHERE instrument_id IS NOT NULL;

-- Orders. Missing values sort as an infinity on the side that was asked for, so that one row comparison pages through
-- every row; no stored number is infinite.
CREATE INDEX evidence_row_benefit_high ON evidence_row ((coalesce(standardized_benefit, 'Infinity')), id);
CREATE INDEX evidence_row_benefit_low ON evidence_row ((coalesce(standardized_benefit, '-Infinity')), id);
CREATE INDEX evidence_row_participants_high ON evidence_row ((coalesce(participants::double precision, 'Infinity')), id);
CREATE INDEX evidence_row_participants_low ON evidence_row ((coalesce(participants::double precision, '-Infinity')), id);
CREATE INDEX evidence_row_year_high ON evidence_row ((coalesce(year::double precision, 'Infinity')), id);
CREATE INDEX evidence_row_year_low ON evidence_row ((coalesce(year::double precision, '-Infinity')), id);
CREATE INDEX evidence_row_p_value_high ON evidence_row ((coalesce(p_value, 'Infinity')), id);
CREATE INDEX evidence_row_dose_high ON evidence_row ((coalesce(elemental_mg_low, 'Infinity')), id);
CREATE INDEX evidence_row_dose_low ON evidence_row ((coalesce(elemental_mg_low, '-Infinity')), id);
CREATE INDEX evidence_row_study_slug ON evidence_row (study_slug COLLATE "C", id);
-- The usual page, of a condition and by study, ends after its rows; without this it sorts all that the condition has.
CREATE INDEX evidence_row_condition_study ON evidence_row (condition_id, study_slug COLLATE "C", id);

CREATE INDEX study_row_year ON study_row ((coalesce(year::double precision, '-Infinity')), study_id);
CREATE INDEX study_row_title ON study_row (title COLLATE "C", study_id);

-- Look-ups compare registry ids in capitals, also where only DOIs are asked about.
CREATE INDEX registration_identity_capitals ON registration (upper(identity));

-- Fills the read model again. With `studies` null, all of it; else the rows of those studies (and every term's, which are few).
CREATE FUNCTION refresh_read_model(studies int[] DEFAULT NULL) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM evidence_row WHERE studies IS NULL OR study_id = ANY (studies);
  DELETE FROM study_row WHERE studies IS NULL OR study_id = ANY (studies);
  DELETE FROM search_row WHERE studies IS NULL OR kind <> 'STUDY' OR ref_id = ANY (studies);
  DELETE FROM term_name;
  INSERT INTO evidence_row SELECT * FROM evidence_row_source WHERE studies IS NULL OR study_id = ANY (studies);
  INSERT INTO study_row SELECT * FROM study_row_source WHERE studies IS NULL OR study_id = ANY (studies);
  INSERT INTO search_row SELECT * FROM search_row_source WHERE studies IS NULL OR kind <> 'STUDY' OR ref_id = ANY (studies);
  INSERT INTO term_name SELECT * FROM term_name_source;
END $$;
