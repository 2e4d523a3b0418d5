-- What files could not say: assessments of bias as reviews print them, doubts of third parties, hours between medicines on either side, amounts by weight and
-- by the hour, routes that were not read, inferred numbers of people, widths of quartiles, thresholds of response, exposure categories.
ALTER TYPE route ADD VALUE IF NOT EXISTS 'EPIDURAL';
ALTER TYPE route ADD VALUE IF NOT EXISTS 'CAUDAL';
ALTER TYPE route ADD VALUE IF NOT EXISTS 'PERINEURAL';
ALTER TYPE route ADD VALUE IF NOT EXISTS 'INTRAPERITONEAL';
ALTER TYPE route ADD VALUE IF NOT EXISTS 'INFILTRATION';
ALTER TYPE route ADD VALUE IF NOT EXISTS 'GARGLE';
ALTER TYPE route ADD VALUE IF NOT EXISTS 'DIALYSATE';
ALTER TYPE route ADD VALUE IF NOT EXISTS 'PARENTERAL_MIXED';
ALTER TYPE route ADD VALUE IF NOT EXISTS 'NOT_STATED';

CREATE TYPE amount_per AS ENUM ('KG', 'HOUR', 'KG_HOUR');
ALTER TABLE dose
  ADD COLUMN amount_per amount_per,
  ADD COLUMN days_per_week double precision CHECK (days_per_week > 0 AND days_per_week <= 7),
  ADD COLUMN elemental_mg_per_kg_low double precision CHECK (elemental_mg_per_kg_low > 0),
  ADD COLUMN elemental_mg_per_kg_high double precision CHECK (elemental_mg_per_kg_high >= elemental_mg_per_kg_low),
  ADD COLUMN elemental_mg_per_hour_low double precision CHECK (elemental_mg_per_hour_low > 0),
  ADD COLUMN elemental_mg_per_hour_high double precision CHECK (elemental_mg_per_hour_high >= elemental_mg_per_hour_low);

-- `level` is what the certainty goes by: the overall judgement, or what the judgements of the domains that were read come to.
ALTER TABLE risk_of_bias
  ALTER COLUMN overall DROP NOT NULL,
  ADD COLUMN level risk_of_bias_level,
  ADD COLUMN read_to text,
  ADD COLUMN score double precision CHECK (score >= 0),
  ADD COLUMN score_maximum double precision CHECK (score_maximum >= score),
  ADD COLUMN review_id integer REFERENCES study (id) ON DELETE SET NULL ON UPDATE CASCADE,
  ADD COLUMN assessed_precision text NOT NULL DEFAULT 'DAY' CHECK (assessed_precision IN ('DAY', 'MONTH', 'YEAR'));
UPDATE risk_of_bias SET level = overall;
CREATE INDEX risk_of_bias_review_id_idx ON risk_of_bias (review_id);

CREATE TABLE study_concern (
  study_id integer NOT NULL REFERENCES study (id) ON DELETE CASCADE ON UPDATE CASCADE,
  position integer NOT NULL,
  raised_by text NOT NULL,
  note text NOT NULL,
  raised_on date,
  source_id integer NOT NULL REFERENCES source (id) ON DELETE RESTRICT ON UPDATE CASCADE,
  PRIMARY KEY (study_id, position)
);
CREATE INDEX study_concern_source_id_idx ON study_concern (source_id);

-- The medicine so many hours before magnesium, and so many after it.
ALTER TABLE interaction
  ADD COLUMN hours_before_low double precision CHECK (hours_before_low > 0),
  ADD COLUMN hours_before_high double precision CHECK (hours_before_high >= hours_before_low),
  ADD COLUMN hours_after_low double precision CHECK (hours_after_low > 0),
  ADD COLUMN hours_after_high double precision CHECK (hours_after_high >= hours_after_low);

ALTER TABLE arm_result
  ADD COLUMN n_inferred text,
  ADD COLUMN iqr double precision CHECK (iqr > 0);

ALTER TABLE result
  ADD COLUMN response_percent double precision CHECK (response_percent > 0 AND response_percent <= 100),
  ADD COLUMN over_arms text[],
  ADD COLUMN over_arms_p double precision CHECK (over_arms_p BETWEEN 0 AND 1),
  ADD COLUMN over_arms_p_operator comparison;

CREATE TABLE result_source (
  result_id integer NOT NULL REFERENCES result (id) ON DELETE CASCADE ON UPDATE CASCADE,
  position integer NOT NULL,
  source_id integer NOT NULL REFERENCES source (id) ON DELETE RESTRICT ON UPDATE CASCADE,
  PRIMARY KEY (result_id, position)
);
CREATE INDEX result_source_source_id_idx ON result_source (source_id);

