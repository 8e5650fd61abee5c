import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The program writes the day by which lists rank an exam that a finding asks for, before its due date. A version before this
 * one writes none, and keeps that day when it moves the item.
 */
export class FindingsFirst1799030000000 implements MigrationInterface {
  name = 'FindingsFirst1799030000000';

  async up(db: QueryRunner): Promise<void> {
    await db.query(urgentDate('WHEN NEW.urgent_on < NEW.due THEN NEW.urgent_on'));
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(urgentDate(''));
    await db.query('UPDATE surveillance_item SET due = due WHERE urgent_on < due');
  }
}

const urgentDate = (first: string): string => `
  CREATE OR REPLACE FUNCTION set_urgent_date() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    NEW.urgent_on := CASE ${first} WHEN NEW.overdue > NEW.due + 62 THEN NEW.due + 62 END;
    RETURN NEW;
  END $$`;
