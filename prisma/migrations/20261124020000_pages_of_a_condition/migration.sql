-- Pages of a condition and a form, and of a condition and an outcome by benefit, end after their rows: without these, all that is selected is
-- read and sorted, and that grows with the data. The first takes the place of the index that had no order.
CREATE INDEX evidence_row_condition_form_study ON evidence_row (condition_id, form_id, study_slug COLLATE "C", id);
DROP INDEX evidence_row_condition_form;
CREATE INDEX evidence_row_condition_outcome_benefit ON evidence_row (condition_id, outcome_id, (coalesce(standardized_benefit, '-Infinity')), id);
