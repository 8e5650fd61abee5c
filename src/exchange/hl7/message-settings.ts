import { z } from 'zod';
import type { HospitalTransaction } from '../../tenancy/hospital-scope.js';

const LONGEST_DAYS = 3650;

/** How long messages are kept. A sender may repeat a message within these days, and it is not applied twice. */
export const MessageSettings = z
  .strictObject({
    messageDays: z
      .int()
      .min(7)
      .max(LONGEST_DAYS)
      .default(90)
      .describe('Messages about patients, and refused ones'),
    otherPeopleDays: z
      .int()
      .min(1)
      .max(LONGEST_DAYS)
      .default(7)
      .describe('Messages about people who are not in follow-up; never longer than the others'),
  })
  .meta({ id: 'Hl7MessageSettings' });
export type MessageSettings = z.output<typeof MessageSettings>;

/** The hospital's settings, with the defaults where it has decided nothing. */
export async function settingsIn({ db, hospital }: HospitalTransaction): Promise<MessageSettings> {
  const [row] = await db.query<MessageSettings[]>(
    `SELECT message_days AS "messageDays", other_people_days AS "otherPeopleDays" FROM hl7_settings WHERE hospital_id = $1`,
    [hospital.id],
  );
  return row ?? MessageSettings.parse({});
}
