import { mayCall, OPEN_CALLS, RIGHTS } from '../../src/tenancy/rights.js';

export const HOSTILE_ROLES = ['nurse', 'head_nurse', 'integration'] as const;
export type HostileCaller = (typeof HOSTILE_ROLES)[number] | 'anonymous';

export interface HostileRequest {
  readonly method: string;
  /** Counts from the root of the server. */
  readonly path: string;
  readonly body?: string | Buffer | FormData | URLSearchParams;
  /** Of a text or bytes; JSON where it is not named. */
  readonly type?: string;
}

/** One kind of call with the worst known input. `n` differs for each request. */
export interface HostileCall {
  readonly call: string;
  readonly input: string;
  readonly callers: readonly HostileCaller[];
  readonly request: (n: number) => HostileRequest;
}

/** The objects of the hostile hospital that the calls name. */
export interface HostileGround {
  readonly patientId: string;
  readonly itemId: string;
  readonly endpointId: string;
}

const API = '/api/v1';
const MEGABYTE = 1_000_000;
const LIMIT = 500;
const DAY = '2026-10-01';
const AUTHOR = { author: 'Dr. Chen', reason: 'agreed' };

const json = (method: string, path: string, body: unknown): HostileRequest => ({
  ...{ method, path: `${API}${path}`, body: JSON.stringify(body) },
});

function upload(kind: string, text: string): FormData {
  const form = new FormData();
  form.set('kind', kind);
  form.set('dryRun', 'true');
  form.set('file', new Blob([text]), 'file.csv');
  return form;
}

/** About one megabyte of JSON: an object of many fields, none of them known. */
const MANY_FIELDS = JSON.stringify(
  Object.fromEntries(Array.from({ length: 50_000 }, (_, n) => [`field${n}`, n])),
);
/** Nested as deep as one megabyte allows. */
const DEEP = `${'['.repeat(MEGABYTE / 2)}${']'.repeat(MEGABYTE / 2)}`;
const RECURRENCES = [
  'mrn,type,date,site',
  ...Array.from({ length: 4000 }, () => `M1,recurrence,${DAY},liver`),
];
const EMPTY_ROWS = `mrn,name,sex,birth_date,diagnosis_date,primary_site\n${'x,,,,,\n'.repeat(2_500_000)}`;
const UNCLOSED = `mrn,type,date\n"${'a,b\n'.repeat(2_000_000)}`;

/** Calls whose worst input is neither the largest list nor the largest body. */
const WORST: Readonly<
  Record<string, (ground: HostileGround) => Readonly<Record<string, HostileCall['request']>>>
