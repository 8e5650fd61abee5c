import type { Language } from '../guideline/guideline.js';
import type { Message } from '../guideline/message.js';
import { type MessageKey, render } from './messages/dictionary.js';

/** What kind of refusal it is; `http.ts` alone maps each to a status. */
export type IssueType =
  | 'malformed'
  | 'invalid'
  | 'not-found'
  | 'conflict'
  | 'precondition-failed'
  | 'unauthenticated'
  | 'forbidden'
  | 'too-large'
  | 'unsupported'
  | 'address-too-long'
  | 'headers-too-large'
  | 'too-many'
  | 'busy';

/** One fault of the input: a JSON pointer (RFC 6901) to the field, a stable code, a message for people. */
export interface FieldFault {
  readonly pointer: string;
  readonly code: string;
  /** From `platform/messages`, rendered by the edge. */
  readonly message: Message;
}

type Extension = Readonly<Record<string, unknown>>;

/** A refusal the caller can act upon. Everything else is a bug and becomes a 500. */
export class DomainError extends Error {
  constructor(
    readonly issueType: IssueType,
    /** Stable and machine-readable: part of the API. The message is for people and may change. */
    readonly code: string,
    readonly text: Message,
    readonly faults: readonly FieldFault[] = [],
    /** Further members of the problem document; a function where they hold messages. */
    readonly extension: Extension | ((language: Language) => Extension) = {},
  ) {
    super(render(text, 'en'));
    this.name = 'DomainError';
  }
}

type NotFoundKey = Extract<MessageKey, `${string}-not-found`>;
type Findable = NotFoundKey extends infer K ? (K extends `${infer What}-not-found` ? What : never) : never;

export const notFound = (what: Findable, id: string): DomainError =>
  new DomainError('not-found', `${what}-not-found`, { key: `${what}-not-found`, params: { id } });

/** What the caller may ask again after `seconds`. */
export const tooMany = (code: string, text: Message, seconds: number): DomainError =>
  new DomainError('too-many', code, text, [], { retryAfterSeconds: seconds });

/** Nothing was done, because others were served first; the caller may ask again after `seconds`. */
export const busy = (text: Message, seconds: number): DomainError =>
  new DomainError('busy', 'busy', text, [], { retryAfterSeconds: seconds });

export const invalid = (code: string, text: Message, faults: readonly FieldFault[]): DomainError =>
  new DomainError('invalid', code, text, faults);

/** The faults as a reader of `language` sees them. */
export const renderFaults = (
  faults: readonly FieldFault[],
  language: Language,
): { pointer: string; code: string; message: string }[] =>
  faults.map((fault) => ({ ...fault, message: render(fault.message, language) }));
