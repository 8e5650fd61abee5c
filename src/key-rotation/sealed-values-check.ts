import type { SecretBox } from '../encryption/secret-box.js';
import type { TableDeclaration } from '../encryption/table-declaration.js';
import { MendableError } from '../platform/messages/mendable-error.js';
import { msg } from '../platform/messages/dictionary.js';
import type { HospitalScope, HospitalTransaction } from '../tenancy/hospital-scope.js';
import { sealedTextsOf, withDefaults } from './sealed-texts.js';

// Enough to notice a lost key or a column sealed for another context, in a time that does not grow with the backup.
const VALUES_OF_A_COLUMN = 100;

/** A sealed value does not open with the keys of this installation. The message names its column. */
export class UnopenedValue extends MendableError {}

/** Opens some values of every sealed column in every hospital. Throws `UnopenedValue` where one does not open. */
export async function openSealedValues(
  scope: HospitalScope,
  box: SecretBox,
  tables: readonly TableDeclaration[],
): Promise<void> {
  const hospitals = await scope.acrossHospitals((db) =>
    db.query<{ id: string }[]>('SELECT DISTINCT hospital_id AS id FROM hospital_key ORDER BY 1'),
  );
  for (const { id } of hospitals)
    await scope.run(id, () =>
      scope.unaudited(async (tx) => {
        await openTexts(tx, tables);
        await openSecrets(tx, box, tables);
      }),
    );
}

async function openTexts(tx: HospitalTransaction, tables: readonly TableDeclaration[]): Promise<void> {
  for (const text of sealedTextsOf(tables)) {
    const { table, column, row, stored, where } = withDefaults(text);
    const values = await tx.db.query<{ row: string; sealed: string }[]>(
      `SELECT ${row} AS row, ${stored} AS sealed FROM ${table}
        WHERE hospital_id = $1 AND ${where} AND ${stored} LIKE 'sealed:%' LIMIT ${VALUES_OF_A_COLUMN}`,
      [tx.hospital.id],
    );
    if (values.length === 0) continue;
    const keys = await tx.keys(values.map(({ sealed }) => sealed));
    for (const { row: name, sealed } of values)
      opened(text, () => keys.open(sealed, { table, column, row: name }));
  }
}

async function openSecrets(
  tx: HospitalTransaction,
  box: SecretBox,
  tables: readonly TableDeclaration[],
): Promise<void> {
  const hospitalId = tx.hospital.id;
  for (const { table, underMasterKey } of tables) {
    if (!underMasterKey) continue;
    const { column, row, contextOf } = underMasterKey;
    const secrets = await tx.db.query<{ id: string; sealed: Buffer }[]>(
      `SELECT ${row}::text AS id, ${column} AS sealed FROM ${table}
        WHERE hospital_id = $1 AND ${column} IS NOT NULL LIMIT ${VALUES_OF_A_COLUMN}`,
      [hospitalId],
    );
    for (const { id, sealed } of secrets)
      opened({ table, column }, () => box.open(sealed, contextOf({ hospitalId, id })));
  }
}

function opened(
  { table, column }: { readonly table: string; readonly column: string },
  open: () => unknown,
): void {
  try {
    open();
  } catch (error) {
    throw new UnopenedValue(msg('sealed-value-unopened', { table, column }), { cause: error });
  }
}
