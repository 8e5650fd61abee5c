import type { Bundle, BundleEntry, OperationOutcome } from 'fhir/r4.js';
import type { Language } from '../../../guideline/guideline.js';
import { expressionOf, issueOf, refusalOutcome } from '../../../interop/fhir/operation-outcome.js';
import { DomainError } from '../../../platform/domain-error.js';
import { statusOfIssue } from '../../../platform/http/http.js';
import { render } from '../../../platform/messages/dictionary.js';
import type { EntryOutcome } from './inbound-entry.js';
import type { BundleResult, EntryResult } from './inbound-requests.service.js';

/** What a person should know of an entry that was taken; undefined: nothing. */
export function notesOf({ notes, status }: EntryOutcome, language: Language): OperationOutcome | undefined {
  if (notes.length === 0) return undefined;
  return {
    resourceType: 'OperationOutcome',
    issue: notes.map((note) =>
      issueOf(
        status === 202 ? 'warning' : 'information',
        status === 202 ? 'not-supported' : 'informational',
        {
          ...{ code: note.key, text: render(note, language) },
        },
      ),
    ),
  };
}

/** `Type/id`; undefined where nothing is kept. */
export const locationOf = ({ type, id }: EntryOutcome): string | undefined =>
  id === undefined ? undefined : `${type}/${id}`;

/** The answer to a transaction or batch: one entry for each, in their order (R4, section 3.1.0.11.3). */
export const bundleAnswer = ({ type, entries }: BundleResult, language: Language): Bundle => ({
  resourceType: 'Bundle',
  type: `${type}-response`,
  ...(entries.length > 0 && { entry: entries.map((one) => entryAnswer(one, language)) }),
});

const REASONS: Readonly<Record<number, string>> = { 200: 'OK', 201: 'Created', 202: 'Accepted' };

function entryAnswer(result: EntryResult, language: Language): BundleEntry {
  if (result instanceof DomainError) {
    const status = statusOfIssue(result.issueType);
    return { response: { status: String(status), outcome: refusalOf(result, status, language) } };
  }
  const location = locationOf(result);
  const outcome = notesOf(result, language);
  return {
    response: {
      status: `${result.status} ${REASONS[result.status] ?? ''}`,
      ...(location !== undefined && { location }),
      ...(outcome && { outcome }),
    },
  };
}

function refusalOf(
  { code, text, faults }: DomainError,
  status: number,
  language: Language,
): OperationOutcome {
  return refusalOutcome(
    status,
    faults.length === 0
      ? [{ code, text: render(text, language) }]
      : faults.map((fault) => ({
          ...{ code: fault.code, text: render(fault.message, language) },
          expression: expressionOf(fault.pointer),
        })),
  );
}
