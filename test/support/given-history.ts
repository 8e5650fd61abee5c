import { expect } from '@jest/globals';
import type { ClinicalFact } from '../../src/guideline/facts.js';
import type { TestApp } from './app.js';

/** Records the events of a history that the program accepts, and returns the patient's id. */
export async function givenHistory(
  t: TestApp,
  mrn: string,
  events: readonly ClinicalFact[],
  choices: object,
): Promise<string> {
  const person = { mrn, name: '王建国', sex: 'male', birthDate: '1955-02-28', diagnosisDate: '2012-01-01' };
  const { body } = await t.post('/patients', { ...person, enrolledOn: '2014-05-01', policy: choices });
  for (const event of events) {
    const isResection = event.type === 'primary_resection';
    const { status } = await t.post(`/patients/${body.id}/events`, {
      ...(isResection && { site: 'colon' }),
      ...event,
    });
    expect([201, 422]).toContain(status);
  }
  return body.id as string;
}
