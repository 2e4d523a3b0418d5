-- A published pooled result with the trials, counts and model that give it again.
CREATE TYPE interval_kind AS ENUM ('CONFIDENCE', 'CREDIBLE');

ALTER TABLE pooled_result
  ADD COLUMN decimals integer CHECK (decimals BETWEEN 0 AND 10),
  ADD COLUMN interval_kind interval_kind NOT NULL DEFAULT 'CONFIDENCE',
  ADD COLUMN comparator text;

CREATE TABLE replication (
  pooled_result_id integer PRIMARY KEY REFERENCES pooled_result (id) ON DELETE CASCADE ON UPDATE CASCADE,
  model text NOT NULL CHECK (model IN ('RANDOM_EFFECTS', 'COMMON_EFFECT', 'MANTEL_HAENSZEL', 'MANTEL_HAENSZEL_RANDOM', 'PETO')),
  estimator text NOT NULL CHECK (estimator IN ('REML', 'DL', 'PM', 'ML', 'EB', 'HS', 'HE', 'SJ')),
  "interval" text NOT NULL CHECK ("interval" IN ('WALD', 'HKSJ', 'HKSJ_ADHOC')),
  empty_cells text NOT NULL CHECK (empty_cells IN ('AS_THEY_ARE', 'ADD_HALF')),
  -- The review pooled more trials than are held.
  incomplete boolean NOT NULL,
  explanation text NOT NULL
);

-- Position 0 of a report is the result's own numbers; others are alternative counts.
CREATE TABLE replication_input (
  pooled_result_id integer NOT NULL REFERENCES replication (pooled_result_id) ON DELETE CASCADE ON UPDATE CASCADE,
  position integer NOT NULL,
  result_id integer NOT NULL REFERENCES result (id) ON DELETE CASCADE ON UPDATE CASCADE,
  report_id integer NOT NULL REFERENCES result_report (id) ON DELETE CASCADE ON UPDATE CASCADE,
  PRIMARY KEY (pooled_result_id, position)
);
CREATE UNIQUE INDEX replication_input_result ON replication_input (pooled_result_id, result_id);
CREATE INDEX replication_input_result_id ON replication_input (result_id);
CREATE INDEX replication_input_report ON replication_input (report_id);
