import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The systems that send HL7 v2 over MLLP. A facility belongs to one sender of one hospital, so that a message never fits two.
 * The sweep role reads them to find the hospital of a connection.
 */
export class Hl7Senders1799800000000 implements MigrationInterface {
  name = 'Hl7Senders1799800000000';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE TABLE hl7_sender (
        hospital_id   uuid NOT NULL,
        id            uuid NOT NULL,
        name          text NOT NULL,
        facility      text NOT NULL,
        facility_key  text NOT NULL,
        addresses     text[] NOT NULL CONSTRAINT hl7_sender_addresses CHECK (cardinality(addresses) > 0),
        certificate   text,
        created_by    text NOT NULL,
        created_at    timestamptz NOT NULL,
        disabled_at   timestamptz,
        CONSTRAINT hl7_sender_pkey PRIMARY KEY (hospital_id, id),
        CONSTRAINT hl7_sender_facility UNIQUE (facility_key)
      );
      CALL bind_to_hospital('hl7_sender');
      CREATE POLICY sweep ON hl7_sender FOR SELECT TO nedwatch_sweep USING (true);
      GRANT SELECT (hospital_id, id, name, facility_key, addresses, certificate, disabled_at) ON hl7_sender TO nedwatch_sweep;
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('DROP TABLE hl7_sender');
  }
}
