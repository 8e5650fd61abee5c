import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What a place can do in a day, and how many items are due and booked on each day. Triggers count the items in the statement
 * that writes them, whichever part of the program, or version of it, that is. They append rows and update none, so that two
 * transactions never wait for each other; a worker adds the rows up. The triggers are created in the transaction that
 * counts what is stored, so that nothing is written in between: for 300,000 patients it takes some seconds.
 */
export class WardLoad1799310000000 implements MigrationInterface {
  name = 'WardLoad1799310000000';

  async up(db: QueryRunner): Promise<void> {
    await db.query(TABLES);
    await db.query(ITEMS);
    await db.query(APPOINTMENTS);
    await db.query(STORED);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`
      DROP TRIGGER item_load_inserted ON surveillance_item;
      DROP TRIGGER item_load_updated ON surveillance_item;
      DROP TRIGGER item_load_deleted ON surveillance_item;
      DROP TRIGGER booked_load_inserted ON appointment_item;
      DROP TRIGGER booked_load_updated ON appointment_item;
      DROP TRIGGER booked_load_deleted ON appointment_item;
      DROP TRIGGER booked_load_moved ON appointment;
      DROP FUNCTION count_items();
      DROP FUNCTION count_booked_items();
      DROP FUNCTION count_moved_appointments();
      DROP FUNCTION load_of_item(text, text, date, date, date, date, date, boolean);
      DROP TABLE ward_load, ward_capacity;
    `);
  }
}

const TABLES = `
  CREATE TABLE ward_capacity (
    hospital_id  uuid NOT NULL REFERENCES hospital,
    place        text NOT NULL,
    activity     text NOT NULL,
    per_weekday  integer[] NOT NULL,
    changed_by   text NOT NULL,
    changed_at   timestamptz NOT NULL,
    PRIMARY KEY (hospital_id, place, activity),
    CONSTRAINT ward_capacity_week CHECK (cardinality(per_weekday) = 7)
  );
  CALL bind_to_hospital('ward_capacity');
  GRANT DELETE ON ward_capacity TO nedwatch_app;

  CREATE TABLE ward_load (
    id           uuid NOT NULL DEFAULT gen_random_uuid(),
    hospital_id  uuid NOT NULL REFERENCES hospital,
    measure      text NOT NULL,
    day          date NOT NULL,
    activity     text NOT NULL,
    place        text NOT NULL DEFAULT '',
    items        integer NOT NULL,
    is_total     boolean NOT NULL DEFAULT false,
    PRIMARY KEY (hospital_id, id),
    CONSTRAINT ward_load_measure CHECK (measure IN ('earliest', 'due', 'last', 'missed', 'booked'))
  );
  CALL bind_to_hospital('ward_load');
  GRANT DELETE ON ward_load TO nedwatch_app;
  CREATE INDEX ward_load_day_idx ON ward_load (hospital_id, measure, day) INCLUDE (activity, place, items);
  CREATE INDEX ward_load_change_idx ON ward_load (hospital_id) WHERE NOT is_total;
`;

/** The columns of an item by which it is counted. */
const COUNTED = [
  'state',
  'step',
  'step_until',
  'earliest',
  'due',
  'overdue',
  'missed_on',
  'before_enrolment',
];
const counted = (row: string): string => COUNTED.map((column) => `${row}.${column}`).join(', ');

/**
 * An open item that still has to be booked: on its first, its due and its last day in time, and on the day from which it is missed.
 * A deferred item does not begin before its return. An item that is never late counts on its due day as the last.
 */
const ITEMS = `
  CREATE FUNCTION load_of_item(state text, step text, step_until date, earliest date, due date, overdue date,
                               missed_on date, before_enrolment boolean) RETURNS TABLE (measure text, day date)
  LANGUAGE sql IMMUTABLE AS $$
    SELECT c.measure, CASE c.measure WHEN 'missed' THEN missed_on
                      ELSE least(greatest(c.day, CASE WHEN step = 'deferred' THEN step_until END), missed_on - 1) END
      FROM (VALUES ('earliest', earliest), ('due', due), ('missed', missed_on),
                   ('last', CASE WHEN overdue = '9999-12-31' THEN due ELSE overdue - 1 END)) AS c (measure, day)
     WHERE state = 'active' AND NOT before_enrolment AND (step IS NULL OR step IN ('deferred', 'not_attended'))
       AND c.day IS NOT NULL
  $$;

  CREATE FUNCTION count_items() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    IF TG_OP = 'INSERT' THEN
      INSERT INTO ward_load (hospital_id, measure, day, activity, items)
      SELECT n.hospital_id, l.measure, l.day, n.activity, count(*)
        FROM new_items n, load_of_item(${counted('n')}) l GROUP BY 1, 2, 3, 4;
    ELSIF TG_OP = 'DELETE' THEN
      INSERT INTO ward_load (hospital_id, measure, day, activity, items)
      SELECT o.hospital_id, l.measure, l.day, o.activity, -count(*)
        FROM old_items o, load_of_item(${counted('o')}) l GROUP BY 1, 2, 3, 4;
    ELSE
      INSERT INTO ward_load (hospital_id, measure, day, activity, items)
      SELECT hospital_id, measure, day, activity, sum(items)
        FROM (SELECT n.hospital_id, l.measure, l.day, n.activity, 1 AS items
                FROM new_items n JOIN old_items o USING (id), load_of_item(${counted('n')}) l
               WHERE (n.activity, ${counted('n')}) IS DISTINCT FROM (o.activity, ${counted('o')})
              UNION ALL
              SELECT o.hospital_id, l.measure, l.day, o.activity, -1
                FROM new_items n JOIN old_items o USING (id), load_of_item(${counted('o')}) l
               WHERE (n.activity, ${counted('n')}) IS DISTINCT FROM (o.activity, ${counted('o')})) AS changed
       GROUP BY 1, 2, 3, 4 HAVING sum(items) <> 0;
    END IF;
    RETURN NULL;
  END $$;
  CREATE TRIGGER item_load_inserted AFTER INSERT ON surveillance_item
    REFERENCING NEW TABLE AS new_items FOR EACH STATEMENT EXECUTE FUNCTION count_items();
  CREATE TRIGGER item_load_updated AFTER UPDATE ON surveillance_item
    REFERENCING OLD TABLE AS old_items NEW TABLE AS new_items FOR EACH STATEMENT EXECUTE FUNCTION count_items();
  CREATE TRIGGER item_load_deleted AFTER DELETE ON surveillance_item
    REFERENCING OLD TABLE AS old_items FOR EACH STATEMENT EXECUTE FUNCTION count_items();
`;

