import type { Language } from '../guideline/guideline.js';
import type { Message } from '../guideline/message.js';
import { type MessageKey, render } from './messages/dictionary.js';

/** The kind of refusal; only `http.ts` maps it to a status. */
export type IssueType =
  | 'malformed'
  | 'invalid'
  | 'not-found'
  | 'not-acceptable'
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

/**
 * One validation error of the input: a JSON pointer (RFC 6901) to the field, a stable code, and a message for people.
 */
export interface FieldFault {
  readonly pointer: string;
  readonly code: string;
  /** A message from `platform/messages`, which the edge renders. */
  readonly message: Message;
}

type Extension = Readonly<Record<string, unknown>>;

/** A refusal that the caller can act upon. Every other error is a bug and becomes a 500. */
export class DomainError extends Error {
  constructor(
    readonly issueType: IssueType,
    /** Stable and machine-readable, part of the API. The message is for people and may change. */
    readonly code: string,
    readonly text: Message,
    readonly faults: readonly FieldFault[] = [],
    /** Additional members of the problem document; a function where they contain messages. */
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

/** A refused call that the caller may repeat after `seconds`. */
export const tooMany = (code: string, text: Message, seconds: number): DomainError =>
  new DomainError('too-many', code, text, [], { retryAfterSeconds: seconds });

/** The program did nothing, because it served other callers first. The caller may repeat the call after `seconds`. */
export const busy = (text: Message, seconds: number): DomainError =>
  new DomainError('busy', 'busy', text, [], { retryAfterSeconds: seconds });

export const invalid = (code: string, text: Message, faults: readonly FieldFault[]): DomainError =>
  new DomainError('invalid', code, text, faults);

/** The validation errors in the reader's `language`. */
export const renderFaults = (
  faults: readonly FieldFault[],
  language: Language,
): { pointer: string; code: string; message: string }[] =>
  faults.map((fault) => ({ ...fault, message: render(fault.message, language) }));
