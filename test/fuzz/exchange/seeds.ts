import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { EXCHANGE_DATA } from '../../support/exchange-data.js';

/** What the fuzzer mutates: messages of HL7 v2, resources and Bundles of FHIR, and queries of searches. */
export interface Seeds {
  readonly messages: readonly Buffer[];
  readonly resources: readonly object[];
  readonly queries: readonly string[];
}

/** A larger sample is left out: a million of its copies would take hours. */
const MOST_BYTES = 6000;

const header = (type: string, version = '2.4', characters = 'UNICODE UTF-8'): string =>
  `MSH|^~\\&|HIS|SLZL|NEDWATCH|SLZL|20261101090000||${type}|M1|P|${version}||||||${characters}`;
const PID =
  'PID|1||P1^^^SLZL^MR~330102196011060011^^^^NI||王建国^^^^^^L||19581106|M|||\\E\\路\\X4142\\||13800000000';

const MESSAGES = [
  [header('ADT^A01'), PID, 'PV1|1|I|胃肠外科', 'DG1|1||C18.7^乙状结肠恶性肿瘤^ICD10||20260102'],
  [header('ADT^A08'), PID, 'PV1|1|O|门诊', 'PR1|1||45.76^乙状结肠切除^ICD9|手术|20260115||||||||||||OP1'],
  [
    header('ADT^A03', '2.5'),
    `${PID}||||||||||||||20261030|Y`,
    'PV1|1|I|||||||||||||||||V1|||||||||||||||||||||||||20261030',
  ],
  [header('ADT^A13'), PID, 'PV1|1|I'],
  [header('ADT^A40'), PID, 'MRG|P2^^^SLZL^MR', PID, 'MRG|P3^^^SLZL^MR'],
  [
    ...[
      header('ORU^R01'),
      PID,
      'OBR|1|PL1|F1^LIS|TM02^肿瘤标志物^LIS|||20261020071500|||||||||||||||20261020|||F',
    ],
    ...[
      'OBX|1|NM|CEA^癌胚抗原^LIS^2039-6^^LN||2.4|ng/mL|0-5.0|N|||F',
      'OBX|2|ST|CA199||>1000|U/mL|<37|H|||C|||20261020',
    ],
    ...['NTE|1||复查', 'OBX|3|SN|CA125||<^35|U/mL|||||F'],
  ],
  [
    ...[
      header('ORU^R01', '2.5.1'),
      PID,
      'OBR|1||F2^RIS|CT0312^腹部增强CT^RIS|||20261021|||||||||||||||20261022|||F',
    ],
    ...['OBX|1|TX|YYX||阳性||||||F', 'OBX|2|FT|YXJL||肝S6段结节\\.br\\考虑转移||||||F'],
  ],
  [
    ...[
      header('SIU^S12', '2.5'),
      'SCH|1^HIS|2^RIS|||||^检查||30|min|^^30^20261120090000^20261120093000|||||||||||||||Booked',
    ],
    ...[PID, 'AIS|1||CT0312^CT^RIS|20261120090000', 'AIL|1||影像科^3'],
  ],
  [
    'FHS|^~\\&|HIS|SLZL|NEDWATCH|SLZL||||||F1',
    'BHS|^~\\&|HIS|SLZL',
    header('ADT^A04'),
    PID,
    header('ADT^A31'),
    PID,
    'BTS|2',
    'FTS|1',
  ],
].map((lines) => Buffer.from(lines.map((line) => `${line}\r`).join('')));

