import { MessageAttempts } from '../../src/patient-messages/sending/message-attempts.js';
import { MessageDispatch } from '../../src/patient-messages/sending/message-dispatch.js';
import { MessageSweep } from '../../src/patient-messages/sending/message-sweep.js';
import { ReminderSweep } from '../../src/reminders/reminder-sweep.js';
import type { AppOptions, TestApp } from './app.js';
import { nextApp } from './next-app.js';
import { SmsGateway, type Vendor } from './sms-gateway.js';
import { answered } from './ward.js';
import { until } from './webhook-receiver.js';

/** A message as GET /patients/{id}/messages shows it. */
export interface ShownMessage {
  readonly id: string;
  readonly patientId: string;
  readonly occasion: string;
  readonly state: string;
  readonly reason: string | null;
  readonly number: string | null;
  readonly text: string | null;
  readonly relativeId: string | null;
  readonly reference: string | null;
  readonly attempts: number;
  readonly nextAttemptAt: string | null;
  readonly lastAttempts: readonly { readonly outcome: string; readonly error: string | null }[];
}

/** A hospital that sends messages through a stand-in of a vendor's gateway. */
export interface MessagingHospital extends TestApp {
  readonly place: TestApp;
  readonly gateway: SmsGateway;
  /** Sets the settings, with `enabled` and a phone. */
  set(settings?: object): Promise<void>;
  /** Records reminders and messages, and makes all attempts that are due. */
  work(): Promise<void>;
  /** Makes the attempts that are due. */
  send(): Promise<void>;
  messages(patientId: string): Promise<readonly ShownMessage[]>;
  /** The messages that a person has to settle. */
  uncertain(): Promise<readonly ShownMessage[]>;
  consent(patientId: string, decision: 'given' | 'withdrawn', channel?: string): Promise<void>;
}

/** In the one application of the test file; replaces the hospital `before`. */
export async function nextMessagingHospital(
  before: MessagingHospital | undefined,
  vendor: Vendor,
  options: AppOptions,
): Promise<MessagingHospital> {
  await before?.gateway.stop();
  const t = await nextApp(before?.place, { webhookTimeoutMs: 3000, ...options });
  const gateway = await SmsGateway.start(vendor);
  await answered(t.request('PUT', '/message-gateway', { payload: gateway.settings }));
  const send = async (): Promise<void> => {
    const attempts = t.app.get(MessageAttempts);
    await t.app.get(MessageDispatch).dispatchDue();
    // A run that began before the clock was set does not see what has become due; a call during it would join it.
    await until(() => attempts.isIdle, Boolean);
    await attempts.attemptJob({ hospitalId: t.hospitalId });
    await until(() => attempts.isIdle, Boolean);
  };
  const hospital: MessagingHospital = {
    ...t,
    ...{ place: t, gateway, send },
    set: async (settings = {}) => {
      const payload = { enabled: true, phone: '010-88888888', ...settings };
      await answered(t.request('PUT', '/message-settings', { payload }));
    },
    work: async () => {
      await t.app.get(ReminderSweep).sweep();
      await t.app.get(MessageSweep).sweep();
      await send();
    },
    messages: async (patientId) =>
      (await answered<{ items: ShownMessage[] }>(t.get(`/patients/${patientId}/messages`))).items,
    uncertain: async () =>
      (await answered<{ items: ShownMessage[] }>(t.get('/patient-messages/uncertain'))).items,
    consent: async (patientId, decision, channel = 'sms') => {
      const payload = { channel, decision, author: 'Dr. Chen' };
      await answered(t.post(`/patients/${patientId}/consents`, payload), 201);
    },
  };
  await hospital.set();
  return hospital;
}
