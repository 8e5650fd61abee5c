import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Messages that a gateway may have taken are left to a person; the sweep role counts them, and paused gateways. */
export class UncertainMessages1799710000000 implements MigrationInterface {
  name = 'UncertainMessages1799710000000';

  // NOT VALID: every stored row satisfies the wider condition, and need not be read.
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      ALTER TABLE patient_message
        ADD COLUMN uncertain_at timestamptz,
        ADD COLUMN settled_at timestamptz,
        ADD COLUMN settled_by text,
        DROP CONSTRAINT patient_message_state,
        ADD CONSTRAINT patient_message_state
          CHECK (state IN ('pending', 'sent', 'handed_over', 'cancelled', 'failed', 'uncertain')) NOT VALID;
      ALTER TABLE patient_message_attempt
        DROP CONSTRAINT patient_message_attempt_outcome,
        ADD CONSTRAINT patient_message_attempt_outcome
          CHECK (outcome IN ('accepted', 'refused', 'throttled', 'unreachable', 'interrupted', 'unclear')) NOT VALID;
      CREATE INDEX patient_message_uncertain_idx ON patient_message (hospital_id, uncertain_at, id) WHERE state = 'uncertain';
      GRANT SELECT (uncertain_at) ON patient_message TO nedwatch_sweep;
      CREATE POLICY sweep ON message_gateway FOR SELECT TO nedwatch_sweep USING (true);
      GRANT SELECT (hospital_id, timeouts, paused_until) ON message_gateway TO nedwatch_sweep;
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`
      UPDATE patient_message SET state = 'cancelled', reason = 'uncertain' WHERE state = 'uncertain';
      UPDATE patient_message_attempt SET outcome = 'unreachable' WHERE outcome = 'unclear';
      REVOKE SELECT (hospital_id, timeouts, paused_until) ON message_gateway FROM nedwatch_sweep;
      DROP POLICY sweep ON message_gateway;
      ALTER TABLE patient_message_attempt
        DROP CONSTRAINT patient_message_attempt_outcome,
        ADD CONSTRAINT patient_message_attempt_outcome
          CHECK (outcome IN ('accepted', 'refused', 'throttled', 'unreachable', 'interrupted'));
      ALTER TABLE patient_message
        DROP COLUMN uncertain_at,
        DROP COLUMN settled_at,
        DROP COLUMN settled_by,
        DROP CONSTRAINT patient_message_state,
        ADD CONSTRAINT patient_message_state
          CHECK (state IN ('pending', 'sent', 'handed_over', 'cancelled', 'failed'));
    `);
  }
}
