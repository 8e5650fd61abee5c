import { generateKeyPairSync } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';

/** Sends one request with the campaign's key, and returns the body of the answer. */
export type Ask = (method: string, path: string, body?: unknown) => Promise<unknown>;

/** What a request needs instead of what was drawn. */
export interface Prepared {
  readonly path?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

type Preparation = (given: Givens) => Promise<Prepared>;

const JUDGED = { judgement: 'no_action', author: 'Dr. Fuzz' };
const OF_TWO = { reason: 'one identity card' };

const CLOSED = { kind: 'closure', name: '搬迁' };
const CLOSED_DAY = '/api/v1/work-calendar/days/2026-12-01';
const YEAR = { year: 2027, papers: [], days: [{ name: '元旦', date: '2027-01-01', isOffDay: true }] };
const GATEWAY = {
  url: 'http://127.0.0.1:9/send',
  headers: { authorization: 'Bearer gateway-secret' },
  body: '{"to":"{number}","content":"{text}","id":"{id}"}',
};
const MAPPING = {
  ...{ id: 'fuzz', version: '1.0.0', title: { zh: '对照表', en: 'mapping' }, uninterpreted: 'inbox' },
  patientNumber: { types: ['MR', 'PI'], otherwiseFirst: true },
  exams: [{ code: 'MR', activity: 'mri_liver' }],
};
const newClient = () => ({
  ...{ name: 'a machine', roles: ['integration'], scopes: ['patients:read'] },
  keySet: {
    keys: [
      {
        ...generateKeyPairSync('ec', { namedCurve: 'P-384' }).publicKey.export({ format: 'jwk' }),
        kid: 'first',
      },
    ],
  },
});
const REPLY = { from: '13700000001', text: '谢谢', at: '2026-10-30T08:00:00+08:00' };

/**
 * Calls whose objects have to fit each other: two records that agree, late items of one patient, an exam to be judged. Until
 * such a call has been reached, its requests are made with objects that were made for it.
 */
const PREPARATIONS: Readonly<Record<string, Preparation>> = {
  'POST /patients/{id}/merge': async (given) => {
    const [id, from] = [await given.patient(), await given.patient()];
    return { path: { id }, body: { from, ...OF_TWO } };
  },
  'POST /merges/{id}/undo': async (given) => {
    const [target, from] = [await given.patient(), await given.patient()];
    return { path: { id: await given.made(`/patients/${target}/merge`, { from, ...OF_TWO }) } };
  },
  'POST /patients/duplicates/dismissals': async (given) => ({
    body: { patientIds: [await given.patient(), await given.patient()] },
  }),
  'POST /api-clients': () => Promise.resolve({ body: newClient() }),
  'POST /cds-services/{service}': async (given) => ({
    path: { service: 'surveillance' },
    body: {
      ...{ hook: 'patient-view', hookInstance: 'fuzz' },
      context: { userId: 'Practitioner/1', patientId: await given.patient() },
    },
  }),
  'POST /handovers': async (given) => ({ body: await given.handover() }),
  'DELETE /handovers/{id}': async (given) => ({
    path: { id: await given.made('/handovers', await given.handover()) },
  }),
  'POST /appointments': async (given) => ({ body: await given.booking() }),
  'GET /appointments/{id}': async (given) => ({ path: { id: await given.appointment() } }),
  'PATCH /appointments/{id}': async (given) => ({
    ...{ path: { id: await given.appointment() }, body: { room: 'CT 2' } },
  }),
  'POST /appointments/{id}/outcome': async (given) => ({
    ...{ path: { id: await given.appointment() }, body: { outcome: 'cancelled_by_patient' } },
  }),
  'POST /items/{id}/reopen': async (given) => ({ path: { id: await given.deferredItem() }, body: {} }),
  'POST /items/{id}/undo': async (given) => ({ path: { id: await given.deferredItem() } }),
  'POST /results/{id}/seen': async (given) => ({
    ...{ path: { id: await given.exam() }, body: { author: 'Dr. Fuzz' } },
  }),
  'POST /reviews/{id}/preview': async (given) => ({ path: { id: await given.exam() }, body: JUDGED }),
  'POST /reviews/{id}/judgement': async (given) => ({ path: { id: await given.exam() }, body: JUDGED }),
  'POST /reviews/{id}/undo': async (given) => {
    const id = await given.exam();
    await given.ask('POST', `/api/v1/reviews/${id}/judgement`, JUDGED);
    return { path: { id }, body: { author: 'Dr. Fuzz' } };
  },
  'PUT /work-calendar/days/{date}': () => Promise.resolve({ path: { date: '2026-12-01' }, body: CLOSED }),
  'DELETE /work-calendar/days/{date}': async ({ ask }) => {
    await ask('PUT', CLOSED_DAY, CLOSED);
    return { path: { date: '2026-12-01' } };
  },
  'POST /work-calendar/imports': () => Promise.resolve({ body: YEAR }),
  'GET /calendar/{token}.ics': async ({ ask }) => {
    const { token = '' } = (await ask('POST', '/api/v1/calendar-feeds', { department: '肝胆外科' })) as {
      token?: string;
    };
    return { path: { token } };
  },
  'PUT /message-templates/{occasion}/{lang}': () =>
    Promise.resolve({ path: { occasion: 'overdue', lang: 'en' }, body: { text: 'Please call {phone}.' } }),
  'PUT /message-gateway': () => Promise.resolve({ body: GATEWAY }),
  'GET /message-gateway': async ({ ask }) => {
    await ask('PUT', '/api/v1/message-gateway', GATEWAY);
    return {};
  },
  'POST /patient-messages/replies': () => Promise.resolve({ body: REPLY }),
  'POST /patient-messages/replies/{id}/seen': async (given) => {
    await given.ask('PATCH', `/api/v1/patients/${await given.patient()}`, { phone: REPLY.from });
    return { path: { id: await given.made('/patient-messages/replies', REPLY) } };
  },
  'POST /guidelines/comparison': () =>
    Promise.resolve({
      body: {
        ...{ birthDate: '1958-05-05', diagnosisDate: '2025-01-20' },
        ...{ events: [], guidelines: ['crlm-cn-2025'] },
      },
    }),
  'POST /plan-changes/{id}/discard': async (given) => ({ path: { id: await given.planChange() } }),
  'GET /hl7v2-messages/{id}': async (given) => ({ path: { id: await given.hl7Message() } }),
  'POST /hl7v2-senders': (given) => Promise.resolve({ body: given.hl7Sender() }),
  'PATCH /hl7v2-senders/{id}': async (given) => ({
    ...{ path: { id: await given.made('/hl7v2-senders', given.hl7Sender()) }, body: { disabled: true } },
  }),
  'POST /hl7v2-messages/{id}/replay': async (given) => ({ path: { id: await given.hl7Message() } }),
  'POST /hl7v2-messages/{id}/void': async (given) => ({
    ...{ path: { id: await given.appliedMessage() }, body: { reason: 'wrong patient' } },
  }),
  'POST /mappings': () => Promise.resolve({ body: MAPPING }),
  'POST /mappings/check': () => Promise.resolve({ body: MAPPING }),
  'POST /mappings/trial': () => Promise.resolve({ body: { mapping: MAPPING, limit: 5 } }),
  'GET /mappings/{id}/{version}': () => Promise.resolve({ path: { id: 'built-in', version: '1.0.0' } }),
  'PUT /mapping-in-force': () => Promise.resolve({ body: { id: 'built-in', version: '1.0.0' } }),
  'GET /inbox/{id}': async (given) => ({ path: { id: await given.inboxEntry() } }),
  'POST /inbox/{id}/enter': async (given) => ({
    path: { id: await given.inboxEntry() },
    body: { event: { type: 'exam', activity: 'mri_liver', date: '2026-10-20', outcome: 'normal' } },
  }),
  'POST /inbox/{id}/dismiss': async (given) => ({
    ...{ path: { id: await given.inboxEntry() }, body: { reason: 'another patient' } },
  }),
  'POST /webhook-endpoints/{id}/acknowledgements': async (given) => ({
    ...{ path: { id: await given.endpointWithMessages() }, body: { through: 1 } },
  }),
};

/** Makes objects that fit each other. */
export class Givens {
  private count = 0;

