import { type Call, plainly } from './prepared-calls.js';

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
