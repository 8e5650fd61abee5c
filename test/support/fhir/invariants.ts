import { DateTime } from 'luxon';

type Json = Readonly<Record<string, unknown>>;

const text = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

const list = (value: unknown): readonly Json[] => (Array.isArray(value) ? (value as Json[]) : []);
const has = (value: Json, ...names: readonly string[]): boolean =>
  names.some((name) => value[name] !== undefined);
const codesOf = (concept: unknown): unknown[] =>
  list((concept as Json | undefined)?.['coding']).map(({ code }) => code);

type Rule = readonly [key: string, holds: (value: Json) => boolean];

/** Invariants of resources (HL7 FHIR R4; the key is the specification's). */
const OF_RESOURCES: Readonly<Record<string, readonly Rule[]>> = {
  CarePlan: [
    [
      'cpl-3',
      ({ activity }) => list(activity).every((one) => !(has(one, 'detail') && has(one, 'reference'))),
    ],
  ],
  Appointment: [
    ['app-2', (one) => has(one, 'start') === has(one, 'end')],
    [
      'app-3',
      (one) =>
        (has(one, 'start') && has(one, 'end')) ||
        ['proposed', 'cancelled', 'waitlist'].includes(text(one['status'])),
    ],
    [
      'app-4',
      (one) => !has(one, 'cancelationReason') || ['cancelled', 'noshow'].includes(text(one['status'])),
    ],
    ['app-1', ({ participant }) => list(participant).every((one) => has(one, 'type', 'actor'))],
  ],
  Condition: [
    [
      'con-5',
      (one) =>
        !(codesOf(one['verificationStatus']).includes('entered-in-error') && has(one, 'clinicalStatus')),
    ],
    ['con-1', ({ stage }) => list(stage).every((one) => has(one, 'summary', 'assessment'))],
    [
      'con-4',
      (one) =>
        !Object.keys(one).some((name) => name.startsWith('abatement')) ||
        codesOf(one['clinicalStatus']).some((code) =>
          ['resolved', 'remission', 'inactive'].includes(text(code)),
        ),
    ],
  ],
  Observation: [
    ['obs-3', ({ referenceRange }) => list(referenceRange).every((one) => has(one, 'low', 'high', 'text'))],
    [
      'obs-6',
      (one) => !has(one, 'dataAbsentReason') || !Object.keys(one).some((name) => name.startsWith('value')),
    ],
  ],
  Consent: [
    ['ppc-1', (one) => has(one, 'policy', 'policyRule')],
    ['ppc-2', (one) => has(one, 'patient') || !codesOf(one['scope']).includes('patient-privacy')],
  ],
  Task: [
    [
      'inv-1',
      (one) =>
        !has(one, 'authoredOn') ||
        !has(one, 'lastModified') ||
        text(one['lastModified']) >= text(one['authoredOn']),
    ],
  ],
  PlanDefinition: [['pdf-0', isNamed]],
  ActivityDefinition: [['adf-0', isNamed]],
  OperationOutcome: [['issue', ({ issue }) => list(issue).length > 0]],
  RiskAssessment: [
    [
      'ras-2',
      ({ prediction }) => list(prediction).every((one) => Number(one['probabilityDecimal'] ?? 0) <= 100),
    ],
  ],
  Questionnaire: [['que-12', ({ item }) => list(item).every(hasBehaviour)]],
  CodeSystem: [
    [
      'count',
      ({ content, count, concept }) =>
        content !== 'complete' || count === undefined || count === conceptsIn(list(concept)),
    ],
  ],
  Patient: [
    [
      'pat-1',
      ({ contact }) => list(contact).every((one) => has(one, 'name', 'telecom', 'address', 'organization')),
    ],
  ],
};

function isNamed({ name }: Json): boolean {
  return name === undefined || /^[A-Z][A-Za-z0-9_]{0,254}$/.test(text(name));
}

const hasBehaviour = (item: Json): boolean =>
  (list(item['enableWhen']).length < 2 || has(item, 'enableBehavior')) &&
  list(item['item']).every(hasBehaviour);

const conceptsIn = (concepts: readonly Json[]): number =>
  concepts.reduce((sum, { concept }) => sum + 1 + conceptsIn(list(concept)), 0);