  constructor(
    readonly ask: Ask,
    private readonly receiver: string,
  ) {}

  /** What the call needs; undefined: nothing that could not be drawn. */
  for(call: string): Promise<Prepared> | undefined {
    return PREPARATIONS[call]?.(this);
  }

  async made(path: string, body: unknown = {}): Promise<string> {
    const { id } = (await this.ask('POST', `/api/v1${path}`, body)) as { id?: string };
    return id ?? '';
  }

  /** In follow-up since the January of the campaign's year, so that some items are late. */
  async patient(): Promise<string> {
    const id = await this.made('/patients', {
      ...{ mrn: `P${++this.count}`, name: '李敏', sex: 'female', birthDate: '1960-05-05' },
      ...{ diagnosisDate: '2026-01-02', enrolledOn: '2026-01-15' },
    });
    await this.made(`/patients/${id}/events`, {
      ...{ type: 'primary_resection', date: '2026-01-15', site: 'colon', stage: 'III', intent: 'curative' },
      preoperativeColonoscopy: 'complete',
    });
    return id;
  }

  async booking(): Promise<{ patientId: string; itemIds: string[]; date: string }> {
    const patientId = await this.patient();
    const { items = [] } = (await this.ask('GET', `/api/v1/patients/${patientId}/schedule`)) as {
      items?: { id: string; status: string }[];
    };
    const late = items.find(({ status }) => status === 'overdue');
    return { patientId, itemIds: late ? [late.id] : [], date: '2026-11-20' };
  }

