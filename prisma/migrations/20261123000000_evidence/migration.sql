-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "public";

-- CreateEnum
CREATE TYPE "form_category" AS ENUM ('ORGANIC', 'INORGANIC', 'MIXED', 'UNSPECIFIED');

-- CreateEnum
CREATE TYPE "outcome_type" AS ENUM ('CONTINUOUS', 'BINARY', 'TIME_TO_EVENT', 'COUNT', 'ORDINAL');

-- CreateEnum
CREATE TYPE "benefit_direction" AS ENUM ('HIGHER', 'LOWER', 'NEUTRAL');

-- CreateEnum
CREATE TYPE "publication_role" AS ENUM ('PRIMARY_REPORT', 'PROTOCOL', 'FOLLOW_UP', 'REGISTRY_RESULTS', 'REPUBLICATION', 'ERRATUM', 'SECONDARY_REPORT', 'PREPRINT', 'REVIEW', 'TABULATED_IN');

-- CreateEnum
CREATE TYPE "publication_relation_type" AS ENUM ('PREPRINT_OF', 'ERRATUM_OF', 'RETRACTION_OF', 'REPUBLISHED_AS', 'COMMENT_ON', 'UPDATE_OF', 'PROTOCOL_OF');

-- CreateEnum
CREATE TYPE "publication_status" AS ENUM ('CURRENT', 'CORRECTED', 'CONCERN', 'RETRACTED');

-- CreateEnum
CREATE TYPE "evidence_kind" AS ENUM ('PRIMARY', 'SYSTEMATIC_REVIEW', 'META_ANALYSIS', 'NARRATIVE_REVIEW', 'GUIDELINE', 'COMMENTARY');

-- CreateEnum
CREATE TYPE "study_design" AS ENUM ('RCT_PARALLEL', 'RCT_CROSSOVER', 'RCT_CLUSTER', 'RCT_FACTORIAL', 'QUASI_EXPERIMENTAL', 'COHORT', 'CASE_CONTROL', 'CROSS_SECTIONAL', 'SINGLE_ARM', 'CASE_SERIES', 'MENDELIAN_RANDOMIZATION', 'ANIMAL', 'IN_VITRO', 'REVIEW');

-- CreateEnum
CREATE TYPE "subject_kind" AS ENUM ('HUMAN', 'ANIMAL', 'IN_VITRO');

-- CreateEnum
CREATE TYPE "masking_state" AS ENUM ('MASKED', 'OPEN', 'UNKNOWN');

-- CreateEnum
CREATE TYPE "arm_role" AS ENUM ('MAGNESIUM', 'MAGNESIUM_LOWER_DOSE', 'PLACEBO', 'ACTIVE_CONTROL', 'NO_TREATMENT', 'USUAL_CARE');

-- CreateEnum
CREATE TYPE "route" AS ENUM ('ORAL', 'INTRAVENOUS', 'INTRAMUSCULAR', 'TOPICAL', 'INHALED', 'DIETARY', 'INTRATHECAL');

-- CreateEnum
CREATE TYPE "dose_unit" AS ENUM ('G', 'MG', 'MMOL', 'MEQ');

-- CreateEnum
CREATE TYPE "dose_basis" AS ENUM ('ELEMENTAL', 'SALT', 'NOT_STATED');

-- CreateEnum
CREATE TYPE "effect_measure" AS ENUM ('MD', 'SMD', 'ROM', 'OR', 'RR', 'RD', 'HR', 'IRR', 'COR', 'BETA');

-- CreateEnum
CREATE TYPE "analysis_scale" AS ENUM ('IDENTITY', 'LOG', 'FISHER_Z');

-- CreateEnum
CREATE TYPE "effect_direction" AS ENUM ('FAVOURS_MAGNESIUM', 'FAVOURS_COMPARATOR', 'NO_CLEAR_DIFFERENCE', 'UNCLEAR');

-- CreateEnum
CREATE TYPE "comparison" AS ENUM ('EQ', 'LT', 'GT');

-- CreateEnum
CREATE TYPE "effect_origin" AS ENUM ('REPORTED', 'ARM_DATA', 'FROM_CI', 'FROM_P', 'FROM_TEST_STATISTIC', 'FROM_MEDIAN', 'IMPUTED');

-- CreateEnum
CREATE TYPE "absent_reason" AS ENUM ('NOT_REPORTED', 'NOT_EXTRACTED', 'NOT_APPLICABLE', 'ONLY_IN_FIGURE', 'ONLY_P_THRESHOLD');

-- CreateEnum
CREATE TYPE "analysis_set" AS ENUM ('ITT', 'MITT', 'PER_PROTOCOL', 'COMPLETERS', 'UNKNOWN');

-- CreateEnum
CREATE TYPE "value_kind" AS ENUM ('FINAL', 'CHANGE', 'PERCENT_CHANGE', 'EVENT', 'ASSOCIATION');

-- CreateEnum
CREATE TYPE "coherence_status" AS ENUM ('PASS', 'WARN', 'FAIL', 'NOT_CHECKABLE');

-- CreateEnum
CREATE TYPE "risk_of_bias_level" AS ENUM ('LOW', 'SOME_CONCERNS', 'HIGH', 'UNCLEAR');

-- CreateEnum
CREATE TYPE "certainty_level" AS ENUM ('HIGH', 'MODERATE', 'LOW', 'VERY_LOW');

-- CreateEnum
CREATE TYPE "claim_topic" AS ENUM ('EFFICACY', 'MECHANISM', 'PHYSIOLOGY', 'BIOAVAILABILITY', 'DEFICIENCY_CAUSE', 'INTERACTION', 'CONTRAINDICATION', 'SAFETY', 'COFACTOR', 'BIBLIOGRAPHIC');

-- CreateEnum
CREATE TYPE "claim_verdict" AS ENUM ('SUPPORTED', 'PARTLY_SUPPORTED', 'OVERSTATED', 'CONTRADICTED', 'UNSUPPORTED', 'ANIMAL_ONLY', 'NO_CITATION', 'NOT_ASSESSABLE', 'OMISSION');

-- CreateEnum
CREATE TYPE "stance" AS ENUM ('SUPPORTS', 'REFUTES', 'CONTEXT');

-- CreateEnum
CREATE TYPE "search_kind" AS ENUM ('STUDY', 'CONDITION', 'FORM', 'OUTCOME', 'INSTRUMENT', 'CLAIM', 'INTERACTION');

-- CreateTable
CREATE TABLE "condition" (
    "id" SERIAL NOT NULL,
    "slug" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "synonyms" TEXT[],
    "description" TEXT,

    CONSTRAINT "condition_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "condition_code" (
    "condition_id" INTEGER NOT NULL,
    "system" TEXT NOT NULL,
    "value" TEXT NOT NULL,
    "source" TEXT NOT NULL,

    CONSTRAINT "condition_code_pkey" PRIMARY KEY ("condition_id","system","value")
);