/** Invariants of data types. */
const OF_TYPES: Readonly<Record<string, readonly Rule[]>> = {
  Period: [
    [
      'per-1',
      ({ start, end }) => start === undefined || end === undefined || startsBefore(text(start), text(end)),
    ],
  ],
  Extension: [
    [
      'ext-1',
      (one) => list(one['extension']).length > 0 !== Object.keys(one).some((name) => /^_?value/.test(name)),
    ],
    ['url', ({ url }) => !text(url).includes('|')],
  ],
  Attachment: [
    ['att-1', (one) => !has(one, 'data') || has(one, 'contentType')],
    [
      'size',
      ({ data, size }) =>
        size === undefined || data === undefined || Buffer.from(text(data), 'base64').length === size,
    ],
  ],
  Quantity: [['qty-3', (one) => !has(one, 'code') || has(one, 'system')]],
  ContactPoint: [['cpt-2', (one) => !has(one, 'value') || has(one, 'system')]],
  Reference: [
    [
      'ref',
      ({ reference }) =>
        reference === undefined || /^(#.*|[A-Za-z]+:.+|[A-Z]\w+\/.+|[A-Z]\w+\?.+)$/.test(text(reference)),
    ],
  ],
  Narrative: [['txt-1', ({ div }) => isBasicHtml(text(div))]],
};

/** Dates are compared as far as both go. Of a day and a time on it neither is before the other, so the invariant does not hold. */
function startsBefore(start: string, end: string): boolean {
  const [from, to] = [start.slice(0, 10), end.slice(0, 10)];
  if (start.includes('T') && end.includes('T')) return DateTime.fromISO(start) <= DateTime.fromISO(end);
  if (start.includes('T') !== end.includes('T') && from === to) return false;
  return from.slice(0, to.length) <= to.slice(0, from.length);
}

const HTML_ELEMENTS = new Set(
  (
    'a abbr acronym address b bdo big blockquote br caption cite code col colgroup dd dfn div dl dt em h1 h2 h3 h4 h5 h6 hr i img ' +
    'li ol p pre q samp small span strong sub sup table tbody td tfoot th thead tr tt ul var kbd del ins'
  ).split(' '),
);

/** Elements for formatting, the entities of XML, and nothing that runs. */
function isBasicHtml(div: string): boolean {
  if (!/^\s*<div[\s>]/.test(div)) return false;
  if (/&(?!(lt|gt|amp|quot|apos|#\d+|#x[\da-fA-F]+);)/.test(div)) return false;
  const tags = [...div.replace(/<!--[\s\S]*?-->/g, '').matchAll(/<\/?([A-Za-z][\w:-]*)([^>]*)>/g)];
  return tags.every(
    ([, name = '', attributes = '']) => HTML_ELEMENTS.has(name) && !/\son\w+\s*=/.test(attributes),
  );
}

/** The broken invariants of a resource, or of a value of a data type. */
export function invariantFaults(value: Json, dataType?: string): string[] {
  const rules =
    (dataType === undefined ? OF_RESOURCES[text(value['resourceType'])] : OF_TYPES[dataType]) ?? [];
  const broken = rules.flatMap(([key, holds]) => (holds(value) ? [] : [key]));
  return dataType === undefined ? [...broken, ...containedFaults(value)] : broken;
}

/** dom-2 to dom-5: contained resources contain none, have no version, and something refers to them. */
function containedFaults(resource: Json): string[] {
  const { contained, ...others } = resource;
  const written = JSON.stringify(others);
  return list(contained).flatMap((one) => {
    const id = text(one['id']);
    const nested = list(one['contained']).length > 0 ? ['dom-2'] : [];
    const refers =
      JSON.stringify(one).includes('"#"') ||
      list(contained).some((other) => JSON.stringify(other).includes(`"#${id}"`));
    return [
      ...nested,
      ...(written.includes(`"#${id}"`) || refers ? [] : [`dom-3: ${id} is not referred to`]),
    ];
  });
}

const ABSOLUTE = /^[a-z][a-z0-9+.-]*:/i;

/** Rules of a bundle: what its kind allows, absolute and unique addresses, ids, links. */
export function bundleFaults({ type, entry, link, total }: Json): string[] {
  const faults: string[] = [];
  const entries = list(entry);
  const relations = list(link).map(({ relation }) => relation);
  if (new Set(relations).size < relations.length) faults.push('a relation of links stands twice');
  if (total !== undefined && !['searchset', 'history'].includes(text(type))) faults.push('bdl-1');
  if (entries.some((one) => has(one, 'search')) && type !== 'searchset') faults.push('bdl-2');
  const asks = ['batch', 'transaction', 'history'].includes(text(type));
  if (
    entries.some((one) => has(one, 'request') !== asks) &&
    (asks || entries.some((one) => has(one, 'request')))
  )
    faults.push('bdl-3');
  const addresses = entries.map(({ fullUrl, resource }) => {
    const { meta } = (resource ?? {}) as { meta?: { versionId?: string } };
    return fullUrl === undefined ? undefined : `${text(fullUrl)} ${meta?.versionId ?? ''}`;
  });
  const given = addresses.filter((one) => one !== undefined);
  if (type !== 'history' && new Set(given).size < given.length) faults.push('bdl-7');
  for (const { fullUrl, resource } of entries as { fullUrl?: string; resource?: Json }[]) {
    if (fullUrl !== undefined && !ABSOLUTE.test(fullUrl)) faults.push(`${fullUrl} is not absolute`);
    if (fullUrl?.includes('/_history/')) faults.push('bdl-8');
    const id = resource?.['id'];
    if (
      type === 'searchset' &&
      resource &&
      id === undefined &&
      resource['resourceType'] !== 'OperationOutcome'
    )
      faults.push('a found resource has no id');
    if (
      fullUrl !== undefined &&
      /^https?:/.test(fullUrl) &&
      id !== undefined &&
      !fullUrl.endsWith(`/${text(id)}`)
    )
      faults.push(`${fullUrl} is not the address of ${text(id)}`);
  }
  const first = entries[0]?.['resource'] as Json | undefined;
  if (type === 'document' && first?.['resourceType'] !== 'Composition') faults.push('bdl-11');
  if (type === 'document') faults.push(...unresolvedVersions(entries));
  return faults;
}

/** References to a version that the document does not have. */
function unresolvedVersions(entries: readonly Json[]): string[] {
  const versions = new Set(
    entries.flatMap(({ resource }) => {
      const { resourceType, id, meta } = (resource ?? {}) as {
        resourceType?: string;
        id?: string;
        meta?: { versionId?: string };
      };
      return meta?.versionId === undefined
        ? []
        : [`${resourceType ?? ''}/${id ?? ''}/_history/${meta.versionId}`];
    }),
  );
  const asked = [...JSON.stringify(entries).matchAll(/"reference":"(\w+\/[\w.-]+\/_history\/[\w.-]+)"/g)];
  return asked.flatMap(([, reference = '']) =>
    versions.has(reference) ? [] : [`${reference} is not in the document`],
  );
}