  async appointment(): Promise<string> {
    return this.made('/appointments', await this.booking());
  }

  async deferredItem(): Promise<string> {
    const [id = ''] = (await this.booking()).itemIds;
    await this.ask('POST', `/api/v1/items/${id}/defer`, { until: '2026-12-01', reason: 'away' });
    return id;
  }

  /** An exam with a value above the limit, which was neither seen nor judged. */
  async exam(): Promise<string> {
    return this.made(`/patients/${await this.patient()}/events`, {
      ...{ type: 'exam', date: '2026-10-30', activity: 'tumour_markers' },
      values: [{ code: 'CEA', value: 8, unit: 'ng/mL' }],
    });
  }

  async handover(): Promise<object> {
    const person = () => {
      const login = `fuzz.handover.${++this.count}`;
      return this.made('/people', { login, name: login, roles: ['nurse'] });
    };
    return { from: await person(), to: await person(), firstDay: '2026-12-01', lastDay: '2026-12-05' };
  }

  hl7Sender(): object {
    return { name: 'HIS', facility: `FUZZ ${++this.count}`, addresses: ['10.1.2.3'] };
  }

  /** One that was received before; none yet: an empty id. */
  async hl7Message(): Promise<string> {
    const { items = [] } = (await this.ask('GET', '/api/v1/hl7v2-messages')) as { items?: { id: string }[] };
    return items[0]?.id ?? '';
  }

  /** A message of the laboratory that recorded an exam. */
  async appliedMessage(): Promise<string> {
    return this.report('TM', 'OBX|1|NM|2039-6^CEA^LN||2.4|ng/mL|||||F');
  }

  /** A report that no rule interprets. */
  async inboxEntry(): Promise<string> {
    await this.ask('POST', '/api/v1/mappings', MAPPING);
    await this.ask('PUT', '/api/v1/mapping-in-force', { id: MAPPING.id, version: MAPPING.version });
    await this.report('MR', 'OBX|1|TX|TEXT^结论||未见异常||||||F');
    const { items = [] } = (await this.ask('GET', '/api/v1/inbox?state=open')) as {
      items?: { id: string }[];
    };
    return items[0]?.id ?? '';
  }

  /** A report about a patient; returns the id of the message. */
  private async report(code: string, observation: string): Promise<string> {
    await this.patient();
    const controlId = `G${this.count}`;
    const lines = [
      `MSH|^~\\&|LIS|WARD|||20261101||ORU^R01|${controlId}|P|2.4`,
      `PID|1||P${this.count}^^^WARD^MR`,
      `OBR|1||${controlId}|${code}|||20261020`,
      observation,
    ];
    await this.ask('POST', '/api/v1/hl7v2', lines.join('\r'));
    const found = (await this.ask('GET', `/api/v1/hl7v2-messages?controlId=${controlId}`)) as {
      items?: { id: string }[];
    };
    return found.items?.[0]?.id ?? '';
  }

  /** A change of the policy whose preview is complete. */
  async planChange(): Promise<string> {
    const change = { policy: { profile: 'minimal' }, author: 'Dr. Fuzz', reason: 'agreed' };
    const id = await this.made('/plan-changes', change);
    for (let waited = 0; waited < 40; waited++) {
      const { state } = (await this.ask('GET', `/api/v1/plan-changes/${id}`)) as { state?: string };
      if (state !== 'previewing') break;
      await wait(250);
    }
    return id;
  }

  /** An endpoint to which a numbered message was sent. */
  async endpointWithMessages(): Promise<string> {
    const id = await this.made('/webhook-endpoints', { url: this.receiver, eventTypes: ['*'] });
    await this.patient();
    for (let waited = 0; waited < 40; waited++) {
      const { items = [] } = (await this.ask('GET', `/api/v1/webhook-endpoints/${id}/deliveries`)) as {
        items?: { state: string }[];
      };
      if (items.some(({ state }) => state === 'delivered')) break;
      await wait(250);
    }
    return id;
  }
}
