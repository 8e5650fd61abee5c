import type { TestApp } from './app.js';

const ER7 = { 'content-type': 'x-application/hl7-v2+er7' };

interface Sent {
  readonly sender?: string;
  readonly controlId?: string;
  /** MSH-7. */
  readonly at?: string;
}

export const pid = (mrn: string) => `PID|1||${mrn}^^^SLZL^MR||王建国^^^^^^L||19581106|M`;

/** A CT report of the RIS, with a coded result or without one. */
export const ct = (
  mrn: string,
  filler: string,
  result: string | undefined,
  { conclusion = '未见明确转移', status = 'F', reported = '20261104165800' } = {},
) => [
  pid(mrn),
  `OBR|1||${filler}^RIS|CT0312^胸部+全腹部CT^RIS|||20261104141000|||||||||||||||${reported}||CT|${status}`,
  `OBX|1|TX|YXJL^影像结论^RIS||${conclusion}||||||${status}`,
  ...(result === undefined ? [] : [`OBX|2|CE|YYX^阴阳性^RIS||${result}||||||${status}`]),
];

/** What the scheduling system says of an appointment for a CT. */
export const siu = (mrn: string, filler: string, start: string, { status = 'Booked', reason = '' } = {}) => [
  `SCH|P${filler}^APPT|${filler}^RIS||||${reason}|||30|MIN|^^30^${start}|||||||||||||${status}`,
  pid(mrn),
  'RGS|1|A',
  `AIS|1|A|CT0312^CT^RIS|${start}|||30|MIN`,
  `AIL|1|A|影像中心^CT3机房|||${start}`,
];

interface Item {
  readonly id: string;
  readonly activity: string;
  readonly status: string;
  readonly due: string;
  readonly overdue: string;
}

const RESECTION = {
  ...{ type: 'primary_resection', date: '2026-06-10', site: 'colon', stage: 'III', intent: 'curative' },
  preoperativeColonoscopy: 'complete',
};

/** The systems of a hospital, and what became of what they sent. */
export function hospitalSystems(app: () => TestApp) {
  let [messages, patients] = [0, 0];

  async function send(
    type: string,
    segments: readonly string[],
    { sender = 'RIS', controlId, at = '20261110080000' }: Sent = {},
  ) {
    const id = controlId ?? `MAP${++messages}`;
    const head = `MSH|^~\\&|${sender}|SLZL|NEDWATCH|SLZL|${at}||${type}|${id}|P|2.4|||||CHN|UNICODE UTF-8`;
    const payload = [head, ...segments].join('\r') + '\r';
    const { status, body } = await app().request('POST', '/hl7v2', { headers: ER7, payload });
    const [, msa = '', err = ''] = (body as string).split('\r');
    const [, code, , text] = msa.split('|');
    const [message] = (await app().get(`/hl7v2-messages?controlId=${id}`)).body.items;
    return { status, code, text, err, id: message?.id as string, outcome: message?.outcome };
  }

  /** Resected in the summer, so that CT and colonoscopy are ahead. */
  async function patient(facts: object = {}): Promise<{ id: string; mrn: string }> {
    const mrn = `MAPPED${++patients}`;
    const { body } = await app().post('/patients', {
      ...{ mrn, name: '王建国', sex: 'male', birthDate: '1958-11-06' },
      ...{ diagnosisDate: '2026-06-01', enrolledOn: '2026-06-10', ...facts },
    });
    await app().post(`/patients/${body.id as string}/events`, RESECTION);
    return { id: body.id as string, mrn };
  }

  const itemsOf = async (id: string) => (await app().get(`/patients/${id}/schedule`)).body.items as Item[];
  return {
    ...{ send, patient, itemsOf },
    nextCt: async (id: string) =>
      (await itemsOf(id)).find(
        (one) => one.activity === 'ct_chest_abdomen_pelvis' && one.status !== 'completed',
      )!,
    eventsOf: async (id: string, type = 'exam') =>
      (await app().get(`/patients/${id}/events`)).body.items.filter(
        (one: { type: string; voidedAt: string | null }) => one.type === type && one.voidedAt === null,
      ),
    inboxOf: async (id: string, state = 'open') =>
      (await app().get(`/inbox?patientId=${id}&state=${state}`)).body.items,
    appointmentsOf: async (id: string) => (await app().get(`/patients/${id}/appointments`)).body.items,
  };
}
