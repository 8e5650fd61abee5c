import { type Call, made, onPatient, plainly } from './prepared-calls.js';

const YEAR = 'from=2026-01-01&to=2026-12-31';

const MONTH = { month: '2026-10', author: 'Dr. Chen' };

const onReport =
  (rest: string): Call =>
  async (t, ward) => {
    // A month has so many reports at most: those of earlier calls make room.
    await t.dataSource.query('DELETE FROM inspection_report WHERE hospital_id = $1', [ward.hospitalId]);
    return { path: `/inspection-reports/${(await made(t, ward, '/inspection-reports', MONTH)).id}${rest}` };
  };

/** The calls about statistics in `rights.ts`, in the same notation. */
export const STATISTICS_CALLS: Readonly<Record<string, Call>> = {
  'GET /adherence': plainly(`/adherence?${YEAR}&by=activity`),
  'GET /adherence/months': plainly('/adherence/months?to=2026-10&by=nurse'),
  'GET /adherence/patients': plainly(`/adherence/patients?${YEAR}&measure=missed&limit=500`),
  'GET /research-dates': plainly('/research-dates?limit=500'),
  'GET /patients/:id/research-dates': onPatient('/research-dates'),
  'GET /exports/adherence.xlsx': plainly(`/exports/adherence.xlsx?${YEAR}`),
  'GET /exports/adherence.csv': plainly(`/exports/adherence.csv?${YEAR}`),
  'GET /exports/research-dates.xlsx': plainly('/exports/research-dates.xlsx?pseudonymous=true'),
  'GET /exports/research-dates.csv': plainly('/exports/research-dates.csv'),
  'POST /inspection-reports': async (t, ward) => {
    await t.dataSource.query('DELETE FROM inspection_report WHERE hospital_id = $1', [ward.hospitalId]);
    return { path: '/inspection-reports', payload: MONTH };
  },
  'GET /inspection-reports': plainly('/inspection-reports'),
  'GET /inspection-reports/:id': onReport(''),
  'GET /inspection-reports/:id/verification': onReport('/verification'),
  'GET /inspection-reports/:id/page': onReport('/page?lang=zh'),
  'GET /inspection-reports/:id/spreadsheet': onReport('/spreadsheet?lang=en'),
};
