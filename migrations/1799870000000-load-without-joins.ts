import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The triggers of the load compare the rows before and after a statement without a join. A connection keeps the plan of its first
 * statement: joined row by row after a small change, a later change of 20,000 items took seven minutes.
 */
export class LoadWithoutJoins1799870000000 implements MigrationInterface {
  name = 'LoadWithoutJoins1799870000000';

  async up(db: QueryRunner): Promise<void> {
    await db.query(countItems(CHANGED_ITEMS));
    await db.query(countMovedAppointments(MOVED));
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(countItems(JOINED_ITEMS));
    await db.query(countMovedAppointments(JOINED_MOVED));
  }
}

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

// Rows that are the same in all of these columns cancel each other out.
const CHANGED_ITEMS = `
  SELECT c.hospital_id, l.measure, l.day, c.activity, c.items
    FROM (SELECT hospital_id, activity, ${COUNTED.join(', ')}, sum(items) AS items
            FROM (SELECT hospital_id, activity, ${COUNTED.join(', ')}, 1 AS items FROM new_items
                  UNION ALL
                  SELECT hospital_id, activity, ${COUNTED.join(', ')}, -1 FROM old_items) AS versions
           GROUP BY hospital_id, activity, ${COUNTED.join(', ')} HAVING sum(items) <> 0) AS c,
         load_of_item(${counted('c')}) l`;

const differs = `(n.activity, ${counted('n')}) IS DISTINCT FROM (o.activity, ${counted('o')})`;
const JOINED_ITEMS = `
  SELECT n.hospital_id, l.measure, l.day, n.activity, 1 AS items
    FROM new_items n JOIN old_items o USING (id), load_of_item(${counted('n')}) l WHERE ${differs}
  UNION ALL
  SELECT o.hospital_id, l.measure, l.day, o.activity, -1
    FROM new_items n JOIN old_items o USING (id), load_of_item(${counted('o')}) l WHERE ${differs}`;

const countItems = (changed: string): string => `
  CREATE OR REPLACE FUNCTION count_items() RETURNS trigger LANGUAGE plpgsql AS $$
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
      SELECT hospital_id, measure, day, activity, sum(items) FROM (${changed}) AS changed
       GROUP BY 1, 2, 3, 4 HAVING sum(items) <> 0;
    END IF;
    RETURN NULL;
  END $$`;

const place = (row: string): string =>
  `coalesce(encode(sha256(convert_to(${row}.place, 'UTF8')), 'hex'), '')`;

const MOVED = `
  SELECT b.hospital_id, b.id, b.date, ${place('b')} AS place, sum(b.items) AS items
    FROM (SELECT hospital_id, id, date, place, 1 AS items FROM new_rows
          UNION ALL
          SELECT hospital_id, id, date, place, -1 FROM old_rows) AS b
   GROUP BY b.hospital_id, b.id, b.date, b.place HAVING sum(b.items) <> 0`;

const JOINED_MOVED = `
  SELECT n.hospital_id, n.id, n.date, ${place('n')} AS place, 1 AS items
    FROM new_rows n JOIN old_rows o USING (id) WHERE (n.date, n.place) IS DISTINCT FROM (o.date, o.place)
  UNION ALL
  SELECT o.hospital_id, o.id, o.date, ${place('o')}, -1
    FROM new_rows n JOIN old_rows o USING (id) WHERE (n.date, n.place) IS DISTINCT FROM (o.date, o.place)`;

const countMovedAppointments = (moved: string): string => `
  CREATE OR REPLACE FUNCTION count_moved_appointments() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    INSERT INTO ward_load (hospital_id, measure, day, activity, place, items)
    SELECT m.hospital_id, 'booked', m.date, i.activity, m.place, sum(m.items)
      FROM (${moved}) AS m
      JOIN appointment_item c ON c.hospital_id = m.hospital_id AND c.appointment_id = m.id AND c.is_open
      JOIN surveillance_item i ON i.hospital_id = c.hospital_id AND i.id = c.item_id
     GROUP BY 1, 2, 3, 4, 5 HAVING sum(m.items) <> 0;
    RETURN NULL;
  END $$`;
