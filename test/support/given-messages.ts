import { expect } from '@jest/globals';
import type { TestApp } from './app.js';

/** Messages are enabled, the patient consents and replies; no gateway listens. */
export async function givenMessages(t: TestApp, id: string): Promise<void> {
  const gateway = { url: 'http://127.0.0.1:9/', body: '{"to":"{number}","t":"{text}","id":"{id}"}' };
  const settings = { enabled: true, phone: '010-88888888' };
  for (const [path, payload] of [
    ['/message-gateway', gateway],
    ['/message-settings', settings],
  ] as const)
    expect((await t.request('PUT', path, { payload })).status).toBe(200);
  await t.post(`/patients/${id}/consents`, { channel: 'sms', decision: 'given', author: 'Dr. Chen' });
  const reply = { from: '13812345678', text: 'I feel dizzy', at: '2026-03-10T10:00:00+08:00' };
  expect((await t.post('/patient-messages/replies', reply)).status).toBe(201);
}
