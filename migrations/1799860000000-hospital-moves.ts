import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * A hospital that moves between two databases. While it has a state here, no transaction of a program enters it, and the
 * work over all hospitals does not see it. The old version refuses it with 500 instead of 503.
 */
export class HospitalMoves1799860000000 implements MigrationInterface {
  name = 'HospitalMoves1799860000000';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE TABLE hospital_move (
        hospital_id  uuid NOT NULL,
        state        text CONSTRAINT hospital_move_state CHECK (state IN ('leaving', 'left', 'arriving')),
        other        text NOT NULL,
        began_at     timestamptz NOT NULL,
        arrived      boolean NOT NULL DEFAULT false,
        CONSTRAINT hospital_move_pkey PRIMARY KEY (hospital_id),
        CONSTRAINT hospital_move_hospital_fkey FOREIGN KEY (hospital_id) REFERENCES hospital
      );
      CALL bind_to_hospital('hospital_move');
      REVOKE INSERT, UPDATE ON hospital_move FROM nedwatch_app;
      CREATE POLICY sweep ON hospital_move FOR SELECT TO nedwatch_sweep USING (true);
      GRANT SELECT (hospital_id, state, arrived) ON hospital_move TO nedwatch_sweep;
    `);
    for (const table of SWEPT)
      await db.query(
        `ALTER POLICY sweep ON ${table} USING (${KEY[table] ?? 'hospital_id'} NOT IN (SELECT m.hospital_id FROM hospital_move m WHERE m.state IS NOT NULL))`,
      );
    await db.query(enterHospital(REFUSE));
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(enterHospital(''));
    for (const table of SWEPT) await db.query(`ALTER POLICY sweep ON ${table} USING (true)`);
    await db.query('DROP TABLE hospital_move');
  }
}

const SWEPT: readonly string[] = [
  ...[
    'hospital',
    'patient',
    'webhook_endpoint',
    'delivery',
    'plan_change',
    'audit_unsealed',
    'surveillance_event',
  ],
  ...[
    'examination',
    'hospital_key',
    'patient_consent',
    'reminder_sweep',
    'message_settings',
    'message_gateway',
  ],
  ...['patient_message', 'hl7_sender', 'bulk_export'],
];
const KEY: Readonly<Record<string, string>> = { hospital: 'id' };

// The lock of this look is held until the transaction ends: by it a move finds the transactions that looked before.
const REFUSE = `
    IF EXISTS (SELECT FROM hospital_move WHERE hospital_id = entered AND state IS NOT NULL) THEN
      RAISE EXCEPTION 'hospital % is in another database, or moves to it', entered USING ERRCODE = 'NW001';
    END IF;`;

const enterHospital = (refuse: string): string => `
  CREATE OR REPLACE FUNCTION enter_hospital(entered uuid, reach text) RETURNS SETOF hospital LANGUAGE plpgsql AS $$
  BEGIN
    PERFORM set_config('nedwatch.hospital_id', entered::text, true), set_config('nedwatch.reach', reach, true);${refuse}
    RETURN QUERY SELECT * FROM hospital WHERE id = entered;
  END $$`;
