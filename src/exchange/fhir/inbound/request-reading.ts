import { StructureCheck, type StructureProblem } from '../../../interop/fhir/structure.js';
import { DomainError, type FieldFault, invalid } from '../../../platform/domain-error.js';
import { msg } from '../../../platform/messages/dictionary.js';
import type { InboundEntry, Operation } from './inbound-entry.js';
import { faultAt, refusedAt } from './reading/fault.js';
import { identifierIn, targetOf } from './reading/references.js';
import {
  type Bundle,
  type BundleEntry,
  isReadType,
  type ReadResource,
  type Resource,
} from './reading/resources.js';

/** Of one Bundle. The longest histories of twenty years have some five hundred. */
export const MOST_ENTRIES = 1000;

/** An entry of a Bundle as the program takes it. */
export type ReadEntry =
  | { readonly is: 'read'; readonly entry: InboundEntry }
  /** A resource of a type that the program does not store. */
  | { readonly is: 'other-type'; readonly type: string }
  | { readonly is: 'refused'; readonly refusal: DomainError };

/** The resource of a request by itself. Refuses another type, and a structure that is not R4. */
export function readResource(body: unknown, type: string, operation: Operation): InboundEntry {
  const faults = structureFaults(body, type);
  if (faults.length > 0) throw invalid('invalid-input', msg('invalid-input'), faults);
  const resource = body as Resource;
  if (resource.resourceType !== type || !isReadType(type))
    throw refusedAt(type, 'not-allowed', msg('fhir-other-type', { expected: type }));
  if (operation.is === 'update' && resource.id !== operation.id)
    throw refusedAt(`${type}.id`, 'not-allowed', msg('fhir-id-differs'));
  return { operation, type, resource: resource as ReadResource, at: type, fullUrl: undefined };
}

/** A transaction or batch. Refuses what is no such Bundle; the entries say for themselves whether they can be taken. */
export function readBundle(body: unknown): {
  readonly bundle: Bundle;
  readonly entries: readonly ReadEntry[];
} {
  const faults = structureFaults(body, 'Bundle');
  if (faults.length > 0) throw invalid('invalid-input', msg('invalid-input'), faults);
  if ((body as Resource).resourceType !== 'Bundle')
    throw refusedAt('Bundle', 'not-allowed', msg('fhir-other-type', { expected: 'Bundle' }));
  const bundle = body as Bundle;
  if (bundle.type !== 'transaction' && bundle.type !== 'batch')
    throw refusedAt('Bundle.type', 'not-supported', msg('fhir-bundle-type'));
  const { entry = [] } = bundle;
  if (entry.length > MOST_ENTRIES)
    throw refusedAt('Bundle.entry', 'too-many', msg('fhir-too-many-entries', { limit: MOST_ENTRIES }));
  const entries = entry.map((one, index) => readEntry(one, `Bundle.entry[${index}]`));
  refuseTwice(entry);
  return { bundle, entries };
}

function readEntry({ request, resource, fullUrl }: BundleEntry, place: string): ReadEntry {
  const at = `${place}.resource`;
  const refused = (refusal: DomainError): ReadEntry => ({ is: 'refused', refusal });
  if (request === undefined) return refused(refusedAt(`${place}.request`, 'required', msg('fhir-method')));
  const { method, url } = request;
  const type = /^\/?([A-Z][A-Za-z]+)/.exec(url)?.[1] ?? '';
  if (!['POST', 'PUT'].includes(method))
    return refused(refusedAt(`${place}.request.method`, 'not-supported', msg('fhir-method')));
  if (resource === undefined) return refused(refusedAt(at, 'required', msg('fhir-not-a-resource')));
  if (resource.resourceType !== type)
    return refused(
      refusedAt(`${place}.request.url`, 'not-allowed', msg('fhir-other-type', { expected: type })),
    );
  if (!isReadType(type)) return { is: 'other-type', type };
  const faults = structureFaults(resource, at);
  if (faults.length > 0) return refused(invalid('invalid-input', msg('invalid-input'), faults));
  const operation = operationOf(request, place);
  if (operation instanceof DomainError) return refused(operation);
  if (operation.is === 'update' && resource.id !== operation.id)
    return refused(refusedAt(`${at}.id`, 'not-allowed', msg('fhir-id-differs')));
  return { is: 'read', entry: { operation, type, resource: resource as ReadResource, at, fullUrl } };
}

function operationOf(
  { method, url, ifNoneExist, ifMatch }: NonNullable<BundleEntry['request']>,
  place: string,
): Operation | DomainError {
  const unreadable = (element: string, text = msg('fhir-criteria')): DomainError =>
    refusedAt(`${place}.request.${element}`, 'not-supported', text);
  if (method === 'POST') {
    if (!/^\/?[A-Z][A-Za-z]+$/.test(url)) return unreadable('url', msg('fhir-method'));
    if (ifNoneExist === undefined) return { is: 'create' };
    const criteria = identifierIn(ifNoneExist.replace(/^[^?]*\?/, ''));
    return criteria ? { is: 'create', ifNoneExist: criteria } : unreadable('ifNoneExist');
  }
  const target = targetOf(url);
  if (target.is === 'id') return { is: 'update', id: target.id, ifMatch };
  if (target.is !== 'search') return unreadable('url');
  return { is: 'update-where', criteria: { system: target.system, value: target.value }, ifMatch };
}

/** R4, section 2.36: a full URL is that of one entry, and a transaction changes a resource once. */
function refuseTwice(entries: readonly BundleEntry[]): void {
  const seen = new Set<string>();
  for (const [index, { fullUrl, request }] of entries.entries()) {
    const keys = [
      ...(fullUrl === undefined ? [] : [`fullUrl ${fullUrl}`]),
      ...(request?.method === 'PUT' ? [`PUT ${request.url}`] : []),
    ];
    if (keys.some((key) => seen.has(key)))
      throw refusedAt(`Bundle.entry[${index}]`, 'named-twice', msg('fhir-entry-twice'));
    for (const key of keys) seen.add(key);
  }
}

/** What is wrong with the structure of a resource, at which expression. */
export function structureFaults(resource: unknown, at: string): FieldFault[] {
  const check = new StructureCheck(false);
  check.resource(resource, at);
  return check.problems.map(({ expression, kind, expected = '' }) =>
    faultAt(expression, kind, TEXTS[kind](expected)),
  );
}

const TEXTS: Readonly<Record<StructureProblem['kind'], (expected: string) => FieldFault['message']>> = {
  'not-a-resource': () => msg('fhir-not-a-resource'),
  'unknown-element': () => msg('fhir-unknown-element'),
  'wrong-type': (expected) => msg('fhir-wrong-type', { expected }),
  required: () => msg('fhir-required'),
  empty: () => msg('fhir-empty'),
  'not-in-list': (expected) => msg('fhir-not-in-list', { expected }),
  'wrong-format': (expected) => msg('fhir-wrong-format', { expected }),
  'one-of-choice': () => msg('fhir-one-of-choice'),
  'modifier-extension': () => msg('fhir-modifier-extension'),
  'implicit-rules': () => msg('fhir-implicit-rules'),
  'nested-contained': () => msg('fhir-nested-contained'),
  'missing-contained': () => msg('fhir-missing-contained'),
  invariant: (expected) => msg('fhir-invariant', { expected }),
};