-- CreateTable
CREATE TABLE "condition_parent" (
    "child_id" INTEGER NOT NULL,
    "parent_id" INTEGER NOT NULL,

    CONSTRAINT "condition_parent_pkey" PRIMARY KEY ("child_id","parent_id")
);

-- CreateTable
CREATE TABLE "condition_closure" (
    "ancestor_id" INTEGER NOT NULL,
    "descendant_id" INTEGER NOT NULL,
    "depth" INTEGER NOT NULL,

    CONSTRAINT "condition_closure_pkey" PRIMARY KEY ("ancestor_id","descendant_id")
);

-- CreateTable
CREATE TABLE "magnesium_form" (
    "id" SERIAL NOT NULL,
    "slug" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "synonyms" TEXT[],
    "description" TEXT,
    "category" "form_category" NOT NULL,
    "formula" TEXT,
    "hydration" TEXT,
    "molar_mass" DOUBLE PRECISION,
    "magnesium_atoms" INTEGER,
    "elemental_fraction_low" DOUBLE PRECISION,
    "elemental_fraction_high" DOUBLE PRECISION,
    "solubility" TEXT,
    "solubility_source" TEXT,

    CONSTRAINT "magnesium_form_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "form_code" (
    "form_id" INTEGER NOT NULL,
    "system" TEXT NOT NULL,
    "value" TEXT NOT NULL,
    "source" TEXT NOT NULL,

    CONSTRAINT "form_code_pkey" PRIMARY KEY ("form_id","system","value")
);

-- CreateTable
CREATE TABLE "form_parent" (
    "child_id" INTEGER NOT NULL,
    "parent_id" INTEGER NOT NULL,

    CONSTRAINT "form_parent_pkey" PRIMARY KEY ("child_id","parent_id")
);

-- CreateTable
CREATE TABLE "form_closure" (
    "ancestor_id" INTEGER NOT NULL,
    "descendant_id" INTEGER NOT NULL,
    "depth" INTEGER NOT NULL,

    CONSTRAINT "form_closure_pkey" PRIMARY KEY ("ancestor_id","descendant_id")
);

-- CreateTable
CREATE TABLE "form_alternative" (
    "form_id" INTEGER NOT NULL,
    "alternative_id" INTEGER NOT NULL,

    CONSTRAINT "form_alternative_pkey" PRIMARY KEY ("form_id","alternative_id")
);

-- CreateTable
CREATE TABLE "outcome" (
    "id" SERIAL NOT NULL,
    "slug" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "synonyms" TEXT[],
    "description" TEXT,
    "domain" TEXT NOT NULL,
    "type" "outcome_type" NOT NULL,
    "benefit_direction" "benefit_direction" NOT NULL,
    "is_harm" BOOLEAN NOT NULL,

    CONSTRAINT "outcome_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "outcome_code" (
    "outcome_id" INTEGER NOT NULL,
    "system" TEXT NOT NULL,
    "value" TEXT NOT NULL,
    "source" TEXT NOT NULL,

    CONSTRAINT "outcome_code_pkey" PRIMARY KEY ("outcome_id","system","value")
);

-- CreateTable
CREATE TABLE "instrument" (
    "id" SERIAL NOT NULL,
    "slug" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "synonyms" TEXT[],
    "description" TEXT,
    "abbreviation" TEXT,
    "unit" TEXT,
    "minimum" DOUBLE PRECISION,
    "maximum" DOUBLE PRECISION,
    "benefit_direction" "benefit_direction" NOT NULL,
    "integer_scores" BOOLEAN NOT NULL,
    "minimal_important_difference" DOUBLE PRECISION,
    "minimal_important_difference_source" TEXT,

    CONSTRAINT "instrument_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "instrument_code" (
    "instrument_id" INTEGER NOT NULL,
    "system" TEXT NOT NULL,
    "value" TEXT NOT NULL,
    "source" TEXT NOT NULL,

    CONSTRAINT "instrument_code_pkey" PRIMARY KEY ("instrument_id","system","value")
);

-- CreateTable
CREATE TABLE "outcome_instrument" (
    "outcome_id" INTEGER NOT NULL,
    "instrument_id" INTEGER NOT NULL,

    CONSTRAINT "outcome_instrument_pkey" PRIMARY KEY ("outcome_id","instrument_id")
);

-- CreateTable
CREATE TABLE "source" (
    "id" SERIAL NOT NULL,
    "slug" TEXT NOT NULL,
    "source" TEXT NOT NULL,
    "locator" TEXT,
    "supports" TEXT,
    "note" TEXT,
    "recorded_at" DATE NOT NULL,
    "study_id" INTEGER,

    CONSTRAINT "source_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "publication" (
    "id" SERIAL NOT NULL,
    "slug" TEXT NOT NULL,
    "title" TEXT NOT NULL,
    "title_as_published" BOOLEAN NOT NULL,
    "authors_incomplete" BOOLEAN NOT NULL,
    "journal" TEXT,
    "year" INTEGER,
    "published_on" DATE,
    "volume" TEXT,
    "issue" TEXT,
    "pages" TEXT,
    "doi" TEXT,
    "pmid" TEXT,
    "pmcid" TEXT,
    "types" TEXT[],
    "note" TEXT,

    CONSTRAINT "publication_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "publication_author" (
    "publication_id" INTEGER NOT NULL,
    "position" INTEGER NOT NULL,
    "family" TEXT,
    "given" TEXT,
    "corporate" TEXT,

    CONSTRAINT "publication_author_pkey" PRIMARY KEY ("publication_id","position")
);

-- CreateTable
CREATE TABLE "publication_relation" (
    "from_id" INTEGER NOT NULL,
    "to_id" INTEGER NOT NULL,
    "type" "publication_relation_type" NOT NULL,

    CONSTRAINT "publication_relation_pkey" PRIMARY KEY ("from_id","to_id","type")
);

-- CreateTable
CREATE TABLE "publication_status_event" (
    "publication_id" INTEGER NOT NULL,
    "position" INTEGER NOT NULL,
    "status" "publication_status" NOT NULL,
    "occurred_on" DATE,
    "note" TEXT,
    "source" TEXT NOT NULL,

    CONSTRAINT "publication_status_event_pkey" PRIMARY KEY ("publication_id","position")
);

-- CreateTable
CREATE TABLE "study" (
    "id" SERIAL NOT NULL,
    "slug" TEXT NOT NULL,
    "title" TEXT NOT NULL,
    "evidence_kind" "evidence_kind" NOT NULL,
    "design" "study_design" NOT NULL,
    "subjects" "subject_kind" NOT NULL,
    "species" TEXT,
    "allocation" TEXT,
    "masking_participants" "masking_state" NOT NULL,
    "masking_providers" "masking_state" NOT NULL,
    "masking_assessors" "masking_state" NOT NULL,
    "masking_text" TEXT,
    "countries" TEXT[],
    "countries_inferred" BOOLEAN NOT NULL,
    "setting" TEXT,
    "funding" TEXT,
    "conflicts_of_interest" TEXT,
    "participants_randomized" INTEGER,
    "participants_analysed" INTEGER,
    "key_findings" TEXT,
    "notes" TEXT[],

    CONSTRAINT "study_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "crossover_design" (
    "study_id" INTEGER NOT NULL,
    "periods" INTEGER NOT NULL,
    "period_days" DOUBLE PRECISION,
    "washout_days" DOUBLE PRECISION,
    "analysis" TEXT,
    "within_person_correlation" DOUBLE PRECISION,
    "correlation_source" TEXT,

    CONSTRAINT "crossover_design_pkey" PRIMARY KEY ("study_id")
);