const coded = (system: string, code: string): object => ({ coding: [{ system, code }], text: code });
const subject = { reference: 'urn:uuid:7a6f3c1e-0000-4000-8000-000000000001' };
const RESOURCES: readonly object[] = [
  {
    resourceType: 'Patient',
    meta: { source: 'urn:his' },
    identifier: [
      { type: coded('http://terminology.hl7.org/CodeSystem/v2-0203', 'MR'), system: 'urn:h', value: 'F1' },
    ],
    ...{ name: [{ use: 'official', text: '王建国' }], gender: 'male', birthDate: '1958-11-06' },
    telecom: [{ system: 'phone', use: 'mobile', value: '13800000000' }],
    deceasedDateTime: '2026-10-30T08:00:00+08:00',
  },
  {
    resourceType: 'Condition',
    code: coded('http://hl7.org/fhir/sid/icd-10', 'C18.7'),
    subject,
    onsetDateTime: '2026-01-02',
  },
  {
    ...{ resourceType: 'Procedure', status: 'completed', subject, performedPeriod: { start: '2026-01-15' } },
    code: coded('urn:nedwatch:event', 'primary_resection'),
    extension: [
      {
        url: 'urn:nedwatch:extension:event-field',
        extension: [
          { url: 'name', valueString: 'site' },
          { url: 'value', valueString: 'colon' },
        ],
      },
    ],
  },
  {
    ...{ resourceType: 'Observation', status: 'final', code: coded('http://loinc.org', '2039-6'), subject },
    effectiveDateTime: '2026-10-20T07:15:00+08:00',
    valueQuantity: {
      value: 2.4,
      comparator: '<',
      unit: 'ng/mL',
      system: 'http://unitsofmeasure.org',
      code: 'ng/mL',
    },
    referenceRange: [{ high: { value: 5, unit: 'ng/mL' } }],
  },
  {
    ...{ resourceType: 'DiagnosticReport', status: 'final', code: coded('urn:ris', 'CT0312'), subject },
    ...{ effectiveDateTime: '2026-10-21', issued: '2026-10-22T08:00:00Z', conclusion: '肝S6段结节' },
    result: [{ reference: '#o1' }],
    contained: [
      { resourceType: 'Observation', id: 'o1', status: 'final', code: { text: 'YYX' }, valueString: '阳性' },
    ],
  },
  {
    ...{
      resourceType: 'Appointment',
      status: 'booked',
      start: '2026-11-20T09:00:00+08:00',
      end: '2026-11-20T09:30:00+08:00',
    },
    participant: [{ actor: { reference: 'Patient/1' }, status: 'accepted' }],
    serviceType: [coded('urn:ris', 'CT0312')],
  },
];
const bundleOf = (type: string): object => ({
  ...{ resourceType: 'Bundle', type },
  entry: RESOURCES.map((resource, at) => ({
    ...(at === 0 && { fullUrl: subject.reference }),
    resource,
    request: { method: 'POST', url: (resource as { resourceType: string }).resourceType },
  })),
});

const QUERIES = [
  'patient=Patient/1&_count=50&date=ge2026-01-01&date=lt2027',
  'identifier=urn:h|F1&_include=ServiceRequest:patient&_format=json',
  'status=active,completed&code=http://loinc.org|2039-6,|x&_cursor=WyJhIiwiYiJd',
  'subject:Patient=1&occurrence=ap2026-11-01T09:00:00%2B08:00&based-on=CarePlan/a',
];

/** Our own samples, and those of other systems where they are there. */
export const SEEDS: Seeds = {
  messages: [...MESSAGES, ...foreign('hl7v2', /\.(hl7|er7)$/).map(({ bytes }) => bytes)],
  resources: [
    ...RESOURCES,
    ...['transaction', 'batch'].map(bundleOf),
    ...foreign('fhir-examples', /^(?!index|validator-cases).*\.json$/).flatMap(({ bytes }) =>
      resourceIn(bytes),
    ),
  ],
  queries: QUERIES,
};

function foreign(folder: string, names: RegExp): readonly { readonly bytes: Buffer }[] {
  const place = join(EXCHANGE_DATA, folder);
  if (!existsSync(place)) return [];
  return readdirSync(place)
    .filter((name) => names.test(name))
    .sort()
    .map((name) => ({ bytes: readFileSync(join(place, name)) }))
    .filter(({ bytes }) => bytes.length <= MOST_BYTES);
}

function resourceIn(bytes: Buffer): readonly object[] {
  const value: unknown = JSON.parse(bytes.toString());
  return typeof value === 'object' && value !== null ? [value] : [];
}
