import { z } from 'zod';
import type { HospitalTransaction } from '../../tenancy/hospital-scope.js';

/** What a hospital decides about the work of its ward, a section for each part; what it does not say has the default. */
export const WorklistSettings = z.object({}).meta({ id: 'WorklistSettings' });
export type WorklistSettings = z.output<typeof WorklistSettings>;

/** The settings of the hospital; one query. */
export async function worklistSettings({
  db,
  hospital,
}: Pick<HospitalTransaction, 'db' | 'hospital'>): Promise<WorklistSettings> {
  const [row] = await db.query<{ settings: unknown }[]>(
    'SELECT settings FROM worklist_settings WHERE hospital_id = $1',
    [hospital.id],
  );
  return WorklistSettings.parse(row?.settings ?? {});
}
