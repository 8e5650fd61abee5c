import { type Call, plainly } from './prepared-calls.js';

/** Fields of a form with one file, as a request. */
export async function uploaded(
  file: Buffer | string,
  fields: Readonly<Record<string, string>>,
  name = 'file.csv',
): Promise<{ headers: Record<string, string>; payload: Buffer }> {
  const form = new FormData();
  for (const [field, value] of Object.entries(fields)) form.set(field, value);
  form.set('file', new Blob([file]), name);
  const request = new Request('http://localhost', { method: 'POST', body: form });
  return {
    headers: { 'content-type': request.headers.get('content-type')! },
    payload: Buffer.from(await request.arrayBuffer()),
  };
}

/** The calls around `POST /imports`, in the notation of `rights.ts`. */
export const SPREADSHEET_CALLS: Readonly<Record<string, Call>> = {
  'GET /imports': plainly('/imports'),
  'GET /imports/fields': plainly('/imports/fields?kind=roster'),
  'GET /imports/mappings': plainly('/imports/mappings'),
  'GET /imports/template.xlsx': plainly('/imports/template.xlsx'),
  'GET /imports/:id/rejected.xlsx': async (t, ward) => {
    const { headers, payload } = await uploaded('住院号,姓名,性别\nA1,李敏,女\n', {
      kind: 'roster',
      dryRun: 'true',
    });
    const { body } = await t.request('POST', '/imports', {
      headers: { ...headers, authorization: `Bearer ${ward.key}` },
      payload,
    });
    return { path: `/imports/${body.id}/rejected.xlsx` };
  },
};
