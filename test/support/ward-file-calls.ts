import { type Call, givenPatient, made, onPatient, plainly } from './prepared-calls.js';

const exported =
  (format: string): Call =>
  async (t, ward) => {
    await givenPatient(t, ward);
    return { path: `/exports/worklist.${format}?list=overdue` };
  };

const DEPARTMENT = { department: '肝胆外科' };

/** A caller has so many feeds at most: those of earlier calls make room. */
const feed =
  (call: Call): Call =>
  async (t, ward) => {
    await t.dataSource.query('DELETE FROM calendar_feed WHERE hospital_id = $1', [ward.hospitalId]);
    return call(t, ward);
  };

/** The calls for exported lists and printed pages in `rights.ts`, in the same notation. */
export const WARD_FILE_CALLS: Readonly<Record<string, Call>> = {
  'GET /exports/worklist.xlsx': exported('xlsx'),
  'GET /exports/worklist.csv': exported('csv'),
  'GET /patients/:id/card': onPatient('/card?lang=zh'),
  'GET /patients/:id/letter': onPatient('/letter'),
  'GET /calendar-feeds': plainly('/calendar-feeds'),
  'POST /calendar-feeds': feed(() => Promise.resolve({ path: '/calendar-feeds', payload: DEPARTMENT })),
  'DELETE /calendar-feeds/:id': feed(async (t, ward) => ({
    path: `/calendar-feeds/${(await made(t, ward, '/calendar-feeds', DEPARTMENT)).id}`,
  })),
};
