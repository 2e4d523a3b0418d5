/** A change of one file that would break a constraint of the database, and what the check says of it. */
export interface Breach {
  /** Names of the database's constraints, or what else would stop an import. */
  readonly constraint: string
  readonly file: string
  /** Empty where `after` is appended. */
  readonly before: string | RegExp
  readonly after: string
  readonly says: RegExp
}

const study = 'studies/invented.yaml'
const document = 'claims/invented-document.yaml'
const inStudy = (constraint: string, before: string | RegExp, after: string, says: RegExp): Breach => ({ constraint, file: study, before, after, says })
const inVocabulary = (constraint: string, file: string, after: string, says: RegExp): Breach => ({ constraint, file, before: '', after, says })
const inDocument = (constraint: string, before: string | RegExp, after: string, says: RegExp): Breach => ({ constraint, file: document, before, after, says })
const belowZero = /Too small|must be above 0/
const arm = '{ arm: mg, n: 55, mean: 12.1, sd: 4.1, se: 0.55, minimum: 3, q1: 9, median: 12, q3: 15, maximum: 24, baselineSd: 4.2 }'
const dose = /- \{ form: magnesium-oxide.*\}/
const code = '{ system: MESH, value: D1, source: invented }'

const bareStudy = `slug: interaction
title: A study with a reserved name
evidenceKind: PRIMARY
design: COHORT
publications: [{ slug: reserved, role: PRIMARY_REPORT, title: x }]
sources: {}
`

