import { type Call, onPatient, plainly } from './prepared-calls.js';

const CLOSED = { kind: 'closure', name: '设备检修' };

export const IMPORTED_YEAR = {
  year: 2027,
  papers: ['https://www.example.org/2027'],
  days: [
    { name: '元旦', date: '2027-01-01', isOffDay: true },
    { name: '春节', date: '2027-02-05', isOffDay: true },
    { name: '春节', date: '2027-02-20', isOffDay: false },
  ],
};

/** The calls of the work calendar and of planning in `rights.ts`, in the same notation. */
export const PLANNING_CALLS: Readonly<Record<string, Call>> = {
  'GET /patients/:id/visits': onPatient('/visits'),
  'GET /calendar': plainly('/calendar?from=2026-11-01&to=2026-11-30'),
  'GET /calendar/leveling': plainly('/calendar/leveling?week=2026-11-20'),
  'GET /forecast': plainly('/forecast?weeks=26'),
  'GET /capacities': plainly('/capacities'),
  'PUT /capacities': plainly('/capacities', {
    capacities: [{ place: 'CT', activity: null, perWeekday: [20, 20, 20, 20, 20, null, 0] }],
  }),
  'GET /work-calendar': plainly('/work-calendar?year=2026'),
  'PUT /work-calendar/days/:date': plainly('/work-calendar/days/2026-12-24', CLOSED),
  'DELETE /work-calendar/days/:date': async (t, ward) => {
    await t.request('PUT', '/work-calendar/days/2026-12-23', {
      ...{ headers: { authorization: `Bearer ${ward.key}` }, payload: CLOSED },
    });
    return { path: '/work-calendar/days/2026-12-23' };
  },
  'POST /work-calendar/imports': plainly('/work-calendar/imports', IMPORTED_YEAR),
};
