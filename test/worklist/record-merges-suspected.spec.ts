import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startApp, type TestApp } from '../support/app.js';

let t: TestApp;
beforeAll(async () => {
  t = await startApp({ clock: '2026-11-01T09:00:00+08:00', role: 'api' });
});
afterAll(() => t.close());

async function givenRecord(facts: object): Promise<string> {
  const { status, body } = await t.post('/patients', {
    ...{ mrn: `M${randomUUID()}`, sex: 'female', diagnosisDate: '2026-01-02', ...facts },
  });
  expect(status).toBe(201);
  return body.id as string;
}

describe('suspected duplicates', () => {
  const pairs = async (query = ''): Promise<string[][]> => {
    const { body } = await t.get(`/patients/duplicates${query}`);
    return (body.items as { records: { id: string }[] }[]).map(({ records }) => records.map(({ id }) => id));
  };

  test('are namesakes of one birth date and sex of whom nothing says that they are two; not once they are merged or dismissed', async () => {
    const same = { name: `王${randomUUID()}`, birthDate: '1950-02-03' };
    const [a, b] = [await givenRecord(same), await givenRecord({ ...same, phone: '13800000001' })];
    const numbered = { ...same, name: `赵${randomUUID()}` };
    await givenRecord({ ...numbered, identityNumber: '11010519500203004X' });
    await givenRecord({ ...numbered, identityNumber: '110105195002030082' });
    expect(await pairs()).toContainEqual([a, b].sort());
    expect((await pairs()).flat().filter((id) => [a, b].includes(id))).toHaveLength(2);
    const { body } = await t.post(`/patients/${a}/merge`, { from: b, reason: 'one identity card' });
    expect((await pairs()).flat()).not.toContain(b);
    await t.post(`/merges/${body.id as string}/undo`, {});
    expect(await pairs()).toContainEqual([a, b].sort());
    const dismissal = { patientIds: [b, a] };
    expect((await t.post('/patients/duplicates/dismissals', dismissal)).status).toBe(204);
    expect((await t.post('/patients/duplicates/dismissals', dismissal)).status).toBe(204);
    expect((await pairs()).flat()).not.toContain(b);
  });

  test('come in pages that together name every pair once', async () => {
    const name = `孙${randomUUID()}`;
    const ids: string[] = [];
    for (let n = 0; n < 4; n++) ids.push(await givenRecord({ name, birthDate: '1940-01-01' }));
    const found: string[][] = [];
    let cursor: string | null = null;
    do {
      const next: string = cursor === null ? '' : `&cursor=${cursor}`;
      const { body } = await t.get(`/patients/duplicates?limit=1${next}`);
      found.push(
        ...(body.items as { records: { id: string }[] }[]).map(({ records }) => records.map(({ id }) => id)),
      );
      cursor = body.nextCursor as string | null;
    } while (cursor !== null);
    const mine = found.filter(([one]) => ids.includes(one ?? ''));
    expect(new Set(mine.map((pair) => pair.join())).size).toBe(6);
    expect(mine).toHaveLength(6);
  });
});
