import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * A patient is found by an index for each place of a search term. The operators of the index before, on the whole array, may
 * leak values: row security kept every search from it. The table stays in use while the indexes are built, which is why no
 * transaction holds it. A restore, which keeps other processes off, runs its migrations in one transaction.
 */
export class SearchIndexes1799010000000 implements MigrationInterface {
  name = 'SearchIndexes1799010000000';
  readonly transaction = false;

  async up(db: QueryRunner): Promise<void> {
    const online = db.isTransactionActive ? '' : 'CONCURRENTLY';
    for (const [name, definition] of Object.entries(INDEXES)) {
      // A migration that was cut off leaves an incomplete index behind.
      await db.query(`DROP INDEX ${online} IF EXISTS ${name}`);
      await db.query(`CREATE INDEX ${online} ${name} ON patient ${definition}`);
    }
    await db.query(`DROP INDEX ${online} IF EXISTS patient_search_idx`);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('CREATE INDEX patient_search_idx ON patient USING gin (search_terms)');
    await db.query(`DROP INDEX ${Object.keys(INDEXES).join(', ')}`);
  }
}

/** A surname can be that of many patients, who are read by mrn. */
const INDEXES = {
  patient_name_idx: '(hospital_id, (search_terms[1]))',
  patient_surname_idx: '(hospital_id, (search_terms[2]), mrn)',
  patient_third_term_idx: '(hospital_id, (search_terms[3])) WHERE search_terms[3] IS NOT NULL',
  patient_fourth_term_idx: '(hospital_id, (search_terms[4])) WHERE search_terms[4] IS NOT NULL',
  patient_fifth_term_idx: '(hospital_id, (search_terms[5])) WHERE search_terms[5] IS NOT NULL',
  patient_sixth_term_idx: '(hospital_id, (search_terms[6])) WHERE search_terms[6] IS NOT NULL',
  patient_mrn_key_idx: '(hospital_id, mrn_key)',
};
