import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The load contains a hash of the place of an appointment instead of its text: a person may write something about a patient
 * there, and a count outlives the erasure of the patient. The booked items are counted again under a lock, which for 300,000
 * patients takes some seconds.
 */
export class LoadWithoutPlaces1799320000000 implements MigrationInterface {
  name = 'LoadWithoutPlaces1799320000000';

  async up(db: QueryRunner): Promise<void> {
    await recount(db, (row) => `coalesce(encode(sha256(convert_to(${row}.place, 'UTF8')), 'hex'), '')`);
  }

  async down(db: QueryRunner): Promise<void> {
    await recount(db, (row) => `coalesce(${row}.place, '')`);
  }
}

async function recount(db: QueryRunner, place: (row: string) => string): Promise<void> {
  await db.query('LOCK TABLE appointment, appointment_item IN SHARE ROW EXCLUSIVE MODE');
  await db.query(functions(place));
  await db.query(`DELETE FROM ward_load WHERE measure = 'booked'`);
  await db.query(`
    INSERT INTO ward_load (hospital_id, measure, day, activity, place, items, is_total)
    SELECT c.hospital_id, 'booked', a.date, i.activity, ${place('a')}, count(*), true
      FROM appointment_item c ${JOINED} WHERE c.is_open GROUP BY 1, 2, 3, 4, 5`);
}

const JOINED = `
  JOIN appointment a ON a.hospital_id = c.hospital_id AND a.id = c.appointment_id
  JOIN surveillance_item i ON i.hospital_id = c.hospital_id AND i.id = c.item_id`;

const functions = (place: (row: string) => string): string => `
  CREATE OR REPLACE FUNCTION count_booked_items() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    IF TG_OP = 'INSERT' THEN
      INSERT INTO ward_load (hospital_id, measure, day, activity, place, items)
      SELECT c.hospital_id, 'booked', a.date, i.activity, ${place('a')}, count(*)
        FROM new_rows c ${JOINED} WHERE c.is_open GROUP BY 1, 2, 3, 4, 5;
    ELSIF TG_OP = 'DELETE' THEN
      INSERT INTO ward_load (hospital_id, measure, day, activity, place, items)
      SELECT c.hospital_id, 'booked', a.date, i.activity, ${place('a')}, -count(*)
        FROM old_rows c ${JOINED} WHERE c.is_open GROUP BY 1, 2, 3, 4, 5;
    ELSE
      INSERT INTO ward_load (hospital_id, measure, day, activity, place, items)
      SELECT c.hospital_id, 'booked', a.date, i.activity, ${place('a')}, sum(c.items)
        FROM (SELECT hospital_id, appointment_id, item_id, 1 AS items FROM new_rows WHERE is_open
              UNION ALL
              SELECT hospital_id, appointment_id, item_id, -1 FROM old_rows WHERE is_open) AS c ${JOINED}
       GROUP BY 1, 2, 3, 4, 5 HAVING sum(c.items) <> 0;
    END IF;
    RETURN NULL;
  END $$;

  CREATE OR REPLACE FUNCTION count_moved_appointments() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    INSERT INTO ward_load (hospital_id, measure, day, activity, place, items)
    SELECT m.hospital_id, 'booked', m.date, i.activity, m.place, sum(m.items)
      FROM (SELECT n.hospital_id, n.id, n.date, ${place('n')} AS place, 1 AS items
              FROM new_rows n JOIN old_rows o USING (id) WHERE (n.date, n.place) IS DISTINCT FROM (o.date, o.place)
            UNION ALL
            SELECT o.hospital_id, o.id, o.date, ${place('o')}, -1
              FROM new_rows n JOIN old_rows o USING (id) WHERE (n.date, n.place) IS DISTINCT FROM (o.date, o.place)) AS m
      JOIN appointment_item c ON c.hospital_id = m.hospital_id AND c.appointment_id = m.id AND c.is_open
      JOIN surveillance_item i ON i.hospital_id = c.hospital_id AND i.id = c.item_id
     GROUP BY 1, 2, 3, 4, 5 HAVING sum(m.items) <> 0;
    RETURN NULL;
  END $$;
`;
