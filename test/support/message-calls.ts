import type { TestApp } from './app.js';
import { type Call, givenPatient, made, onPatient, plainly, type Ward } from './prepared-calls.js';

const GATEWAY = {
  url: 'http://127.0.0.1:9/send',
  headers: { authorization: 'Bearer gateway-secret' },
  body: '{"to":"{number}","content":"{text}","id":"{id}"}',
};

const REPLY = { from: '13700000001', text: '谢谢', at: '2026-01-20T08:00:00+08:00' };

const putGateway = plainly('/message-gateway', GATEWAY);

/** A message that the gateway may have taken. */
async function givenUncertain(t: TestApp, { hospitalId }: Ward, patientId: string): Promise<string> {
  const [{ id }] = await t.dataSource.query<[{ id: string }]>(
    `INSERT INTO patient_message (hospital_id, id, patient_id, occasion, about_on, channel, route, state, attempts, uncertain_at)
     VALUES ($1, gen_random_uuid(), $2, 'overdue', '2026-01-20', 'sms', 'gateway', 'uncertain', 1, program_now()) RETURNING id`,
    [hospitalId, patientId],
  );
  return id;
}

/** The calls of messages to patients in `rights.ts`, in the same notation. */
export const MESSAGE_CALLS: Readonly<Record<string, Call>> = {
  'GET /message-templates': plainly('/message-templates'),
  'PUT /message-templates/:occasion/:lang': plainly('/message-templates/overdue/en', {
    text: '{hospital}: {patient}, please call {phone} about {examinations}.',
  }),
  'GET /message-settings': plainly('/message-settings'),
  'PUT /message-settings': plainly('/message-settings', { enabled: true, phone: '010-88888888' }),
  'GET /message-gateway': async (t, ward) => {
    await t.dataSource.query(
      `INSERT INTO message_gateway (hospital_id, config, changed_by) VALUES ($1, $2, 'somebody')
           ON CONFLICT (hospital_id) DO UPDATE SET config = excluded.config`,
      [ward.hospitalId, JSON.stringify({ ...GATEWAY, ...UNCHANGED })],
    );
    return { path: '/message-gateway' };
  },
  'PUT /message-gateway': putGateway,
  'GET /patient-messages/uncertain': plainly('/patient-messages/uncertain'),
  'POST /patient-messages/:id/settle': async (t, ward) => {
    const id = await givenUncertain(t, ward, await givenPatient(t, ward));
    return { path: `/patient-messages/${id}/settle`, payload: { result: 'sent' } };
  },
  'POST /patient-messages/replies': plainly('/patient-messages/replies', REPLY),
  'GET /patient-messages/replies': plainly('/patient-messages/replies'),
  'POST /patient-messages/replies/:id/seen': async (t, ward) => {
    const phone = '13912340000';
    await givenPatient(t, ward, { phone });
    const { id } = await made(t, ward, '/patient-messages/replies', { ...REPLY, from: phone });
    return { path: `/patient-messages/replies/${id}/seen` };
  },
  'GET /patients/:id/messages': onPatient('/messages'),
};

const UNCHANGED = {
  method: 'POST',
  bodyFormat: 'json',
  throttled: [],
  final: [],
  templates: {},
  perMinute: 60,
};
