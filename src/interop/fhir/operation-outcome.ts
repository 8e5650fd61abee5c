import type { OperationOutcome, OperationOutcomeIssue } from 'fhir/r4.js';

/** One fault: a stable code, its text, and where it is. */
export interface OutcomeFault {
  readonly code: string;
  readonly text: string;
  /** FHIRPath to the element; undefined: the whole request. */
  readonly expression?: string | undefined;
}

type IssueCode = OperationOutcomeIssue['code'];

/** HL7 FHIR R4, value set issue-type. */
const ISSUE_OF_STATUS: Readonly<Record<number, IssueCode>> = {
  400: 'invalid',
  401: 'login',
  403: 'forbidden',
  404: 'not-found',
  406: 'not-supported',
  408: 'timeout',
  409: 'conflict',
  410: 'deleted',
  412: 'conflict',
  413: 'too-long',
  414: 'too-long',
  415: 'not-supported',
  422: 'processing',
  429: 'throttled',
  431: 'too-long',
  503: 'transient',
};

/** The refusal of a request that was answered with this HTTP status; one issue for each fault. */
export const refusalOutcome = (status: number, faults: readonly OutcomeFault[]): OperationOutcome => ({
  resourceType: 'OperationOutcome',
  issue: faults.map((fault) => issueOf('error', ISSUE_OF_STATUS[status] ?? 'exception', fault)),
});

export const issueOf = (
  severity: OperationOutcomeIssue['severity'],
  issueType: IssueCode,
  { code, text, expression }: OutcomeFault,
): OperationOutcomeIssue => ({
  severity,
  code: issueType,
  details: { coding: [{ system: 'urn:nedwatch:problem', code }], text },
  ...(expression !== undefined && { expression: [expression] }),
});

/**
 * The FHIRPath of a JSON pointer (RFC 6901): `/entry/0/resource` is `entry[0].resource`. The empty pointer has none; a
 * FHIRPath stays as it is.
 */
export function expressionOf(pointer: string): string | undefined {
  if (pointer !== '' && !pointer.startsWith('/')) return pointer;
  const steps = pointer
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
  if (steps.length === 0) return undefined;
  return steps.map((step, at) => (/^\d+$/.test(step) ? `[${step}]` : `${at > 0 ? '.' : ''}${step}`)).join('');
}