-- CreateTable
CREATE TABLE "cluster_design" (
    "study_id" INTEGER NOT NULL,
    "clusters" INTEGER,
    "mean_cluster_size" DOUBLE PRECISION,
    "icc" DOUBLE PRECISION,
    "icc_source" TEXT,

    CONSTRAINT "cluster_design_pkey" PRIMARY KEY ("study_id")
);

-- CreateTable
CREATE TABLE "study_publication" (
    "study_id" INTEGER NOT NULL,
    "publication_id" INTEGER NOT NULL,
    "role" "publication_role" NOT NULL,
    "position" INTEGER NOT NULL,
    "note" TEXT,

    CONSTRAINT "study_publication_pkey" PRIMARY KEY ("study_id","publication_id")
);

-- CreateTable
CREATE TABLE "registration" (
    "study_id" INTEGER NOT NULL,
    "identity" TEXT NOT NULL,

    CONSTRAINT "registration_pkey" PRIMARY KEY ("study_id","identity")
);

-- CreateTable
CREATE TABLE "population" (
    "id" SERIAL NOT NULL,
    "slug" TEXT NOT NULL,
    "study_id" INTEGER NOT NULL,
    "position" INTEGER NOT NULL,
    "label" TEXT NOT NULL,
    "is_whole_sample" BOOLEAN NOT NULL,
    "participants" INTEGER,
    "mean_age" DOUBLE PRECISION,
    "sd_age" DOUBLE PRECISION,
    "min_age" DOUBLE PRECISION,
    "max_age" DOUBLE PRECISION,
    "female_percent" DOUBLE PRECISION,
    "severity" TEXT,
    "pregnant" BOOLEAN,
    "baseline_serum_magnesium" DOUBLE PRECISION,
    "inclusion" TEXT,
    "note" TEXT,
    "source_id" INTEGER NOT NULL,

    CONSTRAINT "population_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "population_condition" (
    "population_id" INTEGER NOT NULL,
    "condition_id" INTEGER NOT NULL,

    CONSTRAINT "population_condition_pkey" PRIMARY KEY ("population_id","condition_id")
);

-- CreateTable
CREATE TABLE "arm" (
    "id" SERIAL NOT NULL,
    "slug" TEXT NOT NULL,
    "study_id" INTEGER NOT NULL,
    "position" INTEGER NOT NULL,
    "label" TEXT NOT NULL,
    "role" "arm_role" NOT NULL,
    "randomized" INTEGER,
    "analysed" INTEGER,
    "co_interventions" TEXT[],
    "note" TEXT,

    CONSTRAINT "arm_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "dose" (
    "id" SERIAL NOT NULL,
    "slug" TEXT NOT NULL,
    "arm_id" INTEGER NOT NULL,
    "form_id" INTEGER NOT NULL,
    "route" "route" NOT NULL,
    "phase" INTEGER NOT NULL,
    "start_day" DOUBLE PRECISION,
    "end_day" DOUBLE PRECISION,
    "reported_amount" DOUBLE PRECISION,
    "reported_unit" "dose_unit",
    "basis" "dose_basis" NOT NULL,
    "times_per_day" DOUBLE PRECISION,
    "reported_text" TEXT,
    "reported_elemental_mg_per_day" DOUBLE PRECISION,
    "reported_salt_mg_per_day" DOUBLE PRECISION,
    "elemental_mg_per_day_low" DOUBLE PRECISION,
    "elemental_mg_per_day_high" DOUBLE PRECISION,
    "salt_mg_per_day" DOUBLE PRECISION,
    "conversion_note" TEXT,
    "note" TEXT,
    "source_id" INTEGER NOT NULL,

    CONSTRAINT "dose_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "study_outcome" (
    "id" SERIAL NOT NULL,
    "slug" TEXT NOT NULL,
    "study_id" INTEGER NOT NULL,
    "outcome_id" INTEGER NOT NULL,
    "instrument_id" INTEGER,
    "name" TEXT NOT NULL,
    "is_primary" BOOLEAN NOT NULL,

    CONSTRAINT "study_outcome_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "contrast" (
    "id" SERIAL NOT NULL,
    "slug" TEXT NOT NULL,
    "study_id" INTEGER NOT NULL,
    "intervention_arm_id" INTEGER,
    "comparator_arm_id" INTEGER,
    "form_id" INTEGER,
    "exposure_metric" TEXT,
    "exposure_unit" TEXT,
    "exposure_contrasted" TEXT,
    "exposure_reference" TEXT,
    "exposure_is_more" BOOLEAN,

    CONSTRAINT "contrast_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "result" (
    "id" SERIAL NOT NULL,
    "slug" TEXT NOT NULL,
    "study_id" INTEGER NOT NULL,
    "contrast_id" INTEGER NOT NULL,
    "study_outcome_id" INTEGER NOT NULL,
    "population_id" INTEGER NOT NULL,
    "condition_id" INTEGER NOT NULL,
    "timepoint_days" DOUBLE PRECISION,
    "timepoint_label" TEXT,
    "end_of_treatment" BOOLEAN,
    "analysis_set" "analysis_set" NOT NULL,
    "value_kind" "value_kind" NOT NULL,
    "unit" TEXT,
    "adjusted" BOOLEAN NOT NULL,
    "covariates" TEXT[],
    "stated_direction" "effect_direction",
    "absent_reason" "absent_reason",
    "note" TEXT,

    CONSTRAINT "result_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "result_report" (
    "id" SERIAL NOT NULL,
    "slug" TEXT NOT NULL,
    "result_id" INTEGER NOT NULL,
    "position" INTEGER NOT NULL,
    "note" TEXT,
    "source_id" INTEGER NOT NULL,

    CONSTRAINT "result_report_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "arm_result" (
    "report_id" INTEGER NOT NULL,
    "position" INTEGER NOT NULL,
    "arm_id" INTEGER NOT NULL,
    "n" INTEGER,
    "events" INTEGER,
    "events_from_percent" BOOLEAN NOT NULL,
    "percent" DOUBLE PRECISION,
    "mean" DOUBLE PRECISION,
    "sd" DOUBLE PRECISION,
    "se" DOUBLE PRECISION,
    "ci_lower" DOUBLE PRECISION,
    "ci_upper" DOUBLE PRECISION,
    "median" DOUBLE PRECISION,
    "q1" DOUBLE PRECISION,
    "q3" DOUBLE PRECISION,
    "minimum" DOUBLE PRECISION,
    "maximum" DOUBLE PRECISION,
    "baseline_mean" DOUBLE PRECISION,
    "baseline_sd" DOUBLE PRECISION,
    "note" TEXT,

    CONSTRAINT "arm_result_pkey" PRIMARY KEY ("report_id","position")
);

