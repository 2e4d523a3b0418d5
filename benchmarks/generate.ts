import type { Database } from '../src/database/client.js'

export interface Size {
  readonly studies: number
  readonly effects: number
  /** Whether only the read model is kept; what it was made from goes when it is made, for it would fill another half of the disk. */
  readonly readModelOnly?: boolean
}

/** Above every key that the curated evidence uses. */
const firstKey = 1_000_000

/**
 * Fills a migrated database that holds the corpus with generated trials, by SQL alone: the same seed gives the same rows.
 *
 * Skewed as evidence is: a few conditions, forms and outcomes have most of the results, some studies have many results and
 * most have few, a few trials are huge; a third of the doses are intervals, values are missing here and there.
 */
export async function generate(database: Database, size: Size, seed: number, say: (line: string) => void): Promise<void> {
  const client = await database.pool.connect()
  try {
    // Rows are made to fit each other: looking every foreign key up again would only take time.
    await client.query("SET session_replication_role = replica; SET statement_timeout = 0; SET work_mem = '256MB'; SET maintenance_work_mem = '512MB'")
    await client.query(functions(seed))
    for (const [what, statement] of statements(size)) {
      const startedAt = performance.now()
      await client.query(statement)
      say(`  ${what}: ${((performance.now() - startedAt) / 1000).toFixed(1)} s`)
    }
    await client.query('RESET session_replication_role')
  } finally {
    client.release(true)
  }
}

/** Pseudo-random numbers from a row's key and a salt; picks from a vocabulary, early entries far more often. */
const functions = (seed: number) => `
  CREATE OR REPLACE FUNCTION pg_temp.chance(key bigint, salt int) RETURNS double precision LANGUAGE sql IMMUTABLE AS
    $$ SELECT (hashint8extended(key * 2654435761, ${seed} + salt) & 9007199254740991)::double precision / 9007199254740992 $$;
  CREATE TEMP TABLE picks AS SELECT
    (SELECT array_agg(id ORDER BY md5(slug)) FROM condition) AS conditions,
    (SELECT array_agg(id ORDER BY md5(slug)) FROM magnesium_form) AS forms,
    (SELECT array_agg(id ORDER BY md5(slug)) FROM outcome) AS outcomes,
    ARRAY['Abe','Baker','Costa','Dahl','Evans','Fischer','Garcia','Hansen','Ito','Jansen','Kim','Larsen','Moreau','Novak','Olsen','Petrov','Quist','Rossi','Sato','Tanaka','Ueda','Vargas','Weber','Xu','Yilmaz','Zhang'] AS names;
  CREATE OR REPLACE FUNCTION pg_temp.pick(choices int[], chance double precision) RETURNS int LANGUAGE sql IMMUTABLE AS
    $$ SELECT choices[1 + floor(cardinality(choices) * chance ^ 3)::int] $$;`

