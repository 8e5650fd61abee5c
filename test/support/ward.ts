import { randomUUID } from 'node:crypto';
import { expect } from '@jest/globals';
import type { Answer, TestApp } from './app.js';

/** An item as GET /patients/{id}/schedule shows it. */
export interface ScheduledItem {
  readonly id: string;
  readonly activity: string;
  readonly earliest: string;
  readonly due: string;
  readonly overdue: string;
  readonly status: string;
}

const RESECTION = {
  ...{ type: 'primary_resection', site: 'colon', stage: 'III', intent: 'curative' },
  preoperativeColonoscopy: 'complete',
};

/** A patient resected on that day and followed up since; and the open items, the earliest due first. */
export async function givenFollowedUp(
  t: TestApp,
  resectedOn = '2026-01-15',
): Promise<{ readonly patientId: string; readonly items: readonly ScheduledItem[] }> {
  const { body } = await t.post('/patients', {
    ...{ mrn: `W${randomUUID()}`, name: `李敏${randomUUID()}`, sex: 'female', birthDate: '1960-05-05' },
    ...{ diagnosisDate: '2026-01-02', enrolledOn: resectedOn },
  });
  const patientId = body.id as string;
  expect((await t.post(`/patients/${patientId}/events`, { ...RESECTION, date: resectedOn })).status).toBe(
    201,
  );
  return { patientId, items: await openItems(t, patientId) };
}

export async function openItems(t: TestApp, patientId: string): Promise<readonly ScheduledItem[]> {
  const { body } = await t.get(`/patients/${patientId}/schedule`);
  return (body.items as ScheduledItem[]).filter(({ status }) => status !== 'completed');
}

/** The first open item of that status. */
export function itemOf(items: readonly ScheduledItem[], status: string): ScheduledItem {
  const found = items.find((item) => item.status === status);
  if (!found) throw new Error(`No item is ${status}: ${items.map((item) => item.status).join(', ')}`);
  return found;
}

/** The body of an answer with this status. */
export async function answered<T = Answer['body']>(answer: Promise<Answer>, status = 200): Promise<T> {
  const { status: given, body } = await answer;
  expect({ status: given, ...(given === status ? {} : { body: body as unknown }) }).toEqual({ status });
  return body as T;
}