CREATE TABLE exposure_category (
  result_id integer NOT NULL REFERENCES result (id) ON DELETE CASCADE ON UPDATE CASCADE,
  position integer NOT NULL,
  label text NOT NULL,
  is_reference boolean NOT NULL,
  dose double precision,
  dose_unit text,
  cases integer CHECK (cases >= 0),
  participants integer CHECK (participants >= cases),
  person_years double precision CHECK (person_years > 0),
  PRIMARY KEY (result_id, position)
);

CREATE OR REPLACE VIEW evidence_row_source AS
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
    (SELECT b.level FROM risk_of_bias b WHERE b.result_id = r.id AND b.level IS NOT NULL ORDER BY b.assessed_on DESC, b.id LIMIT 1),
    (SELECT b.level FROM risk_of_bias b WHERE b.study_id = r.study_id AND b.result_id IS NULL AND b.level IS NOT NULL ORDER BY b.assessed_on DESC, b.id LIMIT 1)
  ) AS risk_of_bias,
  e.coherence, coalesce(e.absent_reason, r.absent_reason) AS absent_reason,
  c.comparison_kind, c.comparison_key, c.agents, c.combined_with,
  (CASE
    WHEN c.comparison_kind = 'NONE' THEN 'UNCONTROLLED'
    -- A level or an intake is nothing that anybody was allocated to, whatever the design of the study that reports it.
    WHEN s.design IN ('RCT_PARALLEL', 'RCT_CROSSOVER', 'RCT_CLUSTER', 'RCT_FACTORIAL') THEN CASE WHEN c.comparison_kind = 'EXPOSURE' THEN 'COHORT' ELSE 'RANDOMIZED' END
    WHEN s.design IN ('COHORT', 'CASE_CONTROL', 'CROSS_SECTIONAL') THEN s.design::text
    WHEN s.design = 'MENDELIAN_RANDOMIZATION' THEN 'COHORT'
    WHEN s.design IN ('SINGLE_ARM', 'CASE_SERIES', 'REVIEW') THEN 'UNCONTROLLED'
    ELSE 'NON_RANDOMIZED'
  END)::evidence_class AS evidence_class,
  c.exposure_kind AS exposure_metric, r.is_primary, r.unit_of_analysis
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

CREATE OR REPLACE VIEW pooling_row_source AS
SELECT
  e.id, e.study_id,
  (SELECT coalesce(a.family, a.corporate) FROM study_publication sp JOIN publication_author a ON a.publication_id = sp.publication_id
   WHERE sp.study_id = e.study_id AND sp.position = 0 ORDER BY a.position LIMIT 1) AS author,
  p.slug AS population_slug, p.is_whole_sample AS whole_sample, intervention.slug AS intervention_slug, comparator.slug AS comparator_slug,
  CASE WHEN c.exposure_metric IS NOT NULL THEN
    json_build_object('metric', c.exposure_metric, 'unit', c.exposure_unit, 'contrasted', c.exposure_contrasted, 'reference', c.exposure_reference, 'isMore', c.exposure_is_more, 'rank', c.exposure_rank) END AS exposure,
  -- The numbers of the report that counts, the default one first.
  (SELECT json_agg(json_build_array(o.measure, o.is_default, o.estimate, o.standard_error, o.origin, o.assumptions) ORDER BY o.is_default DESC, o.id) FROM effect o WHERE o.report_id = f.report_id) AS effects,
  -- Of the intervention's arm and the comparator's; without both there is nothing to combine or to count.
  (SELECT CASE WHEN count(*) = 2 THEN json_agg(json_strip_nulls(json_build_object(
      'n', a.n, 'events', a.events, 'percent', a.percent, 'mean', a.mean, 'sd', a.sd, 'se', a.se, 'ciLower', a.ci_lower, 'ciUpper', a.ci_upper, 'median', a.median, 'q1', a.q1, 'q3', a.q3, 'iqr', a.iqr, 'minimum', a.minimum, 'maximum', a.maximum
    )) ORDER BY a.arm_id <> e.intervention_arm_id) END
   FROM arm_result a WHERE a.report_id = f.report_id AND a.arm_id IN (e.intervention_arm_id, e.comparator_arm_id)) AS arms,
  p.partition,
  (SELECT status.status = 'CONCERN' FROM study_status status WHERE status.study_id = e.study_id) OR EXISTS (SELECT 1 FROM study_concern k WHERE k.study_id = e.study_id) AS concern,
  so.name AS result_name,
  -- Share of the comparator's arm with the event, which some reports print of that arm alone.
  (SELECT CASE WHEN a.events IS NOT NULL AND a.n > 0 THEN a.events::double precision / a.n WHEN e.value_kind = 'EVENT' THEN a.percent / 100 END
   FROM arm_result a WHERE a.report_id = f.report_id AND a.arm_id = e.comparator_arm_id ORDER BY a.position LIMIT 1) AS baseline_risk