-- CreateTable
CREATE TABLE "effect" (
    "id" SERIAL NOT NULL,
    "slug" TEXT NOT NULL,
    "result_id" INTEGER NOT NULL,
    "report_id" INTEGER NOT NULL,
    "is_default" BOOLEAN NOT NULL,
    "measure" "effect_measure" NOT NULL,
    "analysis_scale" "analysis_scale" NOT NULL,
    "estimate" DOUBLE PRECISION,
    "standard_error" DOUBLE PRECISION,
    "ci_lower" DOUBLE PRECISION,
    "ci_upper" DOUBLE PRECISION,
    "ci_level" DOUBLE PRECISION,
    "p_value" DOUBLE PRECISION,
    "p_value_operator" "comparison",
    "origin" "effect_origin" NOT NULL,
    "formula" TEXT,
    "inputs" JSONB,
    "assumptions" TEXT[],
    "printed" JSONB,
    "participants" INTEGER,
    "direction" "effect_direction" NOT NULL,
    "standardized_benefit" DOUBLE PRECISION,
    "benefit_note" TEXT,
    "coherence" "coherence_status" NOT NULL,
    "coherence_checks" JSONB NOT NULL,
    "absent_reason" "absent_reason",
    "note" TEXT,

    CONSTRAINT "effect_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "risk_of_bias" (
    "id" SERIAL NOT NULL,
    "slug" TEXT NOT NULL,
    "study_id" INTEGER NOT NULL,
    "result_id" INTEGER,
    "tool" TEXT NOT NULL,
    "version" TEXT,
    "overall" "risk_of_bias_level" NOT NULL,
    "assessed_by" TEXT NOT NULL,
    "assessed_on" DATE NOT NULL,
    "source_id" INTEGER NOT NULL,

    CONSTRAINT "risk_of_bias_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "risk_of_bias_domain" (
    "assessment_id" INTEGER NOT NULL,
    "position" INTEGER NOT NULL,
    "domain" TEXT NOT NULL,
    "judgement" "risk_of_bias_level" NOT NULL,
    "support" TEXT,

    CONSTRAINT "risk_of_bias_domain_pkey" PRIMARY KEY ("assessment_id","position")
);

-- CreateTable
CREATE TABLE "certainty" (
    "id" SERIAL NOT NULL,
    "slug" TEXT NOT NULL,
    "condition_id" INTEGER NOT NULL,
    "outcome_id" INTEGER NOT NULL,
    "form_id" INTEGER,
    "start_level" "certainty_level" NOT NULL,
    "risk_of_bias" INTEGER NOT NULL,
    "inconsistency" INTEGER NOT NULL,
    "indirectness" INTEGER NOT NULL,
    "imprecision" INTEGER NOT NULL,
    "publication_bias" INTEGER NOT NULL,
    "large_effect" INTEGER NOT NULL,
    "dose_response" INTEGER NOT NULL,
    "confounding" INTEGER NOT NULL,
    "level" "certainty_level" NOT NULL,
    "reasons" JSONB NOT NULL,
    "judged_by" TEXT NOT NULL,
    "judged_on" DATE NOT NULL,

    CONSTRAINT "certainty_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "pooled_result" (
    "id" SERIAL NOT NULL,
    "slug" TEXT NOT NULL,
    "study_id" INTEGER NOT NULL,
    "condition_id" INTEGER NOT NULL,
    "outcome_id" INTEGER NOT NULL,
    "instrument_id" INTEGER,
    "form_id" INTEGER,
    "name" TEXT NOT NULL,
    "measure" "effect_measure" NOT NULL,
    "analysis_scale" "analysis_scale" NOT NULL,
    "estimate" DOUBLE PRECISION,
    "standard_error" DOUBLE PRECISION,
    "ci_lower" DOUBLE PRECISION,
    "ci_upper" DOUBLE PRECISION,
    "ci_level" DOUBLE PRECISION,
    "p_value" DOUBLE PRECISION,
    "p_value_operator" "comparison",
    "printed" JSONB,
    "k" INTEGER,
    "participants" INTEGER,
    "model" TEXT,
    "tau2" DOUBLE PRECISION,
    "i2" DOUBLE PRECISION,
    "subgroup" TEXT,
    "absent_reason" "absent_reason",
    "note" TEXT,
    "source_id" INTEGER NOT NULL,

    CONSTRAINT "pooled_result_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "source_document" (
    "id" SERIAL NOT NULL,
    "slug" TEXT NOT NULL,
    "title" TEXT NOT NULL,
    "authors" TEXT[],
    "published_on" DATE,
    "date_note" TEXT,
    "kind" TEXT NOT NULL,
    "language" TEXT NOT NULL,

    CONSTRAINT "source_document_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "document_reference" (
    "document_id" INTEGER NOT NULL,
    "number" INTEGER NOT NULL,
    "study_id" INTEGER NOT NULL,

    CONSTRAINT "document_reference_pkey" PRIMARY KEY ("document_id","number")
);

-- CreateTable
CREATE TABLE "claim" (
    "id" SERIAL NOT NULL,
    "slug" TEXT NOT NULL,
    "document_id" INTEGER NOT NULL,
    "position" INTEGER NOT NULL,
    "section" TEXT NOT NULL,
    "statement" TEXT NOT NULL,
    "topic" "claim_topic" NOT NULL,
    "stated" JSONB NOT NULL,
    "verdict" "claim_verdict" NOT NULL,
    "explanation" TEXT NOT NULL,

    CONSTRAINT "claim_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "claim_form" (
    "claim_id" INTEGER NOT NULL,
    "form_id" INTEGER NOT NULL,

    CONSTRAINT "claim_form_pkey" PRIMARY KEY ("claim_id","form_id")
);

-- CreateTable
CREATE TABLE "claim_condition" (
    "claim_id" INTEGER NOT NULL,
    "condition_id" INTEGER NOT NULL,

    CONSTRAINT "claim_condition_pkey" PRIMARY KEY ("claim_id","condition_id")
);

-- CreateTable
CREATE TABLE "claim_outcome" (
    "claim_id" INTEGER NOT NULL,
    "outcome_id" INTEGER NOT NULL,

    CONSTRAINT "claim_outcome_pkey" PRIMARY KEY ("claim_id","outcome_id")
);

-- CreateTable
CREATE TABLE "claim_citation" (
    "claim_id" INTEGER NOT NULL,
    "position" INTEGER NOT NULL,
    "study_id" INTEGER NOT NULL,

    CONSTRAINT "claim_citation_pkey" PRIMARY KEY ("claim_id","position")
);

