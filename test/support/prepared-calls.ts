import { randomUUID } from 'node:crypto';
import { expect } from '@jest/globals';
import type { RequestOptions, TestApp } from './app.js';

/** A hospital of the test, with a key of an unlimited caller there; or a person's own session. */
export interface Ward {
  readonly hospitalId: string;
  readonly key: string;
}

export type Prepared = RequestOptions & { readonly path: string };

/** Prepares one call in a ward so that a caller with the right to it succeeds. */
export type Call = (t: TestApp, ward: Ward) => Promise<Prepared>;

const RESECTION = {
  ...{ type: 'primary_resection', date: '2026-01-15', site: 'colon', stage: 'III', intent: 'curative' },
  preoperativeColonoscopy: 'complete',
};
export async function made(
  t: TestApp,
  { key }: Ward,
  path: string,
  payload: unknown = {},
): Promise<{ id: string }> {
  const { status, body } = await t.post(path, payload, { authorization: `Bearer ${key}` });
  expect({ path, ok: status < 300, body: status < 300 ? 'as documented' : body }).toEqual({
    ...{ path, ok: true, body: 'as documented' },
  });
  return body as { id: string };
}

export const person = () => ({
  ...{ mrn: `M${randomUUID()}`, name: `李敏${randomUUID()}`, sex: 'female', birthDate: '1960-05-05' },
  ...{ diagnosisDate: '2026-01-02', enrolledOn: '2026-01-15' },
});

export async function givenPatient(t: TestApp, ward: Ward, facts: object = {}): Promise<string> {
  const { id } = await made(t, ward, '/patients', { ...person(), ...facts });
  await made(t, ward, `/patients/${id}/events`, RESECTION);
  return id;
}

export async function givenItem(t: TestApp, ward: Ward): Promise<string> {
  const id = await givenPatient(t, ward);
  const { body } = await t.get(`/patients/${id}/schedule`, { authorization: `Bearer ${ward.key}` });
  return (body.items as { id: string; activity: string; status: string }[]).find(
    ({ activity, status }) => activity === 'tumour_markers' && status !== 'completed',
  )!.id;
}

export const onPatient =
  (rest: string, payload?: unknown): Call =>
  async (t, ward) => ({ path: `/patients/${await givenPatient(t, ward)}${rest}`, payload });

export const onItem =
  (rest: string, payload?: unknown): Call =>
  async (t, ward) => ({ path: `/items/${await givenItem(t, ward)}${rest}`, payload });

export const plainly =
  (path: string, payload?: unknown): Call =>
  () =>
    Promise.resolve({ path, payload });

/** An unplanned exam, and the decision that it completes an item; nurses decide that too. */