FROM evidence_row e
JOIN effect f ON f.id = e.effect_id
JOIN population p ON p.id = e.population_id
JOIN contrast c ON c.id = e.contrast_id
JOIN result r ON r.id = e.id
JOIN study_outcome so ON so.id = r.study_outcome_id
LEFT JOIN arm intervention ON intervention.id = e.intervention_arm_id
LEFT JOIN arm comparator ON comparator.id = e.comparator_arm_id;

CREATE OR REPLACE VIEW study_row_source AS
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
    'countries', s.countries, 'countriesInferred', s.countries_inferred, 'cohorts', s.cohorts, 'setting', s.setting, 'funding', s.funding, 'conflictsOfInterest', s.conflicts_of_interest,
    'participantsRandomized', s.participants_randomized, 'participantsAnalysed', s.participants_analysed, 'keyFindings', s.key_findings, 'notes', s.notes,
    'status', status.status,
    'concerns', coalesce((SELECT json_agg(json_build_object('raisedBy', k.raised_by, 'note', k.note, 'raisedOn', k.raised_on, 'provenance', json_build_object('source', src.source, 'locator', src.locator, 'recordedAt', src.recorded_at, 'note', src.note)) ORDER BY k.position) FROM study_concern k JOIN source src ON src.id = k.source_id WHERE k.study_id = s.id), '[]'),
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
        'baselineSerumMagnesium', p.baseline_serum_magnesium, 'inclusion', p.inclusion, 'partition', p.partition, 'note', p.note,
        'conditionIds', coalesce((SELECT json_agg(pc.condition_id ORDER BY pc.condition_id) FROM population_condition pc WHERE pc.population_id = p.id), '[]'),
        'provenance', json_build_object('source', src.source, 'locator', src.locator, 'recordedAt', src.recorded_at, 'note', src.note)
      ) ORDER BY p.position)
      FROM population p JOIN source src ON src.id = p.source_id WHERE p.study_id = s.id
    ), '[]'),
    'arms', coalesce((
      SELECT json_agg(json_build_object(
        'id', a.id, 'slug', a.slug, 'label', a.label, 'role', a.role, 'randomized', a.randomized, 'analysed', a.analysed, 'coInterventions', a.co_interventions, 'note', a.note,
        'agentIds', CASE WHEN a.agents_known THEN coalesce((SELECT json_agg(g.treatment_id ORDER BY g.treatment_id) FROM arm_agent g WHERE g.arm_id = a.id), '[]') END,
        'doses', coalesce((
          SELECT json_agg(json_build_object(
            'id', d.id, 'slug', d.slug, 'formId', d.form_id, 'route', d.route, 'phase', d.phase, 'startDay', d.start_day, 'endDay', d.end_day,
            'reportedAmount', d.reported_amount, 'reportedUnit', d.reported_unit, 'basis', d.basis, 'amountPer', d.amount_per, 'timesPerDay', d.times_per_day, 'daysPerWeek', d.days_per_week, 'reportedText', d.reported_text,
            'reportedElementalMgPerDay', d.reported_elemental_mg_per_day, 'reportedSaltMgPerDay', d.reported_salt_mg_per_day,
            'elementalMgPerDayLow', d.elemental_mg_per_day_low, 'elementalMgPerDayHigh', d.elemental_mg_per_day_high, 'saltMgPerDay', d.salt_mg_per_day, 'elementalMgPerKgLow', d.elemental_mg_per_kg_low, 'elementalMgPerKgHigh', d.elemental_mg_per_kg_high, 'elementalMgPerHourLow', d.elemental_mg_per_hour_low, 'elementalMgPerHourHigh', d.elemental_mg_per_hour_high,
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
        'id', b.id, 'slug', b.slug, 'resultId', b.result_id, 'tool', b.tool, 'version', b.version, 'overall', b.overall, 'level', b.level, 'readTo', b.read_to, 'score', b.score, 'scoreMaximum', b.score_maximum, 'reviewId', b.review_id, 'assessedPrecision', b.assessed_precision, 'assessedBy', b.assessed_by, 'assessedOn', b.assessed_on,
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