> = {
  'POST /imports': () => ({
    'recurrences of one day': () => ({ ...IMPORT, body: upload('events', RECURRENCES.join('\n')) }),
    'rows of empty cells': () => ({ ...IMPORT, body: upload('roster', EMPTY_ROWS) }),
    'a quote that nothing closes': () => ({ ...IMPORT, body: upload('events', UNCLOSED) }),
  }),
  'POST /patients/:id/preview': ({ patientId }) => ({
    'an interval of a week': () =>
      json('POST', `/patients/${patientId}/preview`, {
        decisions: [{ kind: 'interval', rule: 'ned_markers', phase: 0, every: 'P1W' }],
      }),
    'as many events and decisions as it takes': () =>
      json('POST', `/patients/${patientId}/preview`, {
        events: Array.from({ length: 100 }, (_, n) => ({
          ...{ type: 'exam', activity: 'tumour_markers', outcome: 'normal' },
          date: `20${20 + (n % 6)}-${String(1 + (n % 12)).padStart(2, '0')}-${String(1 + (n % 28)).padStart(2, '0')}`,
        })),
        decisions: Array.from({ length: 100 }, (_, n) => ({
          ...{
            kind: 'added_item',
            activity: 'colonoscopy',
            due: `2027-05-${String(1 + (n % 28)).padStart(2, '0')}`,
          },
        })),
      }),
    'more events than it takes': () =>
      json('POST', `/patients/${patientId}/preview`, {
        events: Array.from({ length: 5000 }, () => ({ type: 'recurrence', date: DAY, site: 'liver' })),
      }),
  }),
  'GET /patients/:id/comparison': ({ patientId }) => ({
    'every guideline, many times': () => ({
      ...{ method: 'GET' },
      path: `${API}/patients/${patientId}/comparison?guidelines=${'crlm-cn-2025,nhc-china-2023,asco-2013,'.repeat(100)}`,
    }),
  }),
  'GET /worklist': () => ({
    'one parameter a thousand times': () => ({
      ...{ method: 'GET', path: `${API}/worklist?${'status=overdue&'.repeat(1075)}limit=${LIMIT}` },
    }),
    'the longest page': () => ({ method: 'GET', path: `${API}/worklist?limit=${LIMIT}` }),
  }),
  'POST /plan-changes': () => ({
    'a new policy each time': (n) =>
      json('POST', '/plan-changes', { policy: { profile: n % 2 ? 'minimal' : 'intensive' }, ...AUTHOR }),
  }),
  'POST /patients': () => ({
    'a new patient each time': (n) =>
      json('POST', '/patients', {
        ...{ mrn: `H${process.pid}-${n}`, name: '张三', sex: 'male', birthDate: '1950-05-05' },
        ...{ diagnosisDate: '2019-12-20' },
      }),
  }),
  'POST /patients/:id/events': ({ patientId }) => ({
    'another recurrence of the same day': () =>
      json('POST', `/patients/${patientId}/events`, { type: 'recurrence', date: DAY, site: 'liver' }),
  }),
  'POST /patients/search': () => ({
    'a name that many have': () => json('POST', '/patients/search', { name: '张' }),
  }),
  'POST /sign-in': () => ({
    'wrong passwords': (n) =>
      json('POST', '/sign-in', {
        hospital: 'nedwatch',
        login: `l${n}`,
        password: 'x'.repeat(500),
        as: 'token',
      }),
  }),
  'POST /token': () => ({
    'forms of unknown machines': (n) => ({
      ...{ method: 'POST', path: `${API}/token` },
      body: new URLSearchParams({
        grant_type: 'client_credentials',
        client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
        client_assertion: unsigned(n),
        scope: 'system/Patient.rs '.repeat(200),
      }),
    }),
  }),
  'POST /cds-services/:service': ({ patientId }) => ({
    'a patient with a long history': () => ({
      ...{ method: 'POST', path: '/cds-services/surveillance' },
      body: JSON.stringify({
        ...{ hook: 'patient-view', hookInstance: 'x', context: { userId: 'x', patientId } },
      }),
    }),
    'as many numbers as it takes': (n) => ({
      ...{ method: 'POST', path: '/cds-services/surveillance' },
      body: JSON.stringify({
        ...{ hook: 'patient-view', hookInstance: 'x', context: { userId: 'x', patientId: 'x' } },
        prefetch: { patient: { resourceType: 'Patient', identifier: numbers(n) } },
      }),
    }),
  }),
  'POST /fhir': () => ({
    'a transaction of as many entries as it takes': (n) => ({
      ...{ method: 'POST', path: '/fhir', body: transactionOf(n) },
    }),
  }),
  'GET /fhir/ServiceRequest': () => ({
    'as many values and included resources as it takes': () => ({
      ...{ method: 'GET' },
      path: `/fhir/ServiceRequest?_count=200&_include=ServiceRequest:subject&status=${'active,'.repeat(99)}draft`,
    }),
  }),
  'POST /hl7v2': () => ({
    'a document of 4 MB': (n) => hl7(n, `OBX|1|ED|PDF||^application^pdf^Base64^${DOCUMENT}\r`),
    'as many segments as it takes': (n) => hl7(n, OBSERVATIONS),
  }),
  'GET /sso/:hospital/:provider/callback': () => ({
    'states that nobody was given': (n) => ({
      ...{ method: 'GET', path: `${API}/sso/nedwatch/none/callback?code=${n}&state=${'s'.repeat(2000)}` },
    }),
  }),
};
/** A little less than the largest message. */
const DOCUMENT = 'JVBERi0xLjcK'.repeat(320_000);
const OBSERVATIONS = 'OBX|1|NM|2039-6^CEA^LN||2.4|ng/mL|||||F\r'.repeat(1990);
const hl7 = (n: number, segments: string): HostileRequest => ({
  ...{ method: 'POST', path: `${API}/hl7v2`, type: 'x-application/hl7-v2+er7' },
  body: Buffer.from(
    `MSH|^~\\&|HIS|X|NEDWATCH|X|20261101||ORU^R01|${process.pid}-${n}|P|2.4\rPID|1||HOSTILE-1^^^X^MR\r` +
      `OBR|1||F${n}^LIS|TM^^LIS|||20261020\r${segments}`,
  ),
});
const ENTRIES = 1000;
/** Tumour markers of as many days, about the patient with a long history. */
function transactionOf(n: number): string {
  const subject = { reference: 'Patient?identifier=HOSTILE-1' };
  const code = { coding: [{ system: 'http://loinc.org', code: '2039-6' }] };
  const entry = Array.from({ length: ENTRIES }, (_, m) => ({
    request: { method: 'POST', url: 'Observation' },
    resource: {
      ...{ resourceType: 'Observation', status: 'final', code, subject },
      effectiveDateTime: new Date(Date.UTC(2022, 0, 1 + m)).toISOString().slice(0, 10),
      valueQuantity: { value: 1 + (n % 50) / 10, unit: 'ng/mL', code: 'ng/mL' },
    },
  }));
  return JSON.stringify({ resourceType: 'Bundle', type: 'transaction', entry });
}
const encoded = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
/** An assertion of an unknown machine. */
const unsigned = (n: number): string =>
  `${encoded({ alg: 'RS384', kid: 'x' })}.${encoded({ iss: crypto.randomUUID(), n, x: 'x'.repeat(4000) })}.${'x'.repeat(300)}`;
