import { z } from 'zod';
import { nameOfNurse, NurseView } from '../../patients/responsible-nurse.js';
import { itemETag } from '../../schedules/item-etag.js';
import { itemFields, ItemView } from '../../schedules/item-view.js';
import { ESCALATED_TO } from '../../schedules/reminder-calendar.js';
import { ITEM_STEPS } from '../../schedules/surveillance-item.entity.js';
import type { ItemInView, ItemOfRow, PatientInView, PatientOfRow } from './list-rows.js';

const PatientOfRowView = z.object({
  id: z.uuid(),
  mrn: z.string(),
  name: z.string().nullable().describe('null for who may not see it'),
  responsibleNurse: z.string().nullable().describe('How the nurse is called'),
  nurse: NurseView.nullable(),
  department: z.string().nullable(),
  ward: z.string().nullable(),
  group: z.string().nullable(),
  distanceKm: z.int().nullable(),
});

const ItemOfRowView = ItemView.omit({ section: true, evidence: true, grade: true, reason: true }).extend({
  step: z
    .string()
    .nullable()
    .describe(`What people did about it last (${ITEM_STEPS.join(', ')}); null: it has to be booked`),
  stepOn: z.iso.date().nullable().describe('The day of the step: of the appointment, of the examination'),
  stepUntil: z.iso.date().nullable().describe('The day on which it returns to be booked by itself'),
  etag: z.string().describe('For If-Match of the calls that change the item'),
  escalatedTo: z
    .string()
    .nullable()
    .describe(
      `Who has to act, because it is late and nobody did (${ESCALATED_TO.join(', ')}); null while the policy names nobody`,
    ),
});

const Withheld = z
  .string()
  .nullable()
  .describe('Why no system is told about this patient (consent-withdrawn): then this list alone tells.');

const RowFields = {
  patient: PatientOfRowView,
  messagesWithheld: Withheld,
  contact: z
    .object({
      attempt: z.int().describe('Which attempt the next one is since the patient was reached'),
      lastTriedOn: z.iso.date().nullable(),
      restsUntil: z.iso
        .date()
        .nullable()
        .describe('Until then the patient is not on the lists of what to do'),
      nextActionOn: z.iso.date().nullable(),
    })
    .nullable()
    .describe('The attempts to reach the patient; null: there was none'),
  workingNow: z.array(z.string()).describe('Who works on this patient at this moment'),
};

/** One item, with its patient. */
export const WorklistItem = ItemOfRowView.extend(RowFields).meta({ id: 'WorklistItem' });

/** One patient with all open items. */
export const WorklistPatient = z
  .object({
    ...RowFields,
    items: z
      .array(
        ItemOfRowView.extend({
          inList: z.boolean().describe('Whether it is in the list that was asked for'),
        }),
      )
      .describe('Everything that is open now, by due date: one call, one trip'),
  })
  .meta({ id: 'WorklistPatient' });

const patientOfRow = ({ patient, name, nurse }: PatientOfRow): z.input<typeof PatientOfRowView> => ({
  id: patient.id,
  mrn: patient.mrn,
  name,
  responsibleNurse: nameOfNurse(nurse),
  nurse,
  department: patient.department,
  ward: patient.ward,
  group: patient.group,
  distanceKm: patient.distanceKm,
});

const itemOfRow = ({ item, today, escalatedTo }: ItemOfRow): z.input<typeof ItemOfRowView> => ({
  ...itemFields(item, today),
  step: item.step,
  stepOn: item.stepOn,
  stepUntil: item.stepUntil,
  etag: itemETag(item),
  escalatedTo,
});

const rowFields = (row: PatientOfRow) => ({
  patient: patientOfRow(row),
  messagesWithheld: row.withheld,
  contact: row.contact,
  workingNow: [...row.workingNow],
});

export const worklistItem = (row: ItemInView): z.input<typeof WorklistItem> => ({
  ...itemOfRow(row),
  ...rowFields(row),
});

export const worklistPatient = (row: PatientInView): z.input<typeof WorklistPatient> => ({
  ...rowFields(row),
  items: row.items.map(({ inList, ...item }) => ({ ...itemOfRow(item), inList })),
});
