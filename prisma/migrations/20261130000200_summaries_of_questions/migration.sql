-- Summaries count each study of a group once: read in this order, a million effects need no sorting and no table.
CREATE INDEX evidence_row_questions ON evidence_row (condition_id, evidence_class, comparison_key, study_id, participants DESC NULLS LAST)
  INCLUDE (direction, standardized_benefit, subjects, retracted);
