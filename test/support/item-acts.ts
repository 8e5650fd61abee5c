import { addDays, calendarDate } from '../../src/guideline/calendar.js';
import type { Answer, TestApp } from './app.js';
import { answered, givenFollowedUp, itemOf, type ScheduledItem } from './ward.js';

/** The day on which the suites about items and appointments begin. */
export const TODAY = calendarDate('2026-11-01');
export const inDays = (days: number) => addDays(TODAY, days);

interface StepRow {
  readonly step: string | null;
  readonly stepOn: string | null;
  readonly stepUntil: string | null;
}

/** What nurses do with items, in the application of the test that runs. */
export const itemActs = (running: () => TestApp) => ({
  givenItem: async (status = 'overdue'): Promise<ScheduledItem & { readonly patientId: string }> => {
    const { patientId, items } = await givenFollowedUp(running());
    return { ...itemOf(items, status), patientId };
  },

  step: (itemId: string, name: string, payload?: object, headers?: Record<string, string>): Promise<Answer> =>
    running().post(`/items/${itemId}/${name}`, payload, headers),

  itemNow: async (id: string) => (await answered(running().get(`/items/${id}`))).item,

  rowOf: async (itemId: string): Promise<StepRow> => {
    const [row] = await running().dataSource.query<StepRow[]>(
      'SELECT step, step_on AS "stepOn", step_until AS "stepUntil" FROM surveillance_item WHERE id = $1',
      [itemId],
    );
    return row!;
  },
});

/** What nurses do with appointments. */
export const appointmentActs = (running: () => TestApp) => ({
  /** A patient with open items, one of them overdue, and one whose window has not begun. */
  given: async () => {
    const { patientId, items } = await givenFollowedUp(running());
    return { patientId, items, late: itemOf(items, 'overdue'), next: itemOf(items, 'upcoming') };
  },

  book: (
    patientId: string,
    itemIds: readonly string[],
    rest: object = {},
    headers?: Record<string, string>,
  ): Promise<Answer> =>
    running().post('/appointments', { patientId, itemIds, date: inDays(10), ...rest }, headers),

  end: (id: string, outcome: string, rest: object = {}): Promise<Answer> =>
    running().post(`/appointments/${id}/outcome`, { outcome, ...rest }),

  move: (id: string, payload: object, headers?: Record<string, string>): Promise<Answer> =>
    running().request('PATCH', `/appointments/${id}`, { payload, ...(headers && { headers }) }),
});

export const lateOnes = (items: readonly ScheduledItem[], count: number): string[] =>
  items
    .filter(({ status }) => status === 'overdue')
    .slice(0, count)
    .map(({ id }) => id);