/** The items of open appointments, on the day and at the place of the appointment. */
const APPOINTMENTS = `
  CREATE FUNCTION count_booked_items() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    IF TG_OP = 'INSERT' THEN
      INSERT INTO ward_load (hospital_id, measure, day, activity, place, items)
      SELECT c.hospital_id, 'booked', a.date, i.activity, coalesce(a.place, ''), count(*)
        FROM new_rows c JOIN appointment a ON a.hospital_id = c.hospital_id AND a.id = c.appointment_id
        JOIN surveillance_item i ON i.hospital_id = c.hospital_id AND i.id = c.item_id
       WHERE c.is_open GROUP BY 1, 2, 3, 4, 5;
    ELSIF TG_OP = 'DELETE' THEN
      INSERT INTO ward_load (hospital_id, measure, day, activity, place, items)
      SELECT c.hospital_id, 'booked', a.date, i.activity, coalesce(a.place, ''), -count(*)
        FROM old_rows c JOIN appointment a ON a.hospital_id = c.hospital_id AND a.id = c.appointment_id
        JOIN surveillance_item i ON i.hospital_id = c.hospital_id AND i.id = c.item_id
       WHERE c.is_open GROUP BY 1, 2, 3, 4, 5;
    ELSE
      INSERT INTO ward_load (hospital_id, measure, day, activity, place, items)
      SELECT c.hospital_id, 'booked', a.date, i.activity, coalesce(a.place, ''), sum(c.items)
        FROM (SELECT hospital_id, appointment_id, item_id, 1 AS items FROM new_rows WHERE is_open
              UNION ALL
              SELECT hospital_id, appointment_id, item_id, -1 FROM old_rows WHERE is_open) AS c
        JOIN appointment a ON a.hospital_id = c.hospital_id AND a.id = c.appointment_id
        JOIN surveillance_item i ON i.hospital_id = c.hospital_id AND i.id = c.item_id
       GROUP BY 1, 2, 3, 4, 5 HAVING sum(c.items) <> 0;
    END IF;
    RETURN NULL;
  END $$;
  CREATE TRIGGER booked_load_inserted AFTER INSERT ON appointment_item
    REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION count_booked_items();
  CREATE TRIGGER booked_load_updated AFTER UPDATE ON appointment_item
    REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION count_booked_items();
  CREATE TRIGGER booked_load_deleted AFTER DELETE ON appointment_item
    REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION count_booked_items();

  CREATE FUNCTION count_moved_appointments() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    INSERT INTO ward_load (hospital_id, measure, day, activity, place, items)
    SELECT m.hospital_id, 'booked', m.date, i.activity, m.place, sum(m.items)
      FROM (SELECT n.hospital_id, n.id, n.date, coalesce(n.place, '') AS place, 1 AS items
              FROM new_rows n JOIN old_rows o USING (id) WHERE (n.date, n.place) IS DISTINCT FROM (o.date, o.place)
            UNION ALL
            SELECT o.hospital_id, o.id, o.date, coalesce(o.place, ''), -1
              FROM new_rows n JOIN old_rows o USING (id) WHERE (n.date, n.place) IS DISTINCT FROM (o.date, o.place)) AS m
      JOIN appointment_item c ON c.hospital_id = m.hospital_id AND c.appointment_id = m.id AND c.is_open
      JOIN surveillance_item i ON i.hospital_id = c.hospital_id AND i.id = c.item_id
     GROUP BY 1, 2, 3, 4, 5 HAVING sum(m.items) <> 0;
    RETURN NULL;
  END $$;
  CREATE TRIGGER booked_load_moved AFTER UPDATE ON appointment
    REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION count_moved_appointments();
`;

const STORED = `
  INSERT INTO ward_load (hospital_id, measure, day, activity, items, is_total)
  SELECT i.hospital_id, l.measure, l.day, i.activity, count(*), true
    FROM surveillance_item i, load_of_item(${counted('i')}) l GROUP BY 1, 2, 3, 4;
  INSERT INTO ward_load (hospital_id, measure, day, activity, place, items, is_total)
  SELECT c.hospital_id, 'booked', a.date, i.activity, coalesce(a.place, ''), count(*), true
    FROM appointment_item c JOIN appointment a ON a.hospital_id = c.hospital_id AND a.id = c.appointment_id
    JOIN surveillance_item i ON i.hospital_id = c.hospital_id AND i.id = c.item_id
   WHERE c.is_open GROUP BY 1, 2, 3, 4, 5;
`;
