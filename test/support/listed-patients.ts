/** Patients of whom the columns say something else than their rows; read without triggers. */
export const WRONGLY_LISTED = `
  SELECT * FROM (
    SELECT p.id, jsonb_build_object('unseen', has_unseen_result, 'judge', has_result_to_judge, 'withdrawn', webhook_withdrawn,
                                    'lost', loss_proposed_on) AS kept,
           jsonb_build_object(
             'unseen', EXISTS (SELECT FROM clinical_event e WHERE e.patient_id = p.id AND result_of IS NOT NULL
                                  AND seen_at IS NULL AND voided_at IS NULL),
             'judge', EXISTS (SELECT FROM clinical_event e WHERE e.patient_id = p.id AND to_judge IS NOT NULL
                                 AND judged_at IS NULL AND voided_at IS NULL),
             'withdrawn', coalesce((SELECT decision = 'withdrawn' FROM patient_consent c
                                     WHERE c.patient_id = p.id AND channel = 'webhook' ORDER BY ordinal DESC LIMIT 1), false),
             'lost', (SELECT lost_proposed_on FROM patient_contact c WHERE c.patient_id = p.id)) AS known
      FROM patient p) AS compared
   WHERE kept IS DISTINCT FROM known`;
