import { afterAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { TestApp } from '../support/app.js';
import { nextApp } from '../support/next-app.js';
import { as, givenPerson } from '../support/signed-in.js';
import { answered, givenFollowedUp, type ScheduledItem } from '../support/ward.js';
import { allRows } from '../support/whole-ward.js';

let t: TestApp;
beforeEach(async () => {
  t = await nextApp(t, { clock: '2026-11-01T09:00:00+08:00', role: 'api' });
});
afterAll(() => t.close());

const PERIOD = 'from=2026-01-01&to=2026-10-31';

interface Share {
  readonly numerator: number;
  readonly denominator: number;
  readonly percent: number | null;
}
interface Figures {
  readonly key: string | null;
  readonly label: string | null;
  readonly due: number;
  readonly items: Record<string, number>;
  readonly excused: number;
  readonly adherence: Share;
  readonly completion: Share;
  readonly overTesting: Share;
  readonly underTesting: Share;
  readonly delayDays: object | null;
  readonly reasons: readonly object[];
  readonly visits: { readonly noShows: Share; readonly cancelledByHospital: number } | null;
  readonly contacts: { readonly callsPerContact: Share; readonly attemptsPerContact: Share } | null;
  readonly followUp: { readonly rate: Share; readonly lost: number; readonly lossesRecorded: number } | null;
  readonly patients: Record<string, string>;
}
interface Adherence {
  readonly total: Figures;
  readonly groups: readonly Figures[];
  readonly computed: string;
  readonly published: readonly { readonly measure: string; readonly percent: number }[];
}

const adherence = (by: string, caller?: Record<string, string>): Promise<Adherence> =>
  answered<Adherence>(t.get(`/adherence?${PERIOD}&by=${by}`, caller));

/** The items of one activity that fell due in the period, in the order of their dates. */
const markersOf = (items: readonly ScheduledItem[]): ScheduledItem[] =>
  items.filter(({ activity, due }) => activity === 'tumour_markers' && due <= '2026-10-31');

const share = (numerator: number, denominator: number): Share => ({
  ...{ numerator, denominator },
  percent: Math.round((1000 * numerator) / denominator) / 10,
});

describe('figures of a period', () => {
  test('count what fell due by what became of it', async () => {
    const { items } = await givenFollowedUp(t, '2026-01-15');
    const [first, second, third] = markersOf(items);
    expect([first?.due, second?.due, third?.due]).toEqual(['2026-04-15', '2026-07-15', '2026-10-15']);
    // In time, two days after it was due; the second one is declined, the third one is late.
    await answered(t.post(`/items/${first!.id}/complete`, { date: '2026-04-17', outcome: 'normal' }));
    await answered(t.post(`/items/${second!.id}/decline`, { reason: 'cost' }));
    const { total, groups, computed, published } = await adherence('activity');
    expect(computed).toBe('now');
    const markers = groups.find(({ key }) => key === 'tumour_markers')!;
    expect(markers).toMatchObject({
      ...{ label: 'tumour markers', due: 3, excused: 1 },
      items: {
        on_time: 1,
        late: 0,
        missed: 0,
        overdue: 1,
        not_yet: 0,
        declined: 1,
        contraindicated: 0,
        ended: 0,
      },
      ...{ adherence: share(1, 2), completion: share(1, 2), underTesting: share(1, 2) },
      delayDays: { lowerQuartile: 2, median: 2, upperQuartile: 2 },
      reasons: [
        { reason: 'declined:cost', count: 1 },
        { reason: 'no_step', count: 1 },
      ],
      ...{ visits: null, contacts: null, followUp: null },
    });
    expect(total.due).toBe(groups.reduce((sum, { due }) => sum + due, 0));
    expect(published.map(({ measure, percent }) => [measure, percent])).toEqual([
      ['cea', 54],
      ['imaging', 63],
      ['colonoscopy', 70],
    ]);
  });

  test('each count opens to so many rows, in every dimension', async () => {
    const { items, patientId } = await givenFollowedUp(t, '2026-01-15');
    await givenFollowedUp(t, '2026-03-02');
    const [first] = markersOf(items);
    await answered(t.post(`/items/${first!.id}/complete`, { date: '2026-04-17', outcome: 'normal' }));
    const further = { type: 'exam', activity: 'ct_chest_abdomen', outcome: 'normal', date: '2026-05-20' };
    await answered(t.post(`/patients/${patientId}/events`, further), 201);
    for (const by of ['activity', 'rule', 'nurse', 'department', 'stage']) {
      const { total, groups } = await adherence(by);
      for (const { items: counts, patients } of [total, ...groups])
        for (const [measure, path] of Object.entries(patients)) {
          const rows = await allRows<{ patient: { id: string } }>(
            t,
            path.replace('/api/v1', ''),
            as(t.adminKey),
            3,
          );
          if (measure in counts) expect({ path, rows: rows.length }).toEqual({ path, rows: counts[measure] });
          if (measure === 'further_exam') expect(rows.map((row) => row.patient.id)).toEqual([patientId]);
        }
      expect(total.overTesting).toEqual(share(1, 2));
    }
  });

  test('contain no-shows, calls, contacts and losses, for all and by stage', async () => {
    const { items, patientId } = await givenFollowedUp(t, '2026-03-02');
    const { patientId: lost } = await givenFollowedUp(t, '2026-01-15');
    const visit = {
      patientId,
      itemIds: [markersOf(items).at(-1)!.id],
      date: '2026-11-01',
      reason: 'no_slot',
    };
    const { id } = await answered<{ id: string }>(t.post('/appointments', visit), 201);
    await answered(t.post(`/appointments/${id}/outcome`, { outcome: 'not_attended' }));
    for (const outcome of ['busy', 'no_answer', 'reached'])
      await answered(t.post(`/patients/${patientId}/contacts`, { channel: 'telephone', outcome }), 201);
    await answered(t.post(`/patients/${patientId}/contacts`, { channel: 'letter', outcome: 'sent' }), 201);
    await answered(
      t.post(`/patients/${lost}/events`, { type: 'lost_to_follow_up', date: '2026-10-30' }),
      201,
    );
    const answer = await answered<Adherence>(t.get('/adherence?from=2026-01-01&to=2026-11-30&by=stage'));
    expect(answer.groups.map(({ key }) => key)).toEqual(['III']);
    for (const figures of [answer.total, answer.groups[0]!])
      expect(figures).toMatchObject({
        visits: { noShows: share(1, 1), cancelledByHospital: 0 },
        contacts: {
          callsPerContact: { numerator: 3, denominator: 1 },
          attemptsPerContact: { numerator: 4, denominator: 1 },
        },
        followUp: { rate: share(1, 2), lost: 1, lossesRecorded: 1 },
      });
  });

  test('a follow-up that ended before an item was late excuses it; what was late before stays missed', async () => {
    // Items are late from 2026-07-01 and 2026-07-16 on.
    for (const [date, expected] of [
      ['2026-05-20', { missed: 0, ended: 1 }],
      ['2026-07-20', { missed: 2, ended: 1 }],
    ] as const) {
      const { patientId } = await givenFollowedUp(t, '2026-01-15');
      await answered(t.post(`/patients/${patientId}/events`, { type: 'death', date }), 201);
      const { groups } = await adherence('activity');
      const { items } = groups.find(({ key }) => key === 'tumour_markers')!;
      expect(items).toMatchObject({ ...expected, overdue: 0, not_yet: 0 });
    }
    const { total } = await adherence('activity');
    expect(total.followUp).toMatchObject({ rate: { numerator: 0, denominator: 0, percent: null }, lost: 0 });
  });
});

describe('callers', () => {
  test('see the figures of their departments alone, and a nurse limited to her own patients those', async () => {
    const key = await answered<{ key: string }>(
      t.post('/api-keys', { name: 'ward 2', roles: ['nurse'], departments: ['ward 2'] }),
      201,
    );
    const nurse = await givenPerson(t, { roles: ['nurse'], ownPatientsOnly: true });
    const { patientId: inWard1 } = await givenFollowedUp(t, '2026-01-15');
    const { patientId: inWard2 } = await givenFollowedUp(t, '2026-03-02');
    const patch = (id: string, payload: object) =>
      answered(t.request('PATCH', `/patients/${id}`, { payload }));
    await patch(inWard1, { department: 'ward 1', responsibleNurse: nurse.id });
    await patch(inWard2, { department: 'ward 2' });
    const { groups } = await adherence('department');
    expect(groups.map((group) => group.key)).toEqual(['ward 1', 'ward 2']);
    const limited = await adherence('department', as(key.key));
    expect(limited.groups).toEqual([groups[1]]);
    const own = await adherence('nurse', as(nurse.session));
    expect(own.groups.map((group) => [group.key, group.due])).toEqual([[nurse.id, groups[0]!.due]]);
    const rows = await allRows<{ patient: { id: string } }>(
      t,
      `/adherence/patients?${PERIOD}&measure=overdue`,
      as(key.key),
    );
    expect([...new Set(rows.map(({ patient }) => patient.id))]).toEqual([inWard2]);
  });

  test('the audit trail names the patients behind a count', async () => {
    const { patientId } = await givenFollowedUp(t, '2026-01-15');
    await answered(t.get(`/adherence/patients?${PERIOD}&measure=overdue`));
    const [entry] = await t.dataSource.query<{ patients: string[] }[]>(
      `SELECT patients FROM audit_event WHERE call = 'GET /adherence/patients'`,
    );
    expect(entry!.patients).toEqual([patientId]);
  });

  test('learn what is wrong with a request', async () => {
    const wrong = async (query: string): Promise<unknown> => {
      const { status, body } = await t.get(query);
      return [status, ...(body.errors as { pointer: string; code: string }[]).map(({ pointer }) => pointer)];
    };
    expect(await wrong('/adherence?from=2026-02-01&to=2026-01-01')).toEqual([422, '/to']);
    expect(await wrong('/adherence?from=2020-02-01&to=2026-01-01')).toEqual([422, '/to']);
    expect(await wrong(`/adherence?${PERIOD}&by=doctor`)).toEqual([422, '/by']);
    expect(await wrong(`/adherence?${PERIOD}&name=x`)).toEqual([422, '/name']);
    expect(await wrong(`/adherence/patients?${PERIOD}&measure=missed&by=stage`)).toEqual([422, '/group']);
    expect(await wrong(`/adherence/patients?${PERIOD}&measure=contact_failed&by=rule&group=none`)).toEqual([
      422,
      '/measure',
    ]);
  });
});

test('months are counted one by one, with the gauge and the groups that occur in any of them', async () => {
  const { items } = await givenFollowedUp(t, '2026-01-15');
  const [first] = markersOf(items);
  await answered(t.post(`/items/${first!.id}/complete`, { date: '2026-04-17', outcome: 'normal' }));
  const { body } = await t.get('/adherence/months?to=2026-11&months=8');
  expect(body.months.map(({ month, isOver }: { month: string; isOver: boolean }) => [month, isOver])).toEqual(
    [
      ...['2026-04', '2026-05', '2026-06', '2026-07', '2026-08', '2026-09', '2026-10'].map((month) => [
        month,
        true,
      ]),
      ['2026-11', false],
    ],
  );
  expect(body.gauge).toEqual({ percent: 90, figures: ['completion', 'followUp'] });
  expect(body.groups).toContainEqual({ key: 'tumour_markers', label: 'tumour markers' });
  const april = body.months[0].groups.find(({ key }: { key: string }) => key === 'tumour_markers');
  expect(april).toMatchObject({ due: 1, completion: share(1, 1), followUp: null });
  expect(body.months[0].total.followUp).toEqual(share(1, 1));
  expect((await t.get('/adherence/months?to=2026-13')).status).toBe(422);
});
