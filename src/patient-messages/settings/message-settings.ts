import { z } from 'zod';
import { issue } from '../../platform/messages/issues.js';
import { text } from '../../platform/text.js';
import type { HospitalTransaction } from '../../tenancy/hospital-scope.js';
import { OCCASIONS } from './occasions.js';

const TimeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, issue('time-of-day-form'));
const on = z.boolean().default(true);

/** What a hospital decides about messages to its patients. */
export const MessageSettings = z
  .strictObject({
    enabled: z.boolean().default(false).describe('Whether messages are sent at all'),
    route: z
      .enum(['gateway', 'webhook'])
      .default('gateway')
      .describe(
        'gateway: the program sends through PUT /message-gateway. webhook: the event `surveillance.patient.message` hands the message to another system',
      ),
    channel: z.enum(['sms', 'wechat']).default('sms').describe('The channel to which patients consent'),
    occasions: z
      .strictObject({
        ...{ appointment_tomorrow: on, due_soon: on, overdue: on, not_attended: on, result_in_range: on },
        call_announced: on,
      } satisfies Record<(typeof OCCASIONS)[number], unknown>)
      .prefault({}),
    language: z.enum(['zh', 'en']).optional().describe("Default: the hospital's language"),
    quietFrom: TimeOfDay.default('20:00').describe('No message leaves from this time of the evening …'),
    quietUntil: TimeOfDay.default('08:00').describe(
      '… until this time of the morning. Equal times: never quiet',
    ),
    weeklyLimit: z.int().min(1).max(50).default(3).describe('Messages to one patient in any seven days'),
    phone: text(40).optional().describe('The number on which patients reach the ward: the word {phone}'),
    relatives: z
      .boolean()
      .default(false)
      .describe(
        'Whether a relative is informed, in the third person, where the patient has no mobile number',
      ),
    resultAfterHours: z
      .int()
      .min(0)
      .max(168)
      .default(24)
      .describe('A result in range leaves so long after it was recorded: until then it can be corrected'),
  })
  .refine(({ enabled, phone }) => !enabled || phone !== undefined, {
    error: issue('messages-need-phone'),
    path: ['phone'],
  })
  .meta({ id: 'MessageSettings' });
export type MessageSettings = z.output<typeof MessageSettings>;

/** The same as a request says it: what it leaves out has the default. */
export const MessageSettingsInput = MessageSettings.meta({ id: 'MessageSettingsInput' });

// A newer version, which may run beside this one, may have stored fields that this one does not know.
const Stored = z.object(MessageSettings.shape);

/** The stored settings; with the instant since which messages are enabled, null while they are not. */
export interface CurrentSettings {
  readonly settings: MessageSettings;
  readonly enabledSince: Date | null;
}

/** The settings of the hospital; one query. With `lock`, no other process sweeps or changes them until the transaction ends. */
export async function messageSettings(
  { db, hospital }: Pick<HospitalTransaction, 'db' | 'hospital'>,
  lock: '' | 'FOR UPDATE' | 'FOR UPDATE SKIP LOCKED' = '',
): Promise<CurrentSettings | null> {
  const [row] = await db.query<{ settings: unknown; enabledSince: Date | null }[]>(
    `SELECT settings, enabled_since AS "enabledSince" FROM message_settings WHERE hospital_id = $1 ${lock}`,
    [hospital.id],
  );
  return row === undefined ? null : { settings: Stored.parse(row.settings), enabledSince: row.enabledSince };
}

export const DEFAULT_SETTINGS: MessageSettings = MessageSettings.parse({});