-- CreateTable
CREATE TABLE "claim_finding" (
    "claim_id" INTEGER NOT NULL,
    "position" INTEGER NOT NULL,
    "study_id" INTEGER,
    "result_id" INTEGER,
    "stance" "stance" NOT NULL,
    "note" TEXT NOT NULL,

    CONSTRAINT "claim_finding_pkey" PRIMARY KEY ("claim_id","position")
);

-- CreateTable
CREATE TABLE "interaction" (
    "id" SERIAL NOT NULL,
    "slug" TEXT NOT NULL,
    "substance" TEXT NOT NULL,
    "synonyms" TEXT[],
    "effect" TEXT NOT NULL,
    "advice" TEXT,
    "separation_hours" DOUBLE PRECISION,
    "source_id" INTEGER NOT NULL,

    CONSTRAINT "interaction_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "interaction_code" (
    "interaction_id" INTEGER NOT NULL,
    "system" TEXT NOT NULL,
    "value" TEXT NOT NULL,
    "source" TEXT NOT NULL,

    CONSTRAINT "interaction_code_pkey" PRIMARY KEY ("interaction_id","system","value")
);

-- CreateTable
CREATE TABLE "interaction_form" (
    "interaction_id" INTEGER NOT NULL,
    "form_id" INTEGER NOT NULL,

    CONSTRAINT "interaction_form_pkey" PRIMARY KEY ("interaction_id","form_id")
);

-- CreateTable
CREATE TABLE "contraindication" (
    "id" SERIAL NOT NULL,
    "slug" TEXT NOT NULL,
    "condition_id" INTEGER NOT NULL,
    "note" TEXT,
    "source_id" INTEGER NOT NULL,

    CONSTRAINT "contraindication_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "contraindication_form" (
    "contraindication_id" INTEGER NOT NULL,
    "form_id" INTEGER NOT NULL,

    CONSTRAINT "contraindication_form_pkey" PRIMARY KEY ("contraindication_id","form_id")
);

-- CreateTable
CREATE TABLE "evidence_row" (
    "id" INTEGER NOT NULL,
    "slug" TEXT NOT NULL,
    "effect_id" INTEGER NOT NULL,
    "study_id" INTEGER NOT NULL,
    "study_slug" TEXT NOT NULL,
    "year" INTEGER,
    "design" "study_design" NOT NULL,
    "subjects" "subject_kind" NOT NULL,
    "retracted" BOOLEAN NOT NULL,
    "condition_id" INTEGER NOT NULL,
    "population_id" INTEGER NOT NULL,
    "population_condition_ids" INTEGER[],
    "intervention_arm_id" INTEGER,
    "comparator_arm_id" INTEGER,
    "comparator_role" "arm_role",
    "contrast_id" INTEGER NOT NULL,
    "form_id" INTEGER,
    "form_ids" INTEGER[],
    "outcome_id" INTEGER NOT NULL,
    "instrument_id" INTEGER,
    "routes" "route"[],
    "elemental_mg_low" DOUBLE PRECISION,
    "elemental_mg_high" DOUBLE PRECISION,
    "dose_ambiguous" BOOLEAN NOT NULL,
    "duration_days" DOUBLE PRECISION,
    "timepoint_days" DOUBLE PRECISION,
    "timepoint_label" TEXT,
    "end_of_treatment" BOOLEAN,
    "analysis_set" "analysis_set" NOT NULL,
    "value_kind" "value_kind" NOT NULL,
    "unit" TEXT,
    "adjusted" BOOLEAN NOT NULL,
    "participants" INTEGER,
    "mean_age" DOUBLE PRECISION,
    "female_percent" DOUBLE PRECISION,
    "baseline_serum_magnesium" DOUBLE PRECISION,
    "measure" "effect_measure" NOT NULL,
    "analysis_scale" "analysis_scale" NOT NULL,
    "estimate" DOUBLE PRECISION,
    "standard_error" DOUBLE PRECISION,
    "ci_lower" DOUBLE PRECISION,
    "ci_upper" DOUBLE PRECISION,
    "ci_level" DOUBLE PRECISION,
    "p_value" DOUBLE PRECISION,
    "p_value_operator" "comparison",
    "ci_excludes_null" BOOLEAN,
    "standardized_benefit" DOUBLE PRECISION,
    "direction" "effect_direction" NOT NULL,
    "origin" "effect_origin" NOT NULL,
    "risk_of_bias" "risk_of_bias_level",
    "coherence" "coherence_status" NOT NULL,
    "absent_reason" "absent_reason",

    CONSTRAINT "evidence_row_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "study_row" (
    "study_id" INTEGER NOT NULL,
    "slug" TEXT NOT NULL,
    "title" TEXT NOT NULL,
    "year" INTEGER,
    "participants" INTEGER,
    "design" "study_design" NOT NULL,
    "subjects" "subject_kind" NOT NULL,
    "evidence_kind" "evidence_kind" NOT NULL,
    "status" "publication_status" NOT NULL,
    "countries" TEXT[],
    "condition_ids" INTEGER[],
    "form_ids" INTEGER[],
    "outcome_ids" INTEGER[],
    "poolable" BOOLEAN NOT NULL,
    "document" JSON NOT NULL,

    CONSTRAINT "study_row_pkey" PRIMARY KEY ("study_id")
);

-- CreateTable
CREATE TABLE "search_row" (
    "kind" "search_kind" NOT NULL,
    "ref_id" INTEGER NOT NULL,
    "slug" TEXT NOT NULL,
    "title" TEXT NOT NULL,
    "names" TEXT NOT NULL,
    "body" TEXT NOT NULL,
    "vector" tsvector NOT NULL,

    CONSTRAINT "search_row_pkey" PRIMARY KEY ("kind","ref_id")
);

-- CreateTable
CREATE TABLE "term_name" (
    "kind" "search_kind" NOT NULL,
    "ref_id" INTEGER NOT NULL,
    "slug" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "normalized" TEXT NOT NULL,
    "rank" INTEGER NOT NULL,

    CONSTRAINT "term_name_pkey" PRIMARY KEY ("kind","ref_id","name")
);