const numbers = (n: number): object[] =>
  Array.from({ length: 10 }, (_, m) => ({
    ...{ value: `${n}-${m}` },
    type: { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v2-0203', code: 'MR' }] },
  }));
const IMPORT = { method: 'POST', path: `${API}/imports` };

/** Calls that take the hostile hospital itself out of the attack. */
const NOT_MADE = /^(POST \/patients\/:id\/erase|DELETE |POST \/sign-out)/;

/** Every kind of call that these callers may make, each with its worst input. */
export function hostileCalls(ground: HostileGround): HostileCall[] {
  const allowed = Object.entries(RIGHTS)
    .filter(([call]) => !NOT_MADE.test(call))
    .map(([call, right]) => ({
      call,
      callers: HOSTILE_ROLES.filter((role) => mayCall({ kind: 'key', roles: [role], scopes: null }, right)),
    }))
    .filter(({ callers }) => callers.length > 0);
  const open = OPEN_CALLS.map((call) => ({ call, callers: ['anonymous'] as const }));
  const known = [...allowed, ...open].flatMap(({ call, callers }) =>
    Object.entries({
      ...WORST[call]?.(ground),
      ...(WORST[call] && call.startsWith('GET') ? {} : largest(call, ground)),
    }).map(([input, request]) => ({ call, input, callers, request })),
  );
  return [...known, ...outsideTheTable()];
}

/** The longest page of a list; for other calls, bodies of the largest size. */
function largest(call: string, ground: HostileGround): Readonly<Record<string, HostileCall['request']>> {
  const [method = '', template = ''] = call.split(' ');
  const path = `${/^\/(fhir|cds-services)\b/.test(template) ? '' : API}${pathOf(template, ground)}`;
  if (method === 'GET')
    return {
      'the longest page': () => ({ method, path: longestPage(path, template) }),
    };
  return {
    'many unknown fields': () => ({ method, path, body: MANY_FIELDS }),
    'a deep body': () => ({ method, path, body: DEEP }),
  };
}

const LISTS =
  /^\/(patients|worklist|plan-changes|audit-events|nurse-names|people|api-keys|sso-providers|webhook-endpoints|events)$|\/(events|schedule|decisions|consents|deliveries)$/;
/** FHIR has its own name for the length of a page, and its own longest one. */
const longestPage = (path: string, template: string): string => {
  if (isList(template)) return `${path}?limit=${LIMIT}`;
  return /^\/fhir\/\w+$/.test(template) ? `${path}?_count=200` : path;
};
const isList = (template: string): boolean => LISTS.test(template);

function pathOf(template: string, { patientId, itemId, endpointId }: HostileGround): string {
  const ids: Readonly<Record<string, string>> = {
    ...{ patients: patientId, Patient: patientId, items: itemId, 'webhook-endpoints': endpointId },
    ...{ guidelines: 'crlm-cn-2025', sso: 'nedwatch', nedwatch: 'none' },
  };
  const parts: string[] = [];
  for (const part of template.split('/'))
    parts.push(part.startsWith(':') ? (ids[parts.at(-1) ?? ''] ?? crypto.randomUUID()) : part);
  return parts.join('/');
}

function outsideTheTable(): HostileCall[] {
  const anonymously = (call: string, input: string, request: HostileCall['request']): HostileCall => ({
    ...{ call, input, request, callers: ['anonymous'] },
  });
  return [
    anonymously('GET /api/openapi.json', 'again and again', () => ({
      method: 'GET',
      path: '/api/openapi.json',
    })),
    ...['swagger-ui-init.js', 'swagger-ui-bundle.js'].map((name) =>
      anonymously(`GET /api/docs/${name}`, 'again and again', () => ({
        method: 'GET',
        path: `/api/docs/${name}`,
      })),
    ),
    anonymously('POST /nowhere', 'a deep body', () => ({ method: 'POST', path: '/nowhere', body: DEEP })),
    anonymously('GET /open/patient', 'unknown numbers', (n) => ({
      ...{ method: 'GET', path: `/open/patient?hospital=nedwatch&step=here&identifier=${n}` },
    })),
    anonymously('GET /metrics', 'again and again', () => ({ method: 'GET', path: '/metrics' })),
    anonymously('GET /health/ready', 'again and again', () => ({ method: 'GET', path: '/health/ready' })),
    anonymously('GET /worklist', 'without a credential', () => ({ method: 'GET', path: `${API}/worklist` })),
    anonymously('GET /nowhere', 'a long address', () => ({
      method: 'GET',
      path: `${API}/${'x/'.repeat(5000)}`,
    })),
  ];
}
