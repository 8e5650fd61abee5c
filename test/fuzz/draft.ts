import fc from 'fast-check';
import type { OpenAPIObject } from '@nestjs/swagger';
import { PASSWORD, RESIDENT } from './visitor.js';
import { ownProtocol } from '../support/own-protocol.js';
import { day, type Hints, pick, type Schema, SchemaArbitrary, seldom } from './schema-arbitrary.js';

/** One call of the document. */
export interface Operation {
  readonly method: string;
  readonly template: string;
  readonly name: string;
  readonly parameters: readonly { name: string; in: string; required?: boolean; schema: Schema }[];
  readonly body: { readonly mediaType: string; readonly schema: Schema } | undefined;
}

/** A request before it is encoded; mutations change it. */
export interface Draft {
  method: string;
  readonly operation: Operation;
  path: Record<string, unknown>;
  query: [name: string, value: unknown][];
  headers: Record<string, string>;
  /** JSON where there is no `raw`. */
  body: unknown;
  raw: Buffer | undefined;
}

export function operationsOf(document: OpenAPIObject): Operation[] {
  return Object.entries(document.paths).flatMap(([template, methods]) =>
    Object.entries(methods as Record<string, Record<string, never>>).map(([method, operation]) => {
      const content = (operation as { requestBody?: { content: Record<string, { schema: Schema }> } })
        .requestBody?.content;
      const [mediaType, { schema }] = Object.entries(content ?? {})[0] ?? ['', { schema: {} }];
      return {
        method: method.toUpperCase(),
        template,
        name: `${method.toUpperCase()} ${template.replace('/api/v1', '')}`,
        parameters: (operation as { parameters?: Operation['parameters'] }).parameters ?? [],
        body: content && { mediaType, schema },
      };
    }),
  );
}

/** The object in a path parameter: the collection before it. */
export function kindOfParameter(template: string, name: string): string {
  const parts = template.split('/');
  const collection = parts[parts.indexOf(`{${name}}`) - 1] ?? '';
  return IDS_OF[collection] ?? collection;
}

/** Collections whose ids are those of another. */
const IDS_OF: Readonly<Record<string, string>> = { owners: 'people', results: 'events', reviews: 'events' };

const guideline = fc.constantFrom(
  ...['crlm-cn-2025', 'crlm-cn-2025@1.0.0', 'nhc-china-2023', 'asco-2013', 'no'],
  ...['ward-protocol@1.0.0', 'ward-protocol@1.1.0'],
);

// A file drawn from the schema alone never makes sense as a whole.
const protocolFile = fc
  .tuple(fc.constantFrom('P2W', 'P1M', 'P6W'), fc.constantFrom('1.0.0', '1.1.0', '2.0.0'))
  .map(([every, version]) => ownProtocol(every, { version }));

// Drawn from the schema alone, nearly every value would be refused, and with it the event.
const measured = fc.record(
  {
    code: fc.constantFrom('CEA', 'CA19-9', 'ca199', 'AFP'),
    value: fc.oneof(
      fc.constantFrom('<2', '＜0.5', '12.7↑', '3,2', '>1000'),
      fc.double({ min: 0.1, max: 50 }),
    ),
    unit: fc.constantFrom('ng/mL', 'U/mL', 'kU/L', 'μg/L'),
    referenceLimit: fc.constantFrom(4.7, 34, 1e300),
    comparator: fc.constantFrom('<', '>='),
  },
  { requiredKeys: ['code', 'value', 'unit'] },
);

