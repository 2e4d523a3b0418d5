-- What must hold of the numbers, beyond what Prisma's schema can say.

-- Postgres sorts NaN above Infinity, so one comparison on each side refuses NaN and both infinities.
DO $$
DECLARE item record;
BEGIN
  FOR item IN
    SELECT c.table_name, c.column_name
    FROM information_schema.columns c
    WHERE c.table_schema = current_schema() AND c.data_type = 'double precision' AND c.table_name NOT LIKE '\_%'
    ORDER BY c.table_name, c.column_name
  LOOP
    EXECUTE format('ALTER TABLE %1$I ADD CONSTRAINT %3$I CHECK (%2$I > ''-Infinity'' AND %2$I < ''Infinity'')',
      item.table_name, item.column_name, left(item.table_name || '_' || item.column_name || '_finite', 63));
  END LOOP;
END $$;

ALTER TABLE condition_closure ADD CHECK (depth >= 0);
ALTER TABLE condition_parent ADD CHECK (child_id <> parent_id);
ALTER TABLE form_closure ADD CHECK (depth >= 0);
ALTER TABLE form_parent ADD CHECK (child_id <> parent_id);

-- 0.6031 is magnesium oxide, the richest of all magnesium salts.
ALTER TABLE magnesium_form
  ADD CHECK (molar_mass > 0),
  ADD CHECK (magnesium_atoms > 0),
  ADD CHECK (elemental_fraction_low > 0 AND elemental_fraction_high <= 0.6031 AND elemental_fraction_low <= elemental_fraction_high),
  ADD CHECK ((elemental_fraction_low IS NULL) = (elemental_fraction_high IS NULL)),
  ADD CHECK (formula IS NULL OR (molar_mass IS NOT NULL AND elemental_fraction_low = elemental_fraction_high));

ALTER TABLE instrument ADD CHECK (minimum < maximum), ADD CHECK (minimal_important_difference > 0);

ALTER TABLE publication
  ADD CHECK (doi = lower(doi) AND doi ~ '^10\.\d{4,9}/\S+$'),
  ADD CHECK (pmid ~ '^\d{1,8}$'),
  ADD CHECK (pmcid ~ '^PMC\d+$'),
  ADD CHECK (year BETWEEN 1800 AND 2100);
ALTER TABLE publication_author ADD CHECK ((family IS NULL) <> (corporate IS NULL));
ALTER TABLE publication_relation ADD CHECK (from_id <> to_id);

ALTER TABLE study ADD CHECK (participants_randomized >= 0), ADD CHECK (participants_analysed >= 0);
ALTER TABLE crossover_design ADD CHECK (periods > 1), ADD CHECK (within_person_correlation BETWEEN -1 AND 1);
ALTER TABLE cluster_design ADD CHECK (icc BETWEEN -1 AND 1);

ALTER TABLE population
  ADD CHECK (participants >= 0),
  ADD CHECK (female_percent BETWEEN 0 AND 100),
  ADD CHECK (min_age <= max_age),
  ADD CHECK (sd_age >= 0),
  ADD CHECK (baseline_serum_magnesium > 0);
CREATE UNIQUE INDEX population_one_whole_sample ON population (study_id) WHERE is_whole_sample;

ALTER TABLE arm ADD CHECK (randomized >= 0), ADD CHECK (analysed >= 0);
ALTER TABLE dose
  ADD CHECK (phase > 0),
  ADD CHECK (reported_amount > 0),
  ADD CHECK ((reported_amount IS NULL) = (reported_unit IS NULL)),
  ADD CHECK (times_per_day > 0),
  ADD CHECK (start_day >= 0 AND start_day <= end_day),
  ADD CHECK (elemental_mg_per_day_low >= 0 AND elemental_mg_per_day_low <= elemental_mg_per_day_high),
  ADD CHECK ((elemental_mg_per_day_low IS NULL) = (elemental_mg_per_day_high IS NULL)),
  ADD CHECK (salt_mg_per_day > 0);

ALTER TABLE contrast
  ADD CHECK (intervention_arm_id <> comparator_arm_id),
  ADD CHECK (intervention_arm_id IS NOT NULL OR exposure_metric IS NOT NULL OR form_id IS NOT NULL);

ALTER TABLE result ADD CHECK (timepoint_days >= 0);

ALTER TABLE arm_result
  ADD CHECK (n >= 0),
  ADD CHECK (events >= 0 AND (n IS NULL OR events <= n)),
  ADD CHECK (sd >= 0), ADD CHECK (se >= 0), ADD CHECK (baseline_sd >= 0),
  ADD CHECK (q1 <= median AND median <= q3),
  ADD CHECK (minimum <= maximum);

-- The measure decides the scale. An estimate outside its interval is a coherence flag, not a rejection: papers misprint.
ALTER TABLE effect
  ADD CONSTRAINT effect_scale_of_measure CHECK (analysis_scale = (CASE WHEN measure IN ('OR', 'RR', 'HR', 'IRR', 'ROM') THEN 'LOG' WHEN measure = 'COR' THEN 'FISHER_Z' ELSE 'IDENTITY' END)::analysis_scale),
  ADD CHECK (standard_error > 0),
  ADD CHECK (ci_lower <= ci_upper),
  ADD CHECK ((ci_lower IS NULL) = (ci_upper IS NULL)),
  ADD CHECK (ci_lower IS NULL OR ci_level IS NOT NULL),
  ADD CHECK (ci_level > 0 AND ci_level < 1),
  ADD CHECK (p_value BETWEEN 0 AND 1),
  ADD CHECK ((p_value IS NULL) = (p_value_operator IS NULL)),
  ADD CHECK (participants >= 0),
  ADD CONSTRAINT effect_absence_has_a_reason CHECK (estimate IS NOT NULL OR absent_reason IS NOT NULL);
CREATE UNIQUE INDEX effect_one_default ON effect (result_id) WHERE is_default;

ALTER TABLE pooled_result
  ADD CONSTRAINT pooled_result_scale_of_measure CHECK (analysis_scale = (CASE WHEN measure IN ('OR', 'RR', 'HR', 'IRR', 'ROM') THEN 'LOG' WHEN measure = 'COR' THEN 'FISHER_Z' ELSE 'IDENTITY' END)::analysis_scale),
  ADD CHECK (standard_error > 0),
  ADD CHECK (ci_lower <= ci_upper),
  ADD CHECK ((ci_lower IS NULL) = (ci_upper IS NULL)),
  ADD CHECK (ci_lower IS NULL OR ci_level IS NOT NULL),
  ADD CHECK (p_value BETWEEN 0 AND 1),
  ADD CHECK (i2 BETWEEN 0 AND 100),
  ADD CHECK (tau2 >= 0),
  ADD CHECK (k >= 0);

ALTER TABLE certainty
  ADD CHECK (risk_of_bias BETWEEN 0 AND 2 AND inconsistency BETWEEN 0 AND 2 AND indirectness BETWEEN 0 AND 2 AND imprecision BETWEEN 0 AND 2 AND publication_bias BETWEEN 0 AND 2),
  ADD CHECK (large_effect BETWEEN 0 AND 2 AND dose_response BETWEEN 0 AND 1 AND confounding BETWEEN 0 AND 1);

ALTER TABLE interaction ADD CHECK (separation_hours > 0);
ALTER TABLE claim_finding ADD CHECK (result_id IS NULL OR study_id IS NOT NULL);

-- One result per contrast, outcome, time point and population.
CREATE UNIQUE INDEX result_once ON result (contrast_id, study_outcome_id, population_id, timepoint_days, timepoint_label, value_kind, adjusted) NULLS NOT DISTINCT;
