/** A refusal of the server (RFC 9457). `title` is in the language of the reader. */
export interface Problem {
  readonly status: number;
  readonly code: string;
  readonly title: string;
  readonly errors?: readonly FieldError[];
  /** What some codes add: the window of `outside-window`, the item of `changed-meanwhile`. */
  readonly [extension: string]: unknown;
}

export interface FieldError {
  /** `/date`: the field of the request. */
  readonly pointer: string;
  readonly code: string;
  readonly message: string;
}

/** The server refused the call. */
export class Refused extends Error {
  constructor(readonly problem: Problem) {
    super(problem.title);
  }
}

/** The server did not answer, or a program between answered in its place. */
export class Unreachable extends Error {}

/** Whether the server has answered that nothing was changed. Else the same `Idempotency-Key` has to be sent again. */
export const hasChangedNothing = (error: unknown): boolean =>
  error instanceof Refused && error.problem.code !== 'outcome-unknown';

export const isRefused = (error: unknown, code: string): error is Refused =>
  error instanceof Refused && error.problem.code === code;

export const isSignedOut = (error: unknown): error is Refused =>
  error instanceof Refused && error.problem.status === 401;

/** What the server says about one field of the request. */
export const errorOf = (error: unknown, field: string): string | undefined =>
  error instanceof Refused
    ? error.problem.errors?.find(({ pointer }) => pointer === `/${field}`)?.message
    : undefined;
