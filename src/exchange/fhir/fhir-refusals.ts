import type { Problem } from '../../platform/http/problem.js';
import type { RefusalForm } from '../../platform/http/refusal-forms.js';
import { expressionOf, refusalOutcome } from '../../interop/fhir/operation-outcome.js';

export const FHIR_JSON = 'application/fhir+json; charset=utf-8';

/** Every refusal below `/fhir` is an OperationOutcome: the problem's code and title, or one issue for each of its errors. */
export const FHIR_REFUSALS: RefusalForm = {
  path: '/fhir',
  contentType: FHIR_JSON,
  write: ({ status, code, title, errors = [] }: Problem) =>
    refusalOutcome(
      status,
      errors.length === 0
        ? [{ code, text: title }]
        : errors.map((error) => ({
            code: error.code,
            text: error.message,
            expression: expressionOf(error.pointer),
          })),
    ),
};
