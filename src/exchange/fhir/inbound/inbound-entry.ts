import { createHash } from 'node:crypto';
import type { Language } from '../../../guideline/guideline.js';
import type { Message } from '../../../guideline/message.js';
import type { Act } from '../../inbound/applied-change.js';
import type { Mapping } from '../../mappings/mapping-file.js';
import type { Identifier, ReadResource, ReadType } from './reading/resources.js';

/** What a request asks for: R4, sections 3.1.0.8 (create), 3.1.0.4 (update) and their conditional forms. */
export type Operation =
  | { readonly is: 'create'; readonly ifNoneExist?: Criteria | undefined }
  | { readonly is: 'update'; readonly id: string; readonly ifMatch?: string | undefined }
  | { readonly is: 'update-where'; readonly criteria: Criteria; readonly ifMatch?: string | undefined };

export interface Criteria {
  readonly system: string | undefined;
  readonly value: string;
}

/** One resource of a request, whose structure was checked. */
export interface InboundEntry<R extends ReadResource = ReadResource> {
  readonly operation: Operation;
  readonly type: ReadType;
  readonly resource: R;
  /** Its FHIRPath expression. */
  readonly at: string;
  readonly fullUrl: string | undefined;
}

/** What became of an entry. */
export interface EntryOutcome {
  /** 201: recorded. 200: changed, or known before. 202: read, and nothing of it is kept. */
  readonly status: 200 | 201 | 202;
  readonly type: string;
  /** Undefined: nothing of it is kept. */
  readonly id?: string | undefined;
  readonly patientId?: string | undefined;
  /** What it did, in order. */
  readonly acts: readonly Act[];
  readonly hasChanged: boolean;
  /** What a person should know. */
  readonly notes: readonly Message[];
}

/** What all entries of a request share. */
export interface InboundContext {
  readonly mapping: Mapping;
  /** Of the sender: the version of a resource depends on it. */
  readonly language: Language;
  /** The id of the request in the log. */
  readonly messageId: string;
  /** What other entries of the same Bundle became, by their full URLs. */
  readonly done: Map<string, EntryOutcome>;
}

export const keptNothing = (type: string, why: Message, patientId?: string): EntryOutcome => ({
  ...{ status: 202, type, patientId, acts: [], hasChanged: false, notes: [why] },
});

/** SHA-256 of the resource without what says nothing of the patient: id, meta and the text for people. */
export function contentDigest(resource: object): string {
  const content = Object.entries(resource).filter(([element]) => !['id', 'meta', 'text'].includes(element));
  return sha256(JSON.stringify(sorted(Object.fromEntries(content))));
}

/** The same content has the same digest in whatever order its elements are written. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, one]) => [key, sorted(one)]));
}

const firstIdentifier = (resource: ReadResource): Identifier | undefined =>
  resource.identifier?.find(({ value, use }) => value !== undefined && use !== 'old');

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

export const identifierSource = ({ system, value }: Criteria): string =>
  sha256(`identifier ${system ?? ''}|${value}`);

/** What makes two resources of a patient the same one: the identifier searched by, the first identifier, else all content. */
export function sourceOf({ operation, resource }: InboundEntry, patientId: string): string {
  const criteria =
    operation.is === 'update-where'
      ? operation.criteria
      : operation.is === 'create'
        ? operation.ifNoneExist
        : undefined;
  const identifier = criteria ?? firstIdentifier(resource);
  return identifier?.value === undefined
    ? sha256(`content ${patientId} ${contentDigest(resource)}`)
    : identifierSource({ system: identifier.system, value: identifier.value });
}
