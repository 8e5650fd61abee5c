import { z } from 'zod';
import type { HospitalTransaction } from '../../tenancy/hospital-scope.js';
import { CallSettings } from './call-settings.js';
import { ContactSettings } from './contact-settings.js';
import { StepSettings } from './step-settings.js';
import { ListSettings } from './list-settings.js';
import { PageSettings } from './page-settings.js';
import { ResultSettings } from './result-settings.js';

/**
 * What a hospital decides about the work of its ward, a section for each part. To add a section, add its schema here: a
 * strict object in which every field has a default.
 */
const SECTIONS = {
  contacts: ContactSettings.prefault({}),
  calls: CallSettings.prefault({}),
  steps: StepSettings.prefault({}),
  lists: ListSettings.prefault({}),
  results: ResultSettings.prefault({}),
  pages: PageSettings.prefault({}),
};

export const WorklistSettings = z.strictObject(SECTIONS).meta({ id: 'WorklistSettings' });
export type WorklistSettings = z.output<typeof WorklistSettings>;

/** The same as a request says it: what it leaves out has the default. */
export const WorklistSettingsInput = WorklistSettings.meta({ id: 'WorklistSettingsInput' });

// A newer version, which may run beside this one, may have stored fields and sections that this one does not know.
const Stored = z.object(
  Object.fromEntries(
    Object.entries(SECTIONS).map(([name, section]) => [name, z.object(section.unwrap().shape).prefault({})]),
  ),
);

/** The settings in a stored document; what it does not say has the default. */
export const readSettings = (stored: unknown): WorklistSettings =>
  Stored.parse(stored ?? {}) as unknown as WorklistSettings;

/** The settings of the hospital; one query. */
export async function worklistSettings({
  db,
  hospital,
}: Pick<HospitalTransaction, 'db' | 'hospital'>): Promise<WorklistSettings> {
  const [row] = await db.query<{ settings: unknown }[]>(
    'SELECT settings FROM worklist_settings WHERE hospital_id = $1',
    [hospital.id],
  );
  return readSettings(row?.settings);
}
