-- A study's status is the last event of its main report; but a retraction stands until the publication is reinstated,
-- whatever else happens to it later, and whether its day is known or not.
CREATE OR REPLACE VIEW study_status AS
SELECT s.id AS study_id,
  coalesce((
    SELECT event.status
    FROM study_publication sp JOIN publication_status_event event USING (publication_id)
    WHERE sp.study_id = s.id AND sp.position = 0
    ORDER BY
      event.status = 'RETRACTED' AND NOT EXISTS (
        SELECT FROM publication_status_event later
        WHERE later.publication_id = event.publication_id AND later.status = 'CURRENT'
          AND coalesce(later.occurred_on > event.occurred_on, later.position > event.position)
      ) DESC,
      event.occurred_on DESC NULLS LAST, event.position DESC
    LIMIT 1
  ), 'CURRENT'::publication_status) AS status
FROM study s;
