import { z } from 'zod';
import { ACTIVITIES } from '../../guideline/activities.js';
import { calendarDate, isCalendarDate } from '../../guideline/calendar.js';
import { CalendarDay } from '../../patients/clinical-event-input.js';
import { DistanceKm } from '../../patients/patient-input.js';
import { type FieldFault, invalid } from '../../platform/domain-error.js';
import { pageBy, Uuid } from '../../platform/http/paging.js';
import { isInstant } from '../../platform/instant.js';
import { msg } from '../../platform/messages/dictionary.js';
import { text } from '../../platform/text.js';
import { ITEM_STATUSES } from '../../schedules/item-view.js';
import { ESCALATED_TO } from '../../schedules/reminder-calendar.js';
import type { ItemsByStatusQuery } from './items-by-status.service.js';
import type { ListQuery } from './lists.service.js';
import { isItemList, type ListName, LISTS, placeTypeOf } from './list-sources.js';
import type { PlaceType } from './list-sql.js';

export const VIEWS = ['patients', 'items'] as const;

const Statuses = z
  .string()
  .max(200)
  .transform((text) => [...new Set(text.split(','))])
  .pipe(z.array(z.enum(ITEM_STATUSES)))
  .meta({
    type: 'string',
    description: `Any of ${ITEM_STATUSES.join(', ')}, separated by commas; default overdue,due,upcoming; before_enrolment is refused, see the schedule. Not together with list`,
  });

/** In an address a number is text. */
const Kilometres = z
  .union([
    DistanceKm,
    z
      .string()
      .regex(/^\d{1,6}$/)
      .transform(Number)
      .pipe(DistanceKm),
  ])
  .meta({ type: 'integer', minimum: 0 });

/** What items and patients are filtered by, in each call that takes a list. */
export const CommonFilterFields = {
  activity: text(61)
    .optional()
    .describe(`One of ${ACTIVITIES.join(', ')}, or one that the guideline declares`),
  rule: text(100).optional().describe('The id of a rule of the guideline'),
  department: text(100).optional(),
  ward: text(100).optional(),
  group: text(100).optional().describe('The group of doctors that treats the patient'),
  distanceFrom: Kilometres.optional().describe('Patients who live at least so many kilometres away'),
  distanceTo: Kilometres.optional().describe('Patients who live at most so many kilometres away'),
  from: CalendarDay.optional().describe('First due date'),
  to: CalendarDay.optional().describe('Last due date; of upcoming items at most 24 months from today'),
};
export type CommonFilter = z.output<z.ZodObject<typeof CommonFilterFields>>;

/** These fields of a request, without its others. */
export function commonFilter(request: CommonFilter): CommonFilter {
  const { activity, rule, department, ward, group, distanceFrom, distanceTo, from, to } = request;
  return { activity, rule, department, ward, group, distanceFrom, distanceTo, from, to };
}

/** What a list is filtered by: the same in an address and in a saved list. */
export const ListFilterFields = {
  list: z.enum(LISTS).optional().describe('One of the lists of GET /lists'),
  view: z
    .enum(VIEWS)
    .optional()
    .describe(
      'patients: a row is one patient with all open items (default with list); items: a row is one item',
    ),
  owner: text(100)
    .optional()
    .describe("The responsible nurse: a person's id, login or name, or what was imported; me: the caller"),
  ...CommonFilterFields,
};

/** The place of the last row seen, in a list or by status. */
const Position = z.union([
  z.tuple([z.enum(LISTS), z.string().max(40), Uuid, Uuid]),
  z.tuple([CalendarDay, Uuid]),
]);

export const WorklistParameters = pageBy(Position).extend({
  ...ListFilterFields,
  status: Statuses.optional(),
  assignee: text(100)
    .optional()
    .describe("The responsible nurse: a person's id, login or name, or what was imported"),
  escalatedTo: z
    .enum(ESCALATED_TO)
    .optional()
    .describe(
      "Only what is late for as long as the hospital's policy says before this one has to act. Not together with list",
    ),
});
export type WorklistParameters = z.output<typeof WorklistParameters>;

// What PostgreSQL could not read is refused before it gets there.
const isPlace: Readonly<Record<PlaceType, (written: string) => boolean>> = {
  date: isCalendarDate,
  timestamptz: isInstant,
  bigint: (written) => /^\d{1,18}$/.test(written),
};

/** Whether the text is the place of a row in the list. */
export const isPlaceIn = (list: ListName, written: string): boolean => isPlace[placeTypeOf(list)](written);

/** A page of one list, or of items by status. */
export type WorklistRequest =
  | {
      readonly kind: 'list';
      readonly view: (typeof VIEWS)[number];
      readonly query: ListQuery;
    }
  | { readonly kind: 'status'; readonly query: ItemsByStatusQuery };

/** What a request asks for. Refuses (422) parameters that do not go together. `me`: who asks. */
export function worklistRequest(parameters: WorklistParameters, me: string): WorklistRequest {
  const { status, escalatedTo, view, limit, cursor, assignee, list: named, owner } = parameters;
  const list = named ?? (view === 'patients' ? 'to_book' : undefined);
  const filter = commonFilter(parameters);
  const asked = owner === 'me' ? me : owner;
  refuseTogether(parameters, list);
  if (list === undefined) {
    const after = cursor?.length === 2 ? { due: calendarDate(cursor[0]), id: cursor[1] } : undefined;
    if (cursor && !after) throw notACursor();
    const query = {
      ...filter,
      assignee: assignee ?? asked,
      statuses: status ?? [],
      escalatedTo,
      limit,
      after,
    };
    return { kind: 'status', query };
  }
  const after =
    cursor?.length === 4 && cursor[0] === list && isPlaceIn(list, cursor[1])
      ? { place: cursor[1], patientId: cursor[2], id: cursor[3] }
      : undefined;
  if (cursor && !after) throw notACursor();
  return {
    kind: 'list',
    view: view ?? 'patients',
    query: { ...filter, assignee, owner: asked, list, limit, after },
  };
}

function refuseTogether(
  { status, escalatedTo, view, owner, assignee }: WorklistParameters,
  list: ListName | undefined,
): void {
  const faults: FieldFault[] = [];
  const notTogether = (name: string, other: string): void => {
    const message = msg('not-together', { name, other });
    faults.push({ pointer: `/${name}`, code: 'not-together', message });
  };
  if (list !== undefined && status !== undefined) notTogether('status', 'list');
  if (list !== undefined && escalatedTo !== undefined) notTogether('escalatedTo', 'list');
  if (owner !== undefined && assignee !== undefined) notTogether('assignee', 'owner');
  if (list !== undefined && !isItemList(list) && view === 'items') notTogether('view', `list=${list}`);
  if (faults.length > 0) throw invalid('invalid-input', msg('invalid-input'), faults);
}

const notACursor = (): Error =>
  invalid('invalid-input', msg('invalid-input'), [
    { pointer: '/cursor', code: 'not-a-cursor', message: msg('not-a-cursor') },
  ]);
