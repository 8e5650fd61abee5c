import { z } from 'zod';
import { statusOn } from '../../guideline/planned-item.js';
import { invalid } from '../../platform/domain-error.js';
import { pageBy, Uuid } from '../../platform/http/paging.js';
import { msg } from '../../platform/messages/dictionary.js';
import { itemETag } from '../../schedules/item-etag.js';
import { ITEM_STATUSES } from '../../schedules/item-view.js';
import {
  ContactFields,
  ContactStateView,
  contactStateView,
  ContactView,
  contactView,
} from '../contacts/contact-schemas.js';
import { RELATIONS } from '../contacts/relations.js';
import { SCRIPTS } from '../settings/call-settings.js';
import { CONTACT_CHANNELS } from '../settings/contact-channels.js';
import type { Placed } from '../lists/list-query.js';
import { type ListName, LISTS } from '../lists/list-sources.js';
import { commonFilter, CommonFilterFields, isPlaceIn, ListFilterFields } from '../lists/worklist-query.js';
import type { CallFilter } from './call-candidates.js';
import type { Call, NextCall } from './call.js';

const BothLanguages = z.object({ zh: z.string(), en: z.string() });

const filter = {
  list: z
    .enum(LISTS)
    .default('to_book')
    .describe('Whose patients are called; one of the lists of GET /lists'),
  ...{ owner: ListFilterFields.owner, ...CommonFilterFields },
  cursor: pageBy(z.tuple([z.enum(LISTS), z.string().max(40), Uuid, Uuid])).shape.cursor.describe(
    'The cursor of a call: goes on behind that patient, whom the caller leaves out',
  ),
};

/** Which patients are called, in which order, and behind whom. */
export interface CallQuery extends CallFilter {
  readonly after: Placed | undefined;
}

type Asked = z.output<z.ZodObject<typeof filter>>;

/** What a request asks for. Refuses (422) the cursor of another list. `me`: who asks. */
export function callQuery({ list, cursor, owner, ...others }: Asked, me: string): CallQuery {
  if (cursor && !(cursor[0] === list && isPlaceIn(list, cursor[1]))) {
    const message = msg('not-a-cursor');
    throw invalid('invalid-input', msg('invalid-input'), [
      { pointer: '/cursor', code: 'not-a-cursor', message },
    ]);
  }
  const after = cursor && { place: cursor[1], patientId: cursor[2], id: cursor[3] };
  return { ...commonFilter(others), list, owner: owner === 'me' ? me : owner, after };
}

/** As many patients as one session of calls leaves out. */
const MOST_LEFT_OUT = 100;

export const NextCallQuery = z.object({
  ...filter,
  patientId: Uuid.optional().describe('This patient instead, also one who rests or was called today'),
  without: z
    .string()
    .max(37 * MOST_LEFT_OUT)
    .transform((ids) => ids.split(','))
    .pipe(z.array(Uuid).max(MOST_LEFT_OUT))
    .optional()
    .meta({ type: 'string', description: 'Ids of patients who are left out, separated by commas' }),
  keep: Uuid.optional().describe(
    'The patient whom the caller is calling: stays claimed, so that the next one can be read in advance',
  ),
});
export type NextCallQuery = z.output<typeof NextCallQuery>;

export const CallInput = z
  .strictObject({
    patientId: z.uuid(),
    ...ContactFields,
    ...filter,
    stay: z
      .boolean()
      .default(false)
      .describe('Answer with the same patient as long as a number is left that was not dialled today'),
  })
  .meta({ id: 'CallInput' });
export type CallInput = z.output<typeof CallInput>;

const NumberView = z.object({
  number: z.string().describe('Digits, for a link `tel:`'),
  written: z.string().describe('As it was entered, with what is written beside it'),
  channel: z.enum(CONTACT_CHANNELS).describe('The channel of an attempt by this number'),
  relative: z.object({ id: z.uuid(), name: z.string(), relation: z.enum(RELATIONS) }).nullable(),
  script: BothLanguages,
});

const ItemToDiscuss = z.object({
  id: z.uuid(),
  etag: z.string(),
  activity: z.string(),
  title: BothLanguages,
  due: z.iso.date(),
  overdue: z.iso.date(),
  status: z.enum(ITEM_STATUSES),
  step: z.string().nullable(),
  stepOn: z.iso.date().nullable(),
  reason: BothLanguages,
  preparation: BothLanguages.nullable(),
});

// Without a name of its own: in OpenAPI 3.0 a reference cannot be null.
const CallView = z.object({
  patient: z.object({
    id: z.uuid(),
    mrn: z.string(),
    name: z.string(),
    sex: z.string(),
    birthDate: z.iso.date(),
    department: z.string().nullable(),
  }),
  attempt: z.int().describe('The how-manieth attempt since the last sign of life this is'),
  script: z.object({ name: z.enum(SCRIPTS), text: BothLanguages }),
  numbers: z
    .array(NumberView)
    .describe('In the order of dialling; numbers that were dialled today are left out'),
  items: z.array(ItemToDiscuss).describe('All that can be done now: one call, one journey'),
  silentDays: z
    .int()
    .describe('Days since the last sign of life (contact.knownAliveOn); check the record before dialling'),
  contact: ContactStateView,
  lastContacts: z.array(ContactView).describe('The newest attempts, the newest first'),
  claimedUntil: z.iso.datetime().describe('Until then no other caller is offered the patient'),
});

const nextCall = {
  call: CallView.nullable().describe('null: no patient is left to call, or none up to the cursor'),
  cursor: z
    .string()
    .nullable()
    .describe('Sent back, it goes on behind this patient, who is left out; null: the list has ended'),
};
export const NextCallView = z.object(nextCall).meta({ id: 'NextCall' });

export const RecordedCallView = z
  .object({ id: z.uuid(), contact: ContactView, state: ContactStateView, ...nextCall })
  .meta({ id: 'RecordedCall' });

const cursorOf = (list: ListName, { place, patientId, id }: Placed): string =>
  Buffer.from(JSON.stringify([list, place, patientId, id])).toString('base64url');

export const nextCallView = ({ call, at, list, today }: NextCall): z.input<typeof NextCallView> => ({
  call: call === null ? null : callView(call, today),
  cursor: at === null ? null : cursorOf(list, at),
});

function callView(call: Call, today: NextCall['today']): z.input<typeof CallView> {
  const { patient, name, attempt, script, numbers, silentDays, state, lastContacts, claimedUntil } = call;
  const { id, mrn, sex, birthDate, department } = patient;
  return {
    patient: { id, mrn, name, sex, birthDate, department },
    ...{ attempt, script, silentDays },
    numbers: [...numbers],
    items: call.items.map(({ item, title, reason, preparation }) => ({
      id: item.id,
      etag: itemETag(item),
      activity: item.activity,
      title,
      due: item.due,
      overdue: item.overdue,
      status: statusOn(today, item),
      step: item.step,
      stepOn: item.stepOn,
      reason,
      preparation,
    })),
    contact: contactStateView(state, { today, isFollowedUp: true }),
    lastContacts: lastContacts.map(contactView),
    claimedUntil: claimedUntil.toISOString(),
  };
}
