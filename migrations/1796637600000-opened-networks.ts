import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Private networks are reached only where the operator has opened them; whoever was told there before still is. */
export class OpenedNetworks1796637600000 implements MigrationInterface {
  name = 'OpenedNetworks1796637600000';

  async up(db: QueryRunner): Promise<void> {
    // PostgreSQL 15 has no pg_input_is_valid: what is no address is none.
    await db.query(`
      CREATE FUNCTION pg_temp.address_of(written text) RETURNS inet LANGUAGE plpgsql AS $$
      BEGIN
        RETURN written::inet;
      EXCEPTION WHEN invalid_text_representation THEN
        RETURN NULL;
      END $$;
    `);
    await db.query(`
      ALTER TABLE hospital ADD COLUMN networks jsonb NOT NULL DEFAULT '[]'
        CONSTRAINT hospital_networks CHECK (jsonb_typeof(networks) = 'array');
      UPDATE hospital h SET networks = known.networks
        FROM (SELECT hospital_id, jsonb_agg(DISTINCT jsonb_build_object('range', host(address) || '/' || masklen(address), 'port', port)) AS networks
                FROM (SELECT hospital_id, pg_temp.address_of(trim(part[2], '[]')) AS address,
                             coalesce(part[3], CASE part[1] WHEN 'https' THEN '443' ELSE '80' END)::integer AS port
                        FROM (SELECT hospital_id, regexp_match(url, '^(https?)://([0-9.]+|\\[[0-9a-f:.]+\\])(?::([0-9]+))?(?:[/?#]|$)') AS part
                                FROM webhook_endpoint WHERE deleted_at IS NULL) AS urls
                       WHERE part IS NOT NULL) AS literal
               WHERE address <<= '10.0.0.0/8' OR address <<= '172.16.0.0/12' OR address <<= '192.168.0.0/16' OR address <<= 'fc00::/7'
               GROUP BY hospital_id) AS known
       WHERE known.hospital_id = h.id;
      DROP FUNCTION pg_temp.address_of(text);
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('ALTER TABLE hospital DROP COLUMN networks');
  }
}