-- CreateTable
CREATE TABLE "data_revision" (
    "id" SERIAL NOT NULL,
    "revision" TEXT NOT NULL,
    "engine_version" TEXT NOT NULL,
    "counts" JSONB NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "data_revision_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "condition_slug_key" ON "condition"("slug");

-- CreateIndex
CREATE INDEX "condition_code_system_value_idx" ON "condition_code"("system", "value");

-- CreateIndex
CREATE INDEX "condition_closure_descendant_id_idx" ON "condition_closure"("descendant_id");

-- CreateIndex
CREATE UNIQUE INDEX "magnesium_form_slug_key" ON "magnesium_form"("slug");

-- CreateIndex
CREATE INDEX "form_code_system_value_idx" ON "form_code"("system", "value");

-- CreateIndex
CREATE INDEX "form_closure_descendant_id_idx" ON "form_closure"("descendant_id");

-- CreateIndex
CREATE UNIQUE INDEX "outcome_slug_key" ON "outcome"("slug");

-- CreateIndex
CREATE INDEX "outcome_code_system_value_idx" ON "outcome_code"("system", "value");

-- CreateIndex
CREATE UNIQUE INDEX "instrument_slug_key" ON "instrument"("slug");

-- CreateIndex
CREATE INDEX "instrument_code_system_value_idx" ON "instrument_code"("system", "value");

-- CreateIndex
CREATE UNIQUE INDEX "source_slug_key" ON "source"("slug");

-- CreateIndex
CREATE INDEX "source_study_id_idx" ON "source"("study_id");

-- CreateIndex
CREATE UNIQUE INDEX "publication_slug_key" ON "publication"("slug");

-- CreateIndex
CREATE UNIQUE INDEX "publication_doi_key" ON "publication"("doi");

-- CreateIndex
CREATE UNIQUE INDEX "publication_pmid_key" ON "publication"("pmid");

-- CreateIndex
CREATE UNIQUE INDEX "publication_pmcid_key" ON "publication"("pmcid");

-- CreateIndex
CREATE INDEX "publication_relation_to_id_idx" ON "publication_relation"("to_id");

-- CreateIndex
CREATE UNIQUE INDEX "study_slug_key" ON "study"("slug");

-- CreateIndex
CREATE INDEX "study_publication_publication_id_idx" ON "study_publication"("publication_id");

-- CreateIndex
CREATE INDEX "registration_identity_idx" ON "registration"("identity");

-- CreateIndex
CREATE UNIQUE INDEX "population_slug_key" ON "population"("slug");

-- CreateIndex
CREATE UNIQUE INDEX "population_study_id_id_key" ON "population"("study_id", "id");

-- CreateIndex
CREATE INDEX "population_condition_condition_id_idx" ON "population_condition"("condition_id");

-- CreateIndex
CREATE UNIQUE INDEX "arm_slug_key" ON "arm"("slug");

-- CreateIndex
CREATE UNIQUE INDEX "arm_study_id_id_key" ON "arm"("study_id", "id");

-- CreateIndex
CREATE UNIQUE INDEX "dose_slug_key" ON "dose"("slug");

-- CreateIndex
CREATE INDEX "dose_form_id_idx" ON "dose"("form_id");

-- CreateIndex
CREATE UNIQUE INDEX "dose_arm_id_form_id_phase_key" ON "dose"("arm_id", "form_id", "phase");

-- CreateIndex
CREATE UNIQUE INDEX "study_outcome_slug_key" ON "study_outcome"("slug");

-- CreateIndex
CREATE UNIQUE INDEX "study_outcome_study_id_id_key" ON "study_outcome"("study_id", "id");

-- CreateIndex
CREATE UNIQUE INDEX "contrast_slug_key" ON "contrast"("slug");

-- CreateIndex
CREATE UNIQUE INDEX "contrast_study_id_id_key" ON "contrast"("study_id", "id");

-- CreateIndex
CREATE UNIQUE INDEX "result_slug_key" ON "result"("slug");

-- CreateIndex
CREATE INDEX "result_study_id_idx" ON "result"("study_id");

-- CreateIndex
CREATE INDEX "result_population_id_idx" ON "result"("population_id");

-- CreateIndex
CREATE UNIQUE INDEX "result_report_slug_key" ON "result_report"("slug");

-- CreateIndex
CREATE UNIQUE INDEX "result_report_result_id_position_key" ON "result_report"("result_id", "position");

-- CreateIndex
CREATE INDEX "arm_result_arm_id_idx" ON "arm_result"("arm_id");

-- CreateIndex
CREATE UNIQUE INDEX "effect_slug_key" ON "effect"("slug");

-- CreateIndex
CREATE INDEX "effect_result_id_idx" ON "effect"("result_id");

-- CreateIndex
CREATE INDEX "effect_report_id_idx" ON "effect"("report_id");

-- CreateIndex
CREATE UNIQUE INDEX "risk_of_bias_slug_key" ON "risk_of_bias"("slug");

-- CreateIndex
CREATE INDEX "risk_of_bias_study_id_idx" ON "risk_of_bias"("study_id");

-- CreateIndex
CREATE UNIQUE INDEX "certainty_slug_key" ON "certainty"("slug");

-- CreateIndex
CREATE UNIQUE INDEX "pooled_result_slug_key" ON "pooled_result"("slug");

-- CreateIndex
CREATE INDEX "pooled_result_study_id_idx" ON "pooled_result"("study_id");

-- CreateIndex
CREATE INDEX "pooled_result_condition_id_idx" ON "pooled_result"("condition_id");

-- CreateIndex
CREATE UNIQUE INDEX "source_document_slug_key" ON "source_document"("slug");

-- CreateIndex
CREATE UNIQUE INDEX "claim_slug_key" ON "claim"("slug");

-- CreateIndex
CREATE INDEX "claim_document_id_idx" ON "claim"("document_id");

-- CreateIndex
CREATE INDEX "claim_citation_study_id_idx" ON "claim_citation"("study_id");

-- CreateIndex
CREATE INDEX "claim_finding_study_id_idx" ON "claim_finding"("study_id");

-- CreateIndex
CREATE UNIQUE INDEX "interaction_slug_key" ON "interaction"("slug");

-- CreateIndex
CREATE UNIQUE INDEX "contraindication_slug_key" ON "contraindication"("slug");

-- CreateIndex
CREATE UNIQUE INDEX "evidence_row_slug_key" ON "evidence_row"("slug");

-- CreateIndex
CREATE INDEX "evidence_row_condition" ON "evidence_row"("condition_id", "id");

-- CreateIndex
CREATE INDEX "evidence_row_condition_form" ON "evidence_row"("condition_id", "form_id", "id");

-- CreateIndex
CREATE INDEX "evidence_row_outcome" ON "evidence_row"("outcome_id", "id");

-- CreateIndex
CREATE INDEX "evidence_row_study" ON "evidence_row"("study_id", "id");

-- CreateIndex
CREATE INDEX "evidence_row_measure_estimate" ON "evidence_row"("measure", "estimate", "id");

-- CreateIndex
CREATE INDEX "evidence_row_form" ON "evidence_row" USING GIN ("form_ids");

-- CreateIndex
CREATE INDEX "evidence_row_population_conditions" ON "evidence_row" USING GIN ("population_condition_ids");

-- CreateIndex
CREATE UNIQUE INDEX "study_row_slug_key" ON "study_row"("slug");

-- CreateIndex
CREATE INDEX "study_row_conditions" ON "study_row" USING GIN ("condition_ids");

-- CreateIndex
CREATE INDEX "study_row_forms" ON "study_row" USING GIN ("form_ids");

-- CreateIndex
CREATE INDEX "study_row_outcomes" ON "study_row" USING GIN ("outcome_ids");

-- CreateIndex
CREATE INDEX "search_row_vector" ON "search_row" USING GIN ("vector");

-- CreateIndex
CREATE INDEX "term_name_normalized" ON "term_name"("normalized");

-- AddForeignKey
ALTER TABLE "condition_code" ADD CONSTRAINT "condition_code_condition_id_fkey" FOREIGN KEY ("condition_id") REFERENCES "condition"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "condition_parent" ADD CONSTRAINT "condition_parent_child_id_fkey" FOREIGN KEY ("child_id") REFERENCES "condition"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "condition_parent" ADD CONSTRAINT "condition_parent_parent_id_fkey" FOREIGN KEY ("parent_id") REFERENCES "condition"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "condition_closure" ADD CONSTRAINT "condition_closure_ancestor_id_fkey" FOREIGN KEY ("ancestor_id") REFERENCES "condition"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "condition_closure" ADD CONSTRAINT "condition_closure_descendant_id_fkey" FOREIGN KEY ("descendant_id") REFERENCES "condition"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "form_code" ADD CONSTRAINT "form_code_form_id_fkey" FOREIGN KEY ("form_id") REFERENCES "magnesium_form"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "form_parent" ADD CONSTRAINT "form_parent_child_id_fkey" FOREIGN KEY ("child_id") REFERENCES "magnesium_form"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "form_parent" ADD CONSTRAINT "form_parent_parent_id_fkey" FOREIGN KEY ("parent_id") REFERENCES "magnesium_form"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "form_closure" ADD CONSTRAINT "form_closure_ancestor_id_fkey" FOREIGN KEY ("ancestor_id") REFERENCES "magnesium_form"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "form_closure" ADD CONSTRAINT "form_closure_descendant_id_fkey" FOREIGN KEY ("descendant_id") REFERENCES "magnesium_form"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "form_alternative" ADD CONSTRAINT "form_alternative_form_id_fkey" FOREIGN KEY ("form_id") REFERENCES "magnesium_form"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "form_alternative" ADD CONSTRAINT "form_alternative_alternative_id_fkey" FOREIGN KEY ("alternative_id") REFERENCES "magnesium_form"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "outcome_code" ADD CONSTRAINT "outcome_code_outcome_id_fkey" FOREIGN KEY ("outcome_id") REFERENCES "outcome"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "instrument_code" ADD CONSTRAINT "instrument_code_instrument_id_fkey" FOREIGN KEY ("instrument_id") REFERENCES "instrument"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "outcome_instrument" ADD CONSTRAINT "outcome_instrument_outcome_id_fkey" FOREIGN KEY ("outcome_id") REFERENCES "outcome"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "outcome_instrument" ADD CONSTRAINT "outcome_instrument_instrument_id_fkey" FOREIGN KEY ("instrument_id") REFERENCES "instrument"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "source" ADD CONSTRAINT "source_study_id_fkey" FOREIGN KEY ("study_id") REFERENCES "study"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "publication_author" ADD CONSTRAINT "publication_author_publication_id_fkey" FOREIGN KEY ("publication_id") REFERENCES "publication"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "publication_relation" ADD CONSTRAINT "publication_relation_from_id_fkey" FOREIGN KEY ("from_id") REFERENCES "publication"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "publication_relation" ADD CONSTRAINT "publication_relation_to_id_fkey" FOREIGN KEY ("to_id") REFERENCES "publication"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "publication_status_event" ADD CONSTRAINT "publication_status_event_publication_id_fkey" FOREIGN KEY ("publication_id") REFERENCES "publication"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "crossover_design" ADD CONSTRAINT "crossover_design_study_id_fkey" FOREIGN KEY ("study_id") REFERENCES "study"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "cluster_design" ADD CONSTRAINT "cluster_design_study_id_fkey" FOREIGN KEY ("study_id") REFERENCES "study"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "study_publication" ADD CONSTRAINT "study_publication_study_id_fkey" FOREIGN KEY ("study_id") REFERENCES "study"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "study_publication" ADD CONSTRAINT "study_publication_publication_id_fkey" FOREIGN KEY ("publication_id") REFERENCES "publication"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "registration" ADD CONSTRAINT "registration_study_id_fkey" FOREIGN KEY ("study_id") REFERENCES "study"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "population" ADD CONSTRAINT "population_study_id_fkey" FOREIGN KEY ("study_id") REFERENCES "study"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "population" ADD CONSTRAINT "population_source_id_fkey" FOREIGN KEY ("source_id") REFERENCES "source"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "population_condition" ADD CONSTRAINT "population_condition_population_id_fkey" FOREIGN KEY ("population_id") REFERENCES "population"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "population_condition" ADD CONSTRAINT "population_condition_condition_id_fkey" FOREIGN KEY ("condition_id") REFERENCES "condition"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "arm" ADD CONSTRAINT "arm_study_id_fkey" FOREIGN KEY ("study_id") REFERENCES "study"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "dose" ADD CONSTRAINT "dose_arm_id_fkey" FOREIGN KEY ("arm_id") REFERENCES "arm"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "dose" ADD CONSTRAINT "dose_form_id_fkey" FOREIGN KEY ("form_id") REFERENCES "magnesium_form"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "dose" ADD CONSTRAINT "dose_source_id_fkey" FOREIGN KEY ("source_id") REFERENCES "source"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "study_outcome" ADD CONSTRAINT "study_outcome_study_id_fkey" FOREIGN KEY ("study_id") REFERENCES "study"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "study_outcome" ADD CONSTRAINT "study_outcome_outcome_id_fkey" FOREIGN KEY ("outcome_id") REFERENCES "outcome"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "study_outcome" ADD CONSTRAINT "study_outcome_instrument_id_fkey" FOREIGN KEY ("instrument_id") REFERENCES "instrument"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "contrast" ADD CONSTRAINT "contrast_study_id_fkey" FOREIGN KEY ("study_id") REFERENCES "study"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "contrast" ADD CONSTRAINT "contrast_study_id_intervention_arm_id_fkey" FOREIGN KEY ("study_id", "intervention_arm_id") REFERENCES "arm"("study_id", "id") ON DELETE NO ACTION ON UPDATE NO ACTION;

-- AddForeignKey
ALTER TABLE "contrast" ADD CONSTRAINT "contrast_study_id_comparator_arm_id_fkey" FOREIGN KEY ("study_id", "comparator_arm_id") REFERENCES "arm"("study_id", "id") ON DELETE NO ACTION ON UPDATE NO ACTION;

-- AddForeignKey
ALTER TABLE "contrast" ADD CONSTRAINT "contrast_form_id_fkey" FOREIGN KEY ("form_id") REFERENCES "magnesium_form"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "result" ADD CONSTRAINT "result_study_id_fkey" FOREIGN KEY ("study_id") REFERENCES "study"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "result" ADD CONSTRAINT "result_study_id_contrast_id_fkey" FOREIGN KEY ("study_id", "contrast_id") REFERENCES "contrast"("study_id", "id") ON DELETE NO ACTION ON UPDATE NO ACTION;

-- AddForeignKey
ALTER TABLE "result" ADD CONSTRAINT "result_study_id_study_outcome_id_fkey" FOREIGN KEY ("study_id", "study_outcome_id") REFERENCES "study_outcome"("study_id", "id") ON DELETE NO ACTION ON UPDATE NO ACTION;

-- AddForeignKey
ALTER TABLE "result" ADD CONSTRAINT "result_study_id_population_id_fkey" FOREIGN KEY ("study_id", "population_id") REFERENCES "population"("study_id", "id") ON DELETE NO ACTION ON UPDATE NO ACTION;

-- AddForeignKey
ALTER TABLE "result" ADD CONSTRAINT "result_condition_id_fkey" FOREIGN KEY ("condition_id") REFERENCES "condition"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "result_report" ADD CONSTRAINT "result_report_result_id_fkey" FOREIGN KEY ("result_id") REFERENCES "result"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "result_report" ADD CONSTRAINT "result_report_source_id_fkey" FOREIGN KEY ("source_id") REFERENCES "source"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "arm_result" ADD CONSTRAINT "arm_result_report_id_fkey" FOREIGN KEY ("report_id") REFERENCES "result_report"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "arm_result" ADD CONSTRAINT "arm_result_arm_id_fkey" FOREIGN KEY ("arm_id") REFERENCES "arm"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "effect" ADD CONSTRAINT "effect_result_id_fkey" FOREIGN KEY ("result_id") REFERENCES "result"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "effect" ADD CONSTRAINT "effect_report_id_fkey" FOREIGN KEY ("report_id") REFERENCES "result_report"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "risk_of_bias" ADD CONSTRAINT "risk_of_bias_study_id_fkey" FOREIGN KEY ("study_id") REFERENCES "study"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "risk_of_bias" ADD CONSTRAINT "risk_of_bias_result_id_fkey" FOREIGN KEY ("result_id") REFERENCES "result"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "risk_of_bias" ADD CONSTRAINT "risk_of_bias_source_id_fkey" FOREIGN KEY ("source_id") REFERENCES "source"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "risk_of_bias_domain" ADD CONSTRAINT "risk_of_bias_domain_assessment_id_fkey" FOREIGN KEY ("assessment_id") REFERENCES "risk_of_bias"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "certainty" ADD CONSTRAINT "certainty_condition_id_fkey" FOREIGN KEY ("condition_id") REFERENCES "condition"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "certainty" ADD CONSTRAINT "certainty_outcome_id_fkey" FOREIGN KEY ("outcome_id") REFERENCES "outcome"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "certainty" ADD CONSTRAINT "certainty_form_id_fkey" FOREIGN KEY ("form_id") REFERENCES "magnesium_form"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "pooled_result" ADD CONSTRAINT "pooled_result_study_id_fkey" FOREIGN KEY ("study_id") REFERENCES "study"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "pooled_result" ADD CONSTRAINT "pooled_result_condition_id_fkey" FOREIGN KEY ("condition_id") REFERENCES "condition"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "pooled_result" ADD CONSTRAINT "pooled_result_outcome_id_fkey" FOREIGN KEY ("outcome_id") REFERENCES "outcome"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "pooled_result" ADD CONSTRAINT "pooled_result_instrument_id_fkey" FOREIGN KEY ("instrument_id") REFERENCES "instrument"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "pooled_result" ADD CONSTRAINT "pooled_result_form_id_fkey" FOREIGN KEY ("form_id") REFERENCES "magnesium_form"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "pooled_result" ADD CONSTRAINT "pooled_result_source_id_fkey" FOREIGN KEY ("source_id") REFERENCES "source"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "document_reference" ADD CONSTRAINT "document_reference_document_id_fkey" FOREIGN KEY ("document_id") REFERENCES "source_document"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "document_reference" ADD CONSTRAINT "document_reference_study_id_fkey" FOREIGN KEY ("study_id") REFERENCES "study"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "claim" ADD CONSTRAINT "claim_document_id_fkey" FOREIGN KEY ("document_id") REFERENCES "source_document"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "claim_form" ADD CONSTRAINT "claim_form_claim_id_fkey" FOREIGN KEY ("claim_id") REFERENCES "claim"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "claim_form" ADD CONSTRAINT "claim_form_form_id_fkey" FOREIGN KEY ("form_id") REFERENCES "magnesium_form"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "claim_condition" ADD CONSTRAINT "claim_condition_claim_id_fkey" FOREIGN KEY ("claim_id") REFERENCES "claim"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "claim_condition" ADD CONSTRAINT "claim_condition_condition_id_fkey" FOREIGN KEY ("condition_id") REFERENCES "condition"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "claim_outcome" ADD CONSTRAINT "claim_outcome_claim_id_fkey" FOREIGN KEY ("claim_id") REFERENCES "claim"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "claim_outcome" ADD CONSTRAINT "claim_outcome_outcome_id_fkey" FOREIGN KEY ("outcome_id") REFERENCES "outcome"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "claim_citation" ADD CONSTRAINT "claim_citation_claim_id_fkey" FOREIGN KEY ("claim_id") REFERENCES "claim"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "claim_citation" ADD CONSTRAINT "claim_citation_study_id_fkey" FOREIGN KEY ("study_id") REFERENCES "study"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "claim_finding" ADD CONSTRAINT "claim_finding_claim_id_fkey" FOREIGN KEY ("claim_id") REFERENCES "claim"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "claim_finding" ADD CONSTRAINT "claim_finding_study_id_fkey" FOREIGN KEY ("study_id") REFERENCES "study"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "claim_finding" ADD CONSTRAINT "claim_finding_result_id_fkey" FOREIGN KEY ("result_id") REFERENCES "result"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "interaction" ADD CONSTRAINT "interaction_source_id_fkey" FOREIGN KEY ("source_id") REFERENCES "source"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "interaction_code" ADD CONSTRAINT "interaction_code_interaction_id_fkey" FOREIGN KEY ("interaction_id") REFERENCES "interaction"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "interaction_form" ADD CONSTRAINT "interaction_form_interaction_id_fkey" FOREIGN KEY ("interaction_id") REFERENCES "interaction"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "interaction_form" ADD CONSTRAINT "interaction_form_form_id_fkey" FOREIGN KEY ("form_id") REFERENCES "magnesium_form"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "contraindication" ADD CONSTRAINT "contraindication_condition_id_fkey" FOREIGN KEY ("condition_id") REFERENCES "condition"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "contraindication" ADD CONSTRAINT "contraindication_source_id_fkey" FOREIGN KEY ("source_id") REFERENCES "source"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "contraindication_form" ADD CONSTRAINT "contraindication_form_contraindication_id_fkey" FOREIGN KEY ("contraindication_id") REFERENCES "contraindication"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "contraindication_form" ADD CONSTRAINT "contraindication_form_form_id_fkey" FOREIGN KEY ("form_id") REFERENCES "magnesium_form"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
