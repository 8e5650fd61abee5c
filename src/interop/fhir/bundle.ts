import type { Bundle, BundleEntry, BundleLink, FhirResource, OperationOutcome } from 'fhir/r4.js';

export interface SearchsetParts {
  /** The address of the server, without a slash at the end. */
  readonly base: string;
  readonly links: readonly BundleLink[];
  readonly matches: readonly FhirResource[];
  readonly included: readonly FhirResource[];
  /** What the server says about the search; undefined: nothing. */
  readonly outcome?: OperationOutcome | undefined;
}

/** The answer to a search. */
export function searchset({ base, links, matches, included, outcome }: SearchsetParts): Bundle {
  const entries = [
    ...matches.map((resource) => entryOf(base, resource, 'match')),
    ...included.map((resource) => entryOf(base, resource, 'include')),
    ...(outcome ? [{ resource: outcome, search: { mode: 'outcome' as const } }] : []),
  ];
  return {
    resourceType: 'Bundle',
    type: 'searchset',
    link: [...links],
    ...(entries.length > 0 && { entry: entries }),
  };
}

const entryOf = (base: string, resource: FhirResource, mode: 'match' | 'include'): BundleEntry => ({
  fullUrl: `${base}/${resource.resourceType}/${resource.id ?? ''}`,
  resource,
  search: { mode },
});
