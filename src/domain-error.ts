/** What kind of refusal it is; `http.ts` alone maps each to a status. */
export type IssueType =
  | 'malformed'
  | 'invalid'
  | 'not-found'
  | 'conflict'
  | 'unauthenticated'
  | 'forbidden'
  | 'too-large'
  | 'unsupported'
  | 'address-too-long'
  | 'headers-too-large'
  | 'too-many';

/** One fault of the input: a JSON pointer (RFC 6901) to the field, a stable code, a message for people. */
export interface FieldFault {
  readonly pointer: string;
  readonly code: string;
  readonly message: string;
}

/** A refusal the caller can act upon. Everything else is a bug and becomes a 500. */
export class DomainError extends Error {
  constructor(
    readonly issueType: IssueType,
    /** Stable and machine-readable: part of the API. The message is for people and may change. */
    readonly code: string,
    message: string,
    readonly faults: readonly FieldFault[] = [],
    /** Further members of the problem document. */
    readonly extension: Readonly<Record<string, unknown>> = {},
  ) {
    super(message);
    this.name = 'DomainError';
  }
}

export const notFound = (what: string, id: string): DomainError =>
  new DomainError('not-found', `${what}-not-found`, `There is no ${what} ${id} in this hospital.`);

/** What the caller may ask again after `seconds`. */
export const tooMany = (code: string, message: string, seconds: number): DomainError =>
  new DomainError('too-many', code, message, [], { retryAfterSeconds: seconds });

export const invalid = (code: string, message: string, faults: readonly FieldFault[]): DomainError =>
  new DomainError('invalid', code, message, faults);