function statements({ studies, effects, readModelOnly = false }: Size): [string, string][] {
  const key = (expression: string) => `${firstKey} + ${expression}`
  const everyStudy = `FROM generate_series(1, ${studies}) n, picks`
  return [
    [
      'plan of the studies',
      `CREATE TEMP TABLE trial AS SELECT n, ${key('n')} AS id,
      pg_temp.pick(conditions, pg_temp.chance(n, 1)) AS condition_id, pg_temp.pick(forms, pg_temp.chance(n, 2)) AS form_id,
      1980 + floor(46 * sqrt(pg_temp.chance(n, 3)))::int AS year, names[1 + floor(cardinality(names) * pg_temp.chance(n, 4))::int] AS author,
      greatest(12, floor(20 / (pg_temp.chance(n, 5) + 0.0005)))::int AS participants,
      (CASE WHEN pg_temp.chance(n, 6) < 0.7 THEN 'RCT_PARALLEL' WHEN pg_temp.chance(n, 6) < 0.82 THEN 'RCT_CROSSOVER' WHEN pg_temp.chance(n, 6) < 0.9 THEN 'COHORT' WHEN pg_temp.chance(n, 6) < 0.97 THEN 'CROSS_SECTIONAL' ELSE 'ANIMAL' END)::study_design AS design
      ${everyStudy}; CREATE INDEX ON trial (id); ANALYZE trial`,
    ],
    [
      'publications',
      `INSERT INTO publication (id, slug, title, title_as_published, authors_incomplete, journal, year, volume, pages, doi, pmid, types)
      SELECT t.id, 'generated-' || t.n, initcap(f.name) || ' for ' || c.name || ': trial ' || t.n, true, false, 'Journal of Generated Trials', t.year, (t.n % 90)::text, (t.n % 900)::text, '10.99999/generated.' || t.n, (90000000 + t.n)::text, '{}'
      FROM trial t JOIN magnesium_form f ON f.id = t.form_id JOIN condition c ON c.id = t.condition_id`,
    ],
    [
      'authors',
      `INSERT INTO publication_author (publication_id, position, family, given) SELECT t.id, p, CASE p WHEN 0 THEN t.author ELSE names[1 + (t.n + p * 7) % cardinality(names)] END, 'AB' FROM trial t, picks, generate_series(0, 2) p`,
    ],
    [
      'retractions',
      `INSERT INTO publication_status_event (publication_id, position, status, source) SELECT id, 0, 'RETRACTED', 'generated' FROM trial WHERE n % 400 = 0`,
    ],
    [
      'studies',
      `INSERT INTO study (id, slug, title, evidence_kind, design, subjects, masking_participants, masking_providers, masking_assessors, countries, countries_inferred, participants_randomized, participants_analysed, key_findings, notes)
      SELECT t.id, lower(t.author) || '-' || t.year || '-' || t.n, initcap(f.name) || ' for ' || c.name || ' (' || t.author || ' ' || t.year || ')', 'PRIMARY', t.design, (CASE WHEN t.design = 'ANIMAL' THEN 'ANIMAL' ELSE 'HUMAN' END)::subject_kind, 'MASKED', 'MASKED', 'UNKNOWN',
        ARRAY[(ARRAY['US','IR','DE','CN','IT','BR','TH','GB'])[1 + t.n % 8]], false, t.participants, t.participants, 'A generated trial of ' || f.name || ' in ' || t.participants || ' people with ' || c.name || '.', '{}'
      FROM trial t JOIN magnesium_form f ON f.id = t.form_id JOIN condition c ON c.id = t.condition_id`,
    ],
    ['study publications', `INSERT INTO study_publication (study_id, publication_id, role, position) SELECT id, id, 'PRIMARY_REPORT', 0 FROM trial`],
    ['sources', `INSERT INTO source (id, slug, source, recorded_at, study_id) SELECT id, 'generated/' || n, 'generated', '2026-01-01', id FROM trial`],
    [
      'populations',
      `INSERT INTO population (id, slug, study_id, position, label, is_whole_sample, participants, mean_age, female_percent, baseline_serum_magnesium, source_id)
      SELECT id, 'generated/' || n, id, 0, 'whole sample', true, participants, CASE WHEN n % 5 > 0 THEN 20 + 60 * pg_temp.chance(n, 7) END, CASE WHEN n % 4 > 0 THEN 100 * pg_temp.chance(n, 8) END, CASE WHEN n % 3 = 0 THEN 0.6 + 0.4 * pg_temp.chance(n, 9) END, id FROM trial`,
    ],
    ['population conditions', `INSERT INTO population_condition (population_id, condition_id) SELECT id, condition_id FROM trial`],
    [
      'arms',
      `INSERT INTO arm (id, slug, study_id, position, label, role, randomized, analysed, co_interventions)
      SELECT ${firstKey} + 2 * t.n + a, 'generated/' || t.n || '/' || a, t.id, a, CASE a WHEN 0 THEN 'magnesium' ELSE 'control' END, (CASE WHEN a = 0 THEN 'MAGNESIUM' WHEN t.n % 7 = 0 THEN 'NO_TREATMENT' ELSE 'PLACEBO' END)::arm_role, t.participants / 2, t.participants / 2, '{}'
      FROM trial t, generate_series(0, 1) a`,
    ],
    [
      'doses',
      `INSERT INTO dose (id, slug, arm_id, form_id, route, phase, start_day, end_day, reported_amount, reported_unit, basis, elemental_mg_per_day_low, elemental_mg_per_day_high, source_id)
      SELECT id, 'generated/' || n, ${firstKey} + 2 * n, form_id, (CASE WHEN n % 9 = 0 THEN 'INTRAVENOUS' ELSE 'ORAL' END)::route, 1, 0, 7 * (1 + n % 26), 100 * (1 + n % 8), 'MG', 'SALT', low, low * CASE WHEN n % 3 = 0 THEN 1.5 ELSE 1 END, id
      FROM (SELECT *, round((50 + 450 * pg_temp.chance(n, 10))::numeric, 1)::double precision AS low FROM trial) t`,
    ],
    [
      'contrasts',
      `INSERT INTO contrast (id, slug, study_id, intervention_arm_id, comparator_arm_id, comparison_kind, comparison_key, agents, combined_with) SELECT id, 'generated/' || n, id, ${firstKey} + 2 * n, ${firstKey} + 2 * n + 1, 'INACTIVE', 'INACTIVE', '{}', '{}' FROM trial`,
    ],
    [
      'plan of the results',
      `CREATE TEMP TABLE finding AS SELECT i, ${key('i')} AS id, t.id AS study_id, t.n, t.condition_id, t.participants, outcome_id, binary_outcome, better,
        CASE WHEN pg_temp.chance(i, 14) < 0.08 THEN NULL ELSE (pg_temp.chance(i, 11) + pg_temp.chance(i, 12) + pg_temp.chance(i, 13) - 1.55) * 0.9 END AS smd, sqrt(4.0 / t.participants) AS se
      FROM (
        SELECT i, ${key(`1 + floor(${studies} * pg_temp.chance(i, 15) ^ 1.4)::int`)} AS study_id, o.id AS outcome_id, o.type = 'BINARY' AS binary_outcome, CASE o.benefit_direction WHEN 'HIGHER' THEN 1 WHEN 'LOWER' THEN -1 END AS better
        FROM generate_series(1, ${effects}) i, picks, LATERAL (SELECT * FROM outcome WHERE id = pg_temp.pick(outcomes, pg_temp.chance(i, 16))) o
      ) r JOIN trial t ON t.id = r.study_id`,
    ],
    [
      'outcomes of the studies',
      `INSERT INTO study_outcome (id, slug, study_id, outcome_id, name, is_primary) SELECT id, 'generated/' || i, study_id, outcome_id, 'outcome ' || i, i % 5 = 0 FROM finding`,
    ],
    [
      'results',
      `INSERT INTO result (id, slug, study_id, contrast_id, study_outcome_id, population_id, condition_id, timepoint_days, timepoint_label, end_of_treatment, analysis_set, value_kind, adjusted, covariates)
      SELECT id, 'generated-' || n || '-' || i, study_id, study_id, id, study_id, condition_id, 7 * (1 + i % 26), (1 + i % 26) || ' weeks', true, 'ITT', (CASE WHEN binary_outcome THEN 'EVENT' ELSE 'FINAL' END)::value_kind, false, '{}' FROM finding`,
    ],
    ['reports', `INSERT INTO result_report (id, slug, result_id, position, source_id) SELECT id, 'generated/' || i, id, 0, study_id FROM finding`],
    [
      'effects',
      `INSERT INTO effect (id, slug, result_id, report_id, is_default, measure, analysis_scale, estimate, standard_error, ci_lower, ci_upper, ci_level, p_value, p_value_operator, origin, formula, assumptions, participants, direction, standardized_benefit, coherence, coherence_checks, absent_reason)
      SELECT id, 'generated/' || i, id, id, true, (CASE WHEN binary_outcome THEN 'OR' WHEN i % 3 = 0 THEN 'SMD' ELSE 'MD' END)::effect_measure, (CASE WHEN binary_outcome THEN 'LOG' ELSE 'IDENTITY' END)::analysis_scale,
        effect, CASE WHEN effect IS NOT NULL THEN spread END, effect - 1.959964 * spread, effect + 1.959964 * spread, CASE WHEN effect IS NOT NULL THEN 0.95 END, CASE WHEN effect IS NULL THEN 0.05 ELSE least(1, exp(greatest(-500, -0.717 * abs(smd / se) - 0.416 * (smd / se) ^ 2))) END, (CASE WHEN effect IS NULL THEN 'LT' ELSE 'EQ' END)::comparison,
        'ARM_DATA', 'generated', '{}', participants, (CASE WHEN effect IS NULL OR better IS NULL THEN 'UNCLEAR' WHEN abs(smd) < 1.96 * se THEN 'NO_CLEAR_DIFFERENCE' WHEN smd * better > 0 THEN 'FAVOURS_MAGNESIUM' ELSE 'FAVOURS_COMPARATOR' END)::effect_direction,
        CASE WHEN i % 6 > 0 THEN smd * better END, 'PASS', '[]', (CASE WHEN effect IS NULL THEN 'ONLY_P_THRESHOLD' END)::absent_reason
      FROM (SELECT *, smd * scale AS effect, se * scale AS spread FROM (SELECT *, CASE WHEN binary_outcome THEN 1.813799 WHEN i % 3 = 0 THEN 1 ELSE 6 END AS scale FROM finding) f) f`,
    ],
    [
      'indexes of the read model, set aside',
      `CREATE TEMP TABLE set_aside AS SELECT indexname, indexdef FROM pg_indexes WHERE tablename IN ('evidence_row', 'search_row') AND schemaname = 'public' AND indexname NOT LIKE '%_pkey' AND indexname NOT LIKE '%_slug_key';
      DO $$ DECLARE item record; BEGIN FOR item IN SELECT indexname FROM set_aside LOOP EXECUTE format('DROP INDEX %I', item.indexname); END LOOP; END $$`,
    ],
    ['statistics', 'ANALYZE'],
    ['read model', 'SELECT refresh_read_model()'],
    ...(readModelOnly
      ? [['what it was made from, removed', 'DROP TABLE finding; TRUNCATE result, effect, result_report, study_outcome CASCADE'] satisfies [string, string]]
      : []),
    [
      'indexes of the read model, made again',
      `DO $$ DECLARE item record; BEGIN FOR item IN SELECT indexdef FROM set_aside LOOP EXECUTE item.indexdef; END LOOP; END $$`,
    ],
    [
      'revision',
      `INSERT INTO data_revision (revision, engine_version, counts) VALUES ('generated ${studies} ${effects}', 'bench', '{"studies": ${studies}, "results": ${effects}}')`,
    ],
    ['vacuum', 'VACUUM ANALYZE'],
  ]
}