const hints = (rules: readonly string[], receiver: string): Hints => ({
  '*': fc.constantFrom(...rules, 'constructor', 'toString'),
  rule: fc.constantFrom(...rules),
  guideline,
  guidelines: fc.array(guideline, { minLength: 1, maxLength: 4 }).map((names) => names.join(',')),
  url: fc.constantFrom(receiver, `${receiver}?a=1`, 'http://127.0.0.1:9/', 'http://[::1]:9/hook'),
  since: day(2026, 2026).map((date) => `${date}T00:00:00Z`),
  mrn: fc.oneof(pick('mrn'), fc.stringMatching(/^F[0-9]{1,9}$/)),
  activity: fc.constantFrom('colonoscopy', 'tumour_markers', 'ct_abdomen_pelvis', 'mri_liver', 'anything'),
  phone: fc.constantFrom('13812345678', '+86 138 1234 5678', '010-62345678'),
  birthDate: day(1930, 1975),
  diagnosisDate: day(2015, 2026),
  enrolledOn: day(2015, 2026),
  date: day(2018, 2026),
  due: day(2026, 2030),
  contactedOn: day(2024, 2026),
  nextActionOn: fc.constantFrom('2026-11-10', '2027-01-02', '2028-01-01'),
  number: fc.constantFrom('13812345678', '0571-87654321', '13800000001/13800000002'),
  ladder: fc.constantFrom([{ channel: 'telephone', attempts: 2 }], [{ channel: 'letter', attempts: 0 }]),
  preparation: fc.constantFrom(
    {},
    { mri_liver: { zh: '空腹', en: 'Fast' } },
    { none: { zh: '无', en: 'No' } },
  ),
  patientId: pick('patients'),
  relativeId: pick('relatives'),
  eventId: pick('events'),
  itemId: pick('items'),
  webhookId: fc.oneof(pick('deliveries'), fc.string()),
  void: fc.array(pick('events'), { maxLength: 2 }),
  status: fc.constantFrom('overdue', 'due,upcoming', 'completed', 'missed'),
  hospital: fc.constantFrom('nedwatch', 'nowhere'),
  login: fc.oneof(fc.constant(RESIDENT), fc.stringMatching(/^f[a-z0-9]{1,9}$/)),
  password: fc.constant(PASSWORD),
  newPassword: fc.constant(PASSWORD),
  every: fc.constantFrom('P3M', 'P4M', 'P6M', 'P1Y', 'P6W'),
  until: fc.constantFrom('P2Y', 'P5Y', 'P30M'),
  values: fc.array(measured, { maxLength: 2 }),
  referenceLimits: fc.constantFrom({ CEA: 4.7 }, { CEA: null, 'CA19-9': 34 }, { CEA: 500 }, { AFP: 1 }),
});

/** Requests that the document allows, for each of its calls. */
export function drafts(
  document: OpenAPIObject,
  rules: readonly string[],
  receiver: string,
): Map<Operation, fc.Arbitrary<Draft>> {
  const schemas = new SchemaArbitrary(document, hints(rules, receiver));
  return new Map(operationsOf(document).map((operation) => [operation, draftOf(operation, schemas)]));
}

function draftOf(operation: Operation, schemas: SchemaArbitrary): fc.Arbitrary<Draft> {
  const { method, template, parameters, body } = operation;
  const path = parameters
    .filter((parameter) => parameter.in === 'path')
    .map(({ name }) => [name, pick(kindOfParameter(template, name))] as const);
  const query = parameters
    .filter((parameter) => parameter.in === 'query')
    .map(({ name, required, schema }) => {
      const value = name === 'cursor' ? pick(`cursor ${template}`) : schemas.of(schema, name);
      return (required === true ? value : seldom(value)).map((one): [string, unknown] => [name, one]);
    });
  const isForm = body?.mediaType === 'multipart/form-data';
  const isText = body?.mediaType === ER7;
  return fc
    .record({
      path: fc.record(Object.fromEntries(path)),
      query: fc.tuple(...query),
      body: bodyOf(operation, schemas),
      idempotencyKey: seldom(fc.stringMatching(/^k[0-9]{1,2}$/)),
    })
    .map(({ path: names, query: asked, body: sent, idempotencyKey }) => ({
      ...{ method, operation, path: names, body: isForm ? undefined : sent },
      query: asked.filter(([, value]) => value !== undefined),
      headers: {
        ...(body && {
          'content-type': isForm ? `multipart/form-data; boundary=${BOUNDARY}` : body.mediaType,
        }),
        ...(idempotencyKey !== undefined && { 'idempotency-key': idempotencyKey }),
      },
      raw: isForm ? (sent as Buffer) : isText ? Buffer.from(String(sent)) : undefined,
    }));
}

function bodyOf({ name, body }: Operation, schemas: SchemaArbitrary): fc.Arbitrary<unknown> {
  if (body === undefined) return fc.constant(undefined);
  if (body.mediaType === 'multipart/form-data') return form;
  const drawn = schemas.of(body.schema);
  const sensible = SENSIBLE[name];
  return sensible === undefined
    ? drawn
    : fc.oneof({ weight: 3, arbitrary: sensible }, { weight: 1, arbitrary: drawn });
}

const ER7 = 'x-application/hl7-v2+er7';

/** Updates of a person, whole or cut somewhere. */
const hl7Message = fc
  .tuple(
    fc.integer({ min: 1, max: 40 }),
    fc.constantFrom('ADT^A08', 'ADT^A40', 'ORU^R01', 'SIU^S12'),
    fc.nat(300),
  )
  .map(([id, type, cut]) => {
    const head = `MSH|^~\\&|HIS|WARD|||20261101||${type}|F${id}|P|2.4`;
    const lines = [
      head,
      `PID|1||P${id}^^^WARD^MR||王建国`,
      'OBR|1||R1|TM|||20261030',
      'OBX|1|NM|2039-6^^LN||3|ng/mL',
    ];
    const whole = lines.join('\r');
    return cut < 150 ? whole.slice(0, cut) : whole;
  });