export const breaches: readonly Breach[] = [
  // ── one study's rows ──
  inStudy('study_participants_randomized_check', 'Randomized: 120', 'Randomized: -1', belowZero),
  inStudy('study_participants_analysed_check', 'Analysed: 110', 'Analysed: -1', belowZero),
  inStudy('crossover_design_periods_check', 'sources:', 'crossover: { periods: 1 }\nsources:', /crossover\.periods: a crossover has at least two/),
  inStudy('crossover_design_within_person_correlation_check', 'sources:', 'crossover: { periods: 2, withinPersonCorrelation: 1.2 }\nsources:', /Too big/),
  inStudy('cluster_design_icc_check', 'sources:', 'cluster: { icc: 1.2 }\nsources:', /cluster\.icc: Too big/),
  inStudy(
    'study_publication_pkey',
    'slug: invented-comment\n    role',
    'slug: invented-report\n    role',
    /publications: must be unique, got "invented-report"/,
  ),
  inStudy('publication_slug_key', 'slug: invented-comment\n    role', 'slug: invented-report\n    role', /publications\.slug: must be unique/),
  inStudy('publication_doi_key', 'title: An invented comment', 'title: An invented comment\n    doi: 10.1000/INVENTED', /publications\.doi: must be unique/),
  inStudy('publication_pmid_key', 'title: An invented comment', 'title: An invented comment\n    pmid: "1"', /publications\.pmid: must be unique/),
  inStudy('publication_pmcid_key', 'title: An invented comment', 'title: An invented comment\n    pmcid: PMC1', /publications\.pmcid: must be unique/),
  inStudy('publication_doi_check', 'doi: 10.1000/invented', 'doi: 10.1/invented', /must be a bare DOI/),
  inStudy('publication_pmid_check', 'pmid: "1"', 'pmid: "123456789"', /pmid: must be digits/),
  inStudy('publication_pmcid_check', 'PMC1', 'PMCX', /pmcid: must be PMC and digits/),
  inStudy('publication_year_check', 'year: 2020', 'year: 1700', /year: Too small/),
  inStudy('publication_year_check', 'year: 2020', 'date: 1700-01-01', /date: must lie between the years 1800 and 2100/),
  inStudy('publication_relation_check', 'to: invented-comment', 'to: invented-report', /relations\[0\]\.to: must be another publication/),
  inStudy('publication_relation_pkey', /relations: \[(.*)\]/, 'relations: [$1, $1]', /relations: must be unique/),
  inStudy('publication_relation_to_id_fkey', 'to: invented-comment', 'to: nothing', /relations\[0\]\.to: must be the slug of a known publication/),
  inStudy(
    'study_publication_publication_id_fkey',
    'populations:',
    '  - { ref: nothing, role: PROTOCOL }\npopulations:',
    /publications\[2\]\.ref: must be the slug of a known/,
  ),
  inStudy('population_slug_key', 'arms:', '  - { slug: all, label: again, source: paper }\narms:', /populations\.slug: must be unique/),
  inStudy(
    'population_one_whole_sample',
    'arms:',
    '  - { slug: too, label: too, wholeSample: true, source: paper }\narms:',
    /populations: one population at most is the whole sample, got \["all","too"\]/,
  ),
  inStudy('population_participants_check', 'participants: 120', 'participants: -1', belowZero),
  inStudy('population_female_percent_check', 'femalePercent: 60', 'femalePercent: 101', /Too big/),
  inStudy('population_check', 'maxAge: 70', 'maxAge: 7', /minAge: must not exceed maxAge 7, got 18/),
  inStudy('population_sd_age_check', 'sdAge: 9', 'sdAge: -9', belowZero),
  inStudy('population_baseline_serum_magnesium_check', 'Magnesium: 0.8', 'Magnesium: 0', belowZero),
  inStudy('population_condition_pkey', 'conditions: [insomnia]', 'conditions: [insomnia, insomnia]', /conditions: must be unique/),
  inStudy('population_condition_condition_id_fkey', 'conditions: [insomnia]', 'conditions: [nothing]', /must be the slug of a known condition/),
  inVocabulary('source_slug_key', 'studies/interaction.yaml', bareStudy, /slug: is a word that the database uses itself/),
  inStudy('study_slug_key', 'slug: invented\n', 'slug: other\n', /slug: must be the name of the file, invented, got "other"/),
  // ── arms and doses ──
  inStudy('arm_slug_key', 'slug: pl', 'slug: mg', /arms\.slug: must be unique/),
  inStudy('arm_randomized_check', 'randomized: 60', 'randomized: -1', belowZero),
  inStudy('arm_analysed_check', 'analysed: 55', 'analysed: -1', belowZero),
  inStudy('arm_agent_pkey', 'agents: [zinc]', 'agents: [zinc, zinc]', /agents: must be unique/),
  inStudy('arm_agent_treatment_id_fkey', 'agents: [zinc]', 'agents: [nothing]', /agents: must be the slug of a known treatment/),
  inStudy('dose_arm_id_form_id_phase_key, dose_slug_key', dose, '$&\n      $&', /doses\.phase: must be unique, got "magnesium-oxide phase 1"/),
  inStudy('dose_phase_check', 'phase: 1,', 'phase: 0,', belowZero),
  inStudy('dose_reported_amount_check', 'amount: 500', 'amount: 0', belowZero),
  inStudy('dose_check', 'amount: 500, ', '', /amount: amount and unit must be given together/),
  inStudy('dose_times_per_day_check', 'timesPerDay: 1', 'timesPerDay: 0', belowZero),
  inStudy('dose_check1', 'startDay: 0', 'startDay: 60', /startDay: must not exceed endDay 56/),
  inStudy('dose_check2', 'amount: 500, unit: MG', 'amount: 1.0e+308, unit: G', /doses\[0\]\.amount: no daily dose can be computed from it/),
  inStudy(
    'dose_salt_mg_per_day_check',
    'amount: 500, unit: MG, basis: SALT, timesPerDay: 1',
    'amount: 5.0e-324, unit: MG, basis: SALT, timesPerDay: 0.1',
    /doses\[0\]\.amount: no daily dose can be computed from it/,
  ),
  inStudy('dose_form_id_fkey', 'form: magnesium-oxide', 'form: nothing', /must be the slug of a known form/),
  // ── contrasts and results ──
  inStudy('contrast_check', 'comparator: pl', 'comparator: mg', /comparator: the arms of a contrast must differ/),
  inStudy('contrast_check1', /exposure: .*\n/, '\n', /intervention: a result needs an intervention arm, an exposure or a form/),
  inStudy('contrast_study_id_intervention_arm_id_fkey', 'intervention: mg', 'intervention: nothing', /must be one of this file's arms/),
  inStudy('contrast_study_id_comparator_arm_id_fkey', 'comparator: pl', 'comparator: nothing', /must be one of this file's arms/),
  inStudy('contrast_form_id_fkey', 'name: severity', 'form: nothing\n    name: severity', /must be the slug of a known form/),
  inStudy('contrast_exposure_rank_check', 'rank: 2', 'rank: 0', belowZero),
  inStudy(
    'contrast_slug_key',
    'pooledResults:',
    `  - slug: serum-again
    outcome: anxiety-symptoms
    condition: depression
    population: all
    exposure: { kind: SERUM, metric: serum magnesium, contrasted: highest third, reference: lowest third, contrastedHas: LESS_MAGNESIUM, rank: 2 }
    name: anxiety by serum magnesium
    valueKind: ASSOCIATION
    absentReason: NOT_REPORTED
    source: paper
pooledResults:`,
    /results\[3\]\.exposure: must be described as in the other results of this contrast/,
  ),
  inStudy('contrast_check4', 'role: PLACEBO', 'role: NOTHING', /role: Invalid option/),
  inStudy('result_slug_key', 'slug: depressed', 'slug: isi', /results\.slug: must be unique/),
  inStudy(
    'result_once, study_outcome_slug_key',
    'pooledResults:',
    `  - slug: isi-again
    outcome: insomnia-severity
    condition: insomnia
    instrument: isi
    population: all
    intervention: mg
    comparator: pl
    name: Severity (of insomnia)
    timepointDays: 56
    valueKind: FINAL
    adjusted: true
    absentReason: NOT_REPORTED
    source: paper
  - slug: isi-once-more
    outcome: insomnia-severity
    condition: insomnia
    instrument: isi
    population: all
    intervention: mg
    comparator: pl
    name: severity of insomnia
    timepointDays: 56
    valueKind: FINAL
    adjusted: true
    absentReason: NOT_REPORTED
    source: paper
pooledResults:`,
    /results: repeats isi-again: one result per contrast/,
  ),
  inStudy('result_timepoint_days_check', 'timepointDays: 56', 'timepointDays: -1', belowZero),
  inStudy('result_condition_id_fkey', 'condition: insomnia', 'condition: nothing', /must be the slug of a known condition/),
  inStudy('result_study_id_population_id_fkey', 'population: all', 'population: nothing', /must be one of this file's populations/),
  inStudy('study_outcome_outcome_id_fkey', 'outcome: insomnia-severity', 'outcome: nothing', /must be the slug of a known outcome/),
  inStudy('study_outcome_instrument_id_fkey', 'instrument: isi', 'instrument: nothing', /must be the slug of a known instrument/),
  inStudy('result_report_slug_key, effect_slug_key', 'slug: depressed', 'slug: isi', /results\.slug: must be unique/),
  inStudy(
    'risk_of_bias_result_id_fkey, risk_of_bias_slug_key',
    'result: isi',
    'result: nothing',
    /riskOfBias\[0\]\.result: must be one of this file's results/,
  ),
  // ── numbers of the arms ──
  inStudy('arm_result_n_check', 'n: 55, mean: 12.1', 'n: 0, mean: 12.1', belowZero),
  inStudy('arm_result_check', 'events: 11, percent: 20', 'events: 56', /armResults\[0\]\.events: must not exceed n 55, got 56/),
  inStudy('arm_result_sd_check', 'sd: 4.1', 'sd: -4.1', belowZero),
  inStudy('arm_result_se_check', 'se: 0.55', 'se: -0.55', belowZero),
  inStudy('arm_result_baseline_sd_check', 'baselineSd: 4.2', 'baselineSd: -4.2', belowZero),
  inStudy('arm_result_check1', 'q1: 9', 'q1: 13', /armResults\[0\]\.q1: must not exceed median 12: .*, got 13$/),
  inStudy('arm_result_check2', 'minimum: 3', 'minimum: 30', /armResults\[0\]\.minimum: must not exceed q1 9: .*, got 30$/),
  inStudy('arm_result_arm_id_fkey', arm, '{ arm: nothing, n: 5 }', /armResults\[0\]\.arm: must be one of this file's arms, got "nothing"/),
  inStudy('a number that is not finite', 'mean: 12.1', 'mean: .inf', /mean/),
  inStudy('a number that is none', 'mean: 12.1', 'mean: .nan', /mean/),
  inStudy('a number above the largest integer', 'n: 55, mean: 12.1', 'n: 3000000000, mean: 12.1', /armResults\[0\]\.n: Too big/),
  inStudy(
    'a difference beyond all numbers',
    arm,
    '{ arm: mg, n: 55, mean: 1.7e+308, sd: 1.0e+308 }',
    /results\[0\]: no effect can be computed from its numbers/,
  ),
  // ── effects ──
  inStudy('effect_check', 'ciLower: 0.3, ciUpper: 0.9', 'ciLower: 0.9, ciUpper: 0.3', /ciLower: must not exceed ciUpper 0.3/),
  inStudy('effect_check1', 'ciLower: 0.3, ', '', /both limits of an interval must be given, or none/),
  inStudy('effect_check2', ', ciLevel: 0.95', '', /an interval must state its level/),
  inStudy('effect_ci_level_check', 'ciLevel: 0.95', 'ciLevel: 95', /ciLevel: Too big/),
  inStudy('effect_p_value_check', 'p: { value: 0.01 }', 'p: { value: 1.01 }', /p\.value: Too big/),
  inStudy('effect_standard_error_check', 'estimate: -2.1', 'standardError: 0, estimate: -2.1', belowZero),
  inStudy('effect_participants_check', /n: 55, /g, 'n: 2000000000, ', /armResults/),
  inStudy('a ratio of 0', 'estimate: 0.5', 'estimate: 0', /a OR must be above zero/),
  inStudy('a correlation of 1', 'estimate: -0.2', 'estimate: 1', /a correlation must lie between -1 and 1, both excluded/),
  inStudy('a correlation of -1', 'ciLower: -0.4', 'ciLower: -1', /a correlation must lie between -1 and 1, both excluded/),
  inStudy('a correlation above 1', 'estimate: -0.2', 'estimate: 1.2', /a correlation must lie between -1 and 1, both excluded/),
  // ── published pooled results ──
  inStudy('pooled_result_check', 'ciLower: 0.6, ciUpper: 1.1', 'ciLower: 1.1, ciUpper: 0.6', /pooledResults\[0\]\.ciLower: must not exceed/),
  inStudy('pooled_result_check1', 'ciLower: 0.6, ', '', /pooledResults\[0\]\.ciLower: both limits/),
  inStudy('pooled_result_check2', 'ciUpper: 1.1, ciLevel: 0.95', 'ciUpper: 1.1', /pooledResults\[0\]\.ciLevel: an interval must state/),
  inStudy('pooled_result_standard_error_check', 'name: pooled', 'standardError: -1, name: pooled', belowZero),
  inStudy('pooled_result_p_value_check', 'value: 0.2', 'value: 2', /Too big/),
  inStudy('pooled_result_i2_check', 'i2: 20', 'i2: 120', /Too big/),
  inStudy('pooled_result_tau2_check', 'tau2: 0.1', 'tau2: -1', belowZero),
  inStudy('pooled_result_k_check', 'k: 4', 'k: -4', belowZero),
  inStudy('pooled_result_decimals_check', 'slug: pooled,', 'slug: pooled, decimals: 11,', /Too big/),
  inStudy(
    'replication_model_check, replication_estimator_check, replication_interval_check, replication_empty_cells_check',
    'model: MANTEL_HAENSZEL,',
    'model: SOMETHING, estimator: X, interval: X, emptyCells: X,',
    /replication\.model: Invalid option/,
  ),
  inStudy('replication_input_result_id_fkey', 'result: depressed }]', 'result: nothing }]', /inputs\[0\]: must name a study and one of its results/),
  inStudy('replication_input_report_id_fkey', 'result: depressed }]', 'result: depressed, counts: paper }]', /counts: must be the source of one alternative/),
  inStudy('replication_input_result', /(\{ study: invented, result: depressed \})/, '$1, $1', /replication\.inputs: must be unique/),
  inStudy('replication_model_check', 'model: MANTEL_HAENSZEL,', 'model: PETO,', /model: does not pool RR/),
  inStudy('risk_of_bias_score_check', 'overall: LOW,', 'score: -1, scoreMaximum: 9,', belowZero),
  inStudy('risk_of_bias_check', 'overall: LOW,', 'score: 10, scoreMaximum: 9,', /riskOfBias\[0\]\.score: must not exceed scoreMaximum 9/),
  inStudy('risk_of_bias_overall', 'overall: LOW, ', '', /an assessment has an overall judgement, domains or a score/),
  inStudy('risk_of_bias_review_id_fkey', 'overall: LOW,', 'overall: LOW, review: nothing,', /riskOfBias\[0\]\.review: must be the slug of a known study/),
  inStudy('arm_result_iqr_check', 'q1: 9,', 'q1: 9, iqr: 0,', belowZero),
  inStudy('result_response_percent_check', 'name: depression\n', 'name: depression\n    responsePercent: 120\n', /Too big/),
  inStudy('result_response_percent_check', 'name: severity of insomnia\n', 'name: severity of insomnia\n    responsePercent: 50\n', /is of an EVENT/),
  inStudy('result_over_arms_p_check', 'name: depression\n', 'name: depression\n    overArms: { arms: [mg, pl, mg], p: { value: 2 } }\n', /Too big/),
  inStudy(
    'result_over_arms',
    'name: depression\n',
    'name: depression\n    overArms: { arms: [mg, pl, no], p: { value: 0.2 } }\n',
    /overArms\.arms\[2\]: must be one of this file/,
  ),
  inStudy('exposure_category_cases_check', 'cases: 20, n: 40', 'cases: -1, n: 40', belowZero),
  inStudy('exposure_category_check', 'cases: 20, n: 40', 'cases: 41, n: 40', /exposureCategories\[1\]\.cases: must not exceed n 40/),
  inStudy('exposure_category_person_years_check', 'personYears: 400', 'personYears: 0', belowZero),
  inStudy('exposure_category_reference', 'reference: true, ', '', /one category must be the reference/),
  inStudy('dose_days_per_week_check', 'timesPerDay: 1,', 'timesPerDay: 1, daysPerWeek: 8,', /Too big/),
  inStudy('dose_amount_per', 'amount: 500, unit: MG, basis: SALT, timesPerDay: 1,', 'per: KG,', /doses\[0\]\.per: needs an amount/),
  inStudy('pooled_result_slug_key', /( {2}- \{ slug: pooled.*\n)/, '$1$1', /pooledResults\.slug: must be unique/),
  inStudy('pooled_result_condition_id_fkey', 'slug: pooled, condition: insomnia', 'slug: pooled, condition: nothing', /known condition/),
  inStudy('pooled_result_outcome_id_fkey', 'condition: insomnia, outcome: depression-presence', 'condition: insomnia, outcome: nothing', /known outcome/),
  inStudy('pooled_result_instrument_id_fkey', 'slug: pooled,', 'slug: pooled, instrument: nothing,', /known instrument/),
  inStudy('pooled_result_form_id_fkey', 'slug: pooled,', 'slug: pooled, form: nothing,', /known form/),
  // ── vocabularies ──
  inVocabulary('condition_slug_key', 'conditions.yaml', '- { slug: insomnia, name: another }\n', /conditions\.yaml slug: must be unique/),
  inVocabulary('condition_parent_check', 'conditions.yaml', '- { slug: x, name: x, parents: [x] }\n', /parents: the hierarchy must not run in a circle/),
  inVocabulary('condition_parent_pkey', 'conditions.yaml', '- { slug: x, name: x, parents: [insomnia, insomnia] }\n', /parents: must be unique/),
  inVocabulary('condition_parent_parent_id_fkey', 'conditions.yaml', '- { slug: x, name: x, parents: [nothing] }\n', /must be the slug of a known condition/),
  inVocabulary('condition_code_pkey', 'conditions.yaml', `- { slug: x, name: x, codes: [${code}, ${code}] }\n`, /codes: must be unique, got "MESH D1"/),
  inVocabulary('magnesium_form_slug_key', 'forms.yaml', '- { slug: magnesium-oxide, name: x, category: ORGANIC }\n', /slug: must be unique/),
  inVocabulary(
    'magnesium_form_check',
    'forms.yaml',
    '- { slug: x, name: x, category: ORGANIC, formula: Mg }\n',
    /formula: a compound holds at most 60.31 % of magnesium/,
  ),
  inVocabulary(
    'magnesium_form_magnesium_atoms_check',
    'forms.yaml',
    '- { slug: x, name: x, category: ORGANIC, formula: CO }\n',
    /formula: a magnesium form must hold magnesium/,
  ),
  inVocabulary(
    'a formula that cannot be read',
    'forms.yaml',
    '- { slug: x, name: x, category: ORGANIC, formula: magnesia }\n',
    /formula: a formula must be in Hill notation/,
  ),
  inVocabulary('form_parent_check', 'forms.yaml', '- { slug: x, name: x, category: ORGANIC, parents: [x] }\n', /must not run in a circle/),
  inVocabulary(
    'form_parent_pkey',
    'forms.yaml',
    '- { slug: x, name: x, category: ORGANIC, parents: [magnesium-oxide, magnesium-oxide] }\n',
    /parents: must be unique/,
  ),
  inVocabulary('form_parent_parent_id_fkey', 'forms.yaml', '- { slug: x, name: x, category: ORGANIC, parents: [nothing] }\n', /known form/),
  inVocabulary(
    'form_alternative_pkey',
    'forms.yaml',
    '- { slug: x, name: x, category: ORGANIC, mayBe: [magnesium-oxide, magnesium-oxide] }\n',
    /mayBe: must be unique/,
  ),
  inVocabulary('form_alternative_alternative_id_fkey', 'forms.yaml', '- { slug: x, name: x, category: ORGANIC, mayBe: [nothing] }\n', /known form/),
  inVocabulary('form_code_pkey', 'forms.yaml', `- { slug: x, name: x, category: ORGANIC, codes: [${code}, ${code}] }\n`, /codes: must be unique/),
  inVocabulary(
    'outcome_slug_key',
    'outcomes.yaml',
    '- { slug: insomnia-severity, name: x, domain: x, type: BINARY, benefitDirection: LOWER }\n',
    /slug: must be unique/,
  ),
  inVocabulary(
    'outcome_molar_mass_check',
    'outcomes.yaml',
    '- { slug: x, name: x, domain: x, type: BINARY, benefitDirection: LOWER, molarMass: 0 }\n',
    belowZero,
  ),
  inVocabulary(
    'outcome_instrument_pkey',
    'outcomes.yaml',
    '- { slug: x, name: x, domain: x, type: BINARY, benefitDirection: LOWER, instruments: [isi, isi] }\n',
    /instruments: must be unique/,
  ),
  inVocabulary(
    'outcome_instrument_instrument_id_fkey',
    'outcomes.yaml',
    '- { slug: x, name: x, domain: x, type: BINARY, benefitDirection: LOWER, instruments: [nothing] }\n',
    /known instrument/,
  ),
  inVocabulary(
    'outcome_code_pkey',
    'outcomes.yaml',
    `- { slug: x, name: x, domain: x, type: BINARY, benefitDirection: LOWER, codes: [${code}, ${code}] }\n`,
    /codes: must be unique/,
  ),
  inVocabulary('instrument_slug_key', 'instruments.yaml', '- { slug: isi, name: x, benefitDirection: LOWER }\n', /slug: must be unique/),
  inVocabulary(
    'instrument_check',
    'instruments.yaml',
    '- { slug: x, name: x, benefitDirection: LOWER, minimum: 5, maximum: 5 }\n',
    /minimum: must be less than maximum 5/,
  ),
  inVocabulary(
    'instrument_minimal_important_difference_check',
    'instruments.yaml',
    '- { slug: x, name: x, benefitDirection: LOWER, minimalImportantDifference: 0 }\n',
    belowZero,
  ),
  inVocabulary(
    'instrument_code_pkey',
    'instruments.yaml',
    `- { slug: x, name: x, benefitDirection: LOWER, codes: [${code}, ${code}] }\n`,
    /codes: must be unique/,
  ),
  inVocabulary('treatment_slug_key', 'treatments.yaml', '- { slug: zinc, name: x }\n', /slug: must be unique/),
  inVocabulary('treatment_code_pkey', 'treatments.yaml', `- { slug: x, name: x, codes: [${code}, ${code}] }\n`, /codes: must be unique/),
  // ── safety and claims ──
  inVocabulary('interaction_slug_key', 'interactions.yaml', interaction('slug: x') + interaction('slug: x'), /slug: must be unique/),
  inVocabulary(
    'interaction_separation_hours_check, interaction_hours_before_low_check, interaction_hours_after_low_check',
    'interactions.yaml',
    interaction('slug: x, hoursBefore: { from: 0, to: 2 }'),
    belowZero,
  ),
  inVocabulary(
    'interaction_check, interaction_check1',
    'interactions.yaml',
    interaction('slug: x, hoursAfter: { from: 4, to: 2 }'),
    /must not begin after its end/,
  ),
  inVocabulary('interaction_code_pkey', 'interactions.yaml', interaction(`slug: x, codes: [${code}, ${code}]`), /codes: must be unique/),
  inVocabulary('interaction_form_pkey', 'interactions.yaml', interaction('slug: x, forms: [magnesium-oxide, magnesium-oxide]'), /forms: must be unique/),
  inVocabulary('interaction_form_form_id_fkey', 'interactions.yaml', interaction('slug: x, forms: [nothing]'), /known form/),
  inVocabulary('contraindication_slug_key', 'contraindications.yaml', contraindication('insomnia') + contraindication('insomnia'), /slug: must be unique/),
  inVocabulary('contraindication_condition_id_fkey', 'contraindications.yaml', contraindication('nothing'), /known condition/),
  inVocabulary(
    'contraindication_form_pkey',
    'contraindications.yaml',
    contraindication('insomnia, forms: [magnesium-oxide, magnesium-oxide]'),
    /forms: must be unique/,
  ),
  inVocabulary('contraindication_form_form_id_fkey', 'contraindications.yaml', contraindication('insomnia, forms: [nothing]'), /known form/),
  inDocument('source_document_slug_key', 'slug: invented-document', 'slug: other', /slug: must be the name of the file/),
  inDocument('document_reference_pkey', /references: \[(.*)\]/, 'references: [$1, $1]', /references\.number: must be unique/),
  inDocument('document_reference_study_id_fkey', 'study: invented }', 'study: nothing }', /known study/),
  inDocument('claim_slug_key', /( {2}- slug: claim-1\n[^]*)/, '$1$1', /claims\.slug: must be unique/),
  inDocument('claim_form_pkey', 'forms: [magnesium-oxide]', 'forms: [magnesium-oxide, magnesium-oxide]', /forms: must be unique/),
  inDocument('claim_form_form_id_fkey', 'forms: [magnesium-oxide]', 'forms: [nothing]', /known form/),
  inDocument('claim_condition_pkey', 'conditions: [insomnia]', 'conditions: [insomnia, insomnia]', /conditions: must be unique/),
  inDocument('claim_condition_condition_id_fkey', 'conditions: [insomnia]', 'conditions: [nothing]', /known condition/),
  inDocument('claim_outcome_pkey', 'outcomes: [insomnia-severity]', 'outcomes: [insomnia-severity, insomnia-severity]', /outcomes: must be unique/),
  inDocument('claim_outcome_outcome_id_fkey', 'outcomes: [insomnia-severity]', 'outcomes: [nothing]', /known outcome/),
  inDocument('claim_citation_study_id_fkey', 'citations: [invented]', 'citations: [nothing]', /known study/),
  inDocument('claim_finding_study_id_fkey', '{ study: invented, result', '{ study: nothing, result', /known study/),
  inDocument('claim_finding_check', '{ study: invented, result', '{ result', /must be a result of a study named beside it/),
]

function interaction(fields: string): string {
  return `- { ${fields}, substance: x, effect: x, provenance: { source: x, recordedAt: 2026-01-01 } }\n`
}

function contraindication(condition: string): string {
  return `- { slug: x, condition: ${condition}, provenance: { source: x, recordedAt: 2026-01-01 } }\n`
}
