import { afterAll, beforeEach, describe, expect, test } from '@jest/globals';
import { givenItem, givenPatient } from '../support/builders.js';
import { type MessagingHospital, nextMessagingHospital } from '../support/messaging-hospital.js';

const CLOCK = '2026-03-10T10:00:00+08:00';

let t: MessagingHospital;
beforeEach(async () => {
  t = await nextMessagingHospital(t, 'aliyun', { clock: CLOCK });
});
afterAll(async () => {
  await t.gateway.stop();
  await t.close();
});

/** A patient with a consent whose item becomes overdue tomorrow. */
async function givenPatientWithItem(phone = '13812345678'): Promise<{ id: string; itemId: string }> {
  const { id } = await givenPatient(t, { phone });
  await t.consent(id, 'given');
  const item = await givenItem(t, { patientId: id, due: '2026-03-10', activity: 'colonoscopy' });
  return { id, itemId: item.id };
}

describe('a due examination', () => {
  test('is sent to the patient once, through the gateway, and recorded', async () => {
    const { id } = await givenPatientWithItem();

    await t.work();
    await t.work();

    const [message, ...others] = await t.messages(id);
    expect(others).toEqual([]);
    expect(message).toMatchObject({
      occasion: 'due_soon',
      state: 'sent',
      number: '13812345678',
      attempts: 1,
    });
    expect(message!.reference).toBe('9006');
    expect(t.gateway.received).toEqual([{ id: message!.id, number: '13812345678', text: message!.text }]);
    expect(message!.text).toContain('结肠镜');
  });
});