/** Bodies whose fields have to fit each other. Drawn from the schema alone, nearly every one would be refused. */
const SENSIBLE: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
  'POST /guidelines': protocolFile,
  'POST /hl7v2': hl7Message,
  'POST /patients/duplicates/dismissals': fc.record({
    patientIds: fc.tuple(pick('patients'), pick('patients')),
  }),
  'POST /patients/{id}/merge': fc.record({ from: pick('patients'), reason: fc.constant('one person') }),
  'POST /handovers': fc.record({
    ...{ from: pick('people'), to: pick('people') },
    ...{ firstDay: day(2026, 2026).map((date) => `2026-12-${date.slice(8)}`) },
    lastDay: fc.constantFrom('2026-12-31', '2027-01-31'),
  }),
  'POST /items/{id}/defer': fc.record({
    until: fc.constantFrom('2026-11-20', '2027-02-01', '2028-06-01'),
    reason: fc.constantFrom('away', 'ill', 'the harvest'),
  }),
  'POST /items/{id}/contraindicate': fc.record({ reason: fc.constantFrom('poor_condition', 'a pacemaker') }),
  'POST /items/{id}/decline': fc.record({ reason: fc.constantFrom('feels_well', 'too far') }),
  'POST /items/{id}/complete': fc.record({
    date: fc.constantFrom('2026-10-01', '2026-10-20', '2026-11-01'),
    outcome: fc.constantFrom('normal', 'suspicious'),
  }),
  'POST /calls': fc.record({
    ...{ patientId: pick('patients'), channel: fc.constantFrom('telephone', 'wechat') },
    outcome: fc.constantFrom('reached', 'no_answer'),
  }),
};

const BOUNDARY = 'fuzz-boundary-7f3a';

const roster = fc
  .array(
    fc.tuple(
      fc.nat(9999),
      fc.constantFrom('male', 'female', 'x'),
      day(1930, 1975),
      day(2015, 2026),
      fc.constantFrom('I', 'II', 'III', 'IV', ''),
    ),
    { maxLength: 4 },
  )
  .map((rows) =>
    [
      'mrn,name,sex,birth_date,diagnosis_date,primary_site,stage,resection_date,preoperative_colonoscopy,lynch,phone,responsible_nurse',
      ...rows.map(([n, sex, birth, diagnosis, stage]) =>
        [
          `R${n}`,
          '张三',
          sex,
          birth,
          diagnosis,
          'colon',
          stage,
          diagnosis,
          'complete',
          'no',
          '1',
          'li',
        ].join(),
      ),
    ].join('\n'),
  );
const events = fc
  .array(fc.tuple(fc.nat(9999), fc.constantFrom('recurrence', 'death', 'liver_ned', 'x'), day(2016, 2026)), {
    maxLength: 4,
  })
  .map((rows) =>
    ['mrn,type,date,site', ...rows.map(([n, type, date]) => `R${n},${type},${date},`)].join('\n'),
  );
const junk = fc.oneof(
  fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
  fc.string({ unit: 'binary' }).map((text) => Buffer.from(text)),
  fc
    .constantFrom('', '\ufeff', 'mrn\n', '"', 'PK\u0003\u0004xlsx', 'mrn,type,date\n"a,b')
    .map((t) => Buffer.from(t)),
);

/** A form with a file, as multipart/form-data. */
const form: fc.Arbitrary<Buffer> = fc
  .record({
    kind: fc.constantFrom('roster', 'events'),
    file: fc.oneof({ weight: 3, arbitrary: fc.tuple(roster, events) }, { weight: 1, arbitrary: junk }),
    dryRun: fc.constantFrom('true', 'false', undefined),
    acceptGood: fc.constantFrom('true', 'false', undefined),
  })
  .map(({ kind, file, ...flags }) => {
    const content = Buffer.isBuffer(file) ? file : Buffer.from(file[kind === 'roster' ? 0 : 1]);
    const field = (name: string, value: string): string =>
      `--${BOUNDARY}\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;
    const set = Object.entries({ kind, ...flags }).filter(([, value]) => value !== undefined);
    return Buffer.concat([
      Buffer.from(set.map(([name, value]) => field(name, value!)).join('')),
      Buffer.from(`--${BOUNDARY}\r\ncontent-disposition: form-data; name="file"; filename="f.csv"\r\n\r\n`),
      content,
      Buffer.from(`\r\n--${BOUNDARY}--\r\n`),
    ]);
  });
