import type { Problem } from './problem.js';

export const PROBLEM_TYPE = 'application/problem+json; charset=utf-8';

/** How refusals below one address are written, where a standard asks for another body than problem+json. */
export interface RefusalForm {
  /** The first part of the address: `/fhir`. */
  readonly path: string;
  readonly contentType: string;
  /** The status in its place; left out: the same. */
  readonly statusOf?: (status: number) => number;
  readonly write: (problem: Problem) => object;
}

export const REFUSAL_FORMS = Symbol('RefusalForms');

/** Status, content type and body of a refusal at this address. */
export function writtenRefusal(
  forms: readonly RefusalForm[],
  url: string,
  problem: Problem,
): { readonly status: number; readonly contentType: string; readonly body: string } {
  const form = forms.find(
    ({ path }) => url === path || ['/', '?'].some((next) => url.startsWith(path + next)),
  );
  return {
    status: form?.statusOf?.(problem.status) ?? problem.status,
    contentType: form?.contentType ?? PROBLEM_TYPE,
    body: JSON.stringify(form ? form.write(problem) : problem),
  };
}
