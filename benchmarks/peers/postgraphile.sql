-- What PostGraphile shows: views over the tables that the service reads, with the names and relations that views cannot say themselves.
-- Views are inlined, so that the tables' own indexes serve them; the two columns for orders say what the service's indexes are of.
DROP SCHEMA IF EXISTS peer CASCADE;
CREATE SCHEMA peer;

CREATE VIEW peer.evidence AS
  SELECT e.*, 1 AS effects, e.study_slug COLLATE "C" AS study_order, coalesce(e.standardized_benefit, '-Infinity') AS benefit_order FROM public.evidence_row e;
CREATE VIEW peer.study AS
  SELECT r.study_id AS id, r.slug, r.title, r.year, s.participants_analysed, r.design, s.masking_participants, s.masking_providers, s.masking_assessors
  FROM public.study_row r JOIN public.study s ON s.id = r.study_id;
-- Where the columns of the flat row are enough.
CREATE VIEW peer.study_listed AS SELECT r.study_id AS id, r.slug, r.title, r.year, r.design FROM public.study_row r;
CREATE VIEW peer.population AS SELECT id, study_id, position, label, participants, mean_age, female_percent FROM public.population;
CREATE VIEW peer.condition_of_population AS SELECT population_id, condition_id FROM public.population_condition;
CREATE VIEW peer.condition AS SELECT id, slug, name FROM public.condition;
CREATE VIEW peer.form AS SELECT id, slug, name FROM public.magnesium_form;
CREATE VIEW peer.outcome AS SELECT id, slug, name FROM public.outcome;
CREATE VIEW peer.arm AS SELECT id, study_id, position, label, role FROM public.arm;
CREATE VIEW peer.dose AS SELECT id, arm_id, form_id, phase, route, elemental_mg_per_day_low, elemental_mg_per_day_high, start_day, end_day FROM public.dose;
CREATE VIEW peer.publication AS SELECT id, title, doi, pmid, year FROM public.publication;
CREATE VIEW peer.study_publication AS SELECT study_id, publication_id, position, role FROM public.study_publication;
CREATE VIEW peer.author AS SELECT publication_id, position, family FROM public.publication_author;

COMMENT ON VIEW peer.evidence IS E'@primaryKey id\n@foreignKey (study_id) references peer.study_listed (id)|@fieldName study|@foreignFieldName evidenceListed\n@foreignKey (study_id) references peer.study (id)|@fieldName wholeStudy|@foreignFieldName evidence\n@foreignKey (population_id) references peer.population (id)|@fieldName population\n@foreignKey (intervention_arm_id) references peer.arm (id)|@fieldName intervention|@foreignFieldName evidenceOfIntervention\n@foreignKey (comparator_arm_id) references peer.arm (id)|@fieldName comparator|@foreignFieldName evidenceOfComparator\n@foreignKey (outcome_id) references peer.outcome (id)|@fieldName outcome\n@foreignKey (condition_id) references peer.condition (id)|@fieldName condition\n@foreignKey (form_id) references peer.form (id)|@fieldName form';
COMMENT ON VIEW peer.study IS E'@primaryKey id\n@unique slug';
COMMENT ON VIEW peer.study_listed IS E'@primaryKey id\n@unique slug';
COMMENT ON VIEW peer.population IS E'@primaryKey id\n@foreignKey (study_id) references peer.study (id)|@fieldName study|@foreignFieldName populations';
COMMENT ON VIEW peer.condition_of_population IS E'@primaryKey population_id,condition_id\n@foreignKey (population_id) references peer.population (id)|@fieldName population|@foreignFieldName conditions\n@foreignKey (condition_id) references peer.condition (id)|@fieldName condition';
COMMENT ON VIEW peer.condition IS E'@primaryKey id\n@unique slug';
COMMENT ON VIEW peer.form IS E'@primaryKey id\n@unique slug';
COMMENT ON VIEW peer.outcome IS E'@primaryKey id\n@unique slug';
COMMENT ON VIEW peer.arm IS E'@primaryKey id\n@foreignKey (study_id) references peer.study (id)|@fieldName study|@foreignFieldName arms';
COMMENT ON VIEW peer.dose IS E'@primaryKey id\n@foreignKey (arm_id) references peer.arm (id)|@fieldName arm|@foreignFieldName doses\n@foreignKey (form_id) references peer.form (id)|@fieldName form';
COMMENT ON VIEW peer.publication IS E'@primaryKey id';
COMMENT ON VIEW peer.study_publication IS E'@primaryKey study_id,publication_id\n@foreignKey (study_id) references peer.study_listed (id)|@fieldName study|@foreignFieldName publicationsListed\n@foreignKey (study_id) references peer.study (id)|@fieldName wholeStudy|@foreignFieldName publications\n@foreignKey (publication_id) references peer.publication (id)|@fieldName publication|@foreignFieldName studies';
COMMENT ON VIEW peer.author IS E'@primaryKey publication_id,position\n@foreignKey (publication_id) references peer.publication (id)|@fieldName publication|@foreignFieldName authors';
