import { type Call, givenPatient } from './prepared-calls.js';

const exported =
  (format: string): Call =>
  async (t, ward) => {
    await givenPatient(t, ward);
    return { path: `/exports/worklist.${format}?list=overdue` };
  };

/** The calls for exported lists and printed pages in `rights.ts`, in the same notation. */
export const WARD_FILE_CALLS: Readonly<Record<string, Call>> = {
  'GET /exports/worklist.xlsx': exported('xlsx'),
  'GET /exports/worklist.csv': exported('csv'),
};
