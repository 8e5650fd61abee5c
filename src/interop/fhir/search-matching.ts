import type { FhirResource } from 'fhir/r4.js';
import { dateRange, type DateRange, satisfies } from './date-range.js';
import type { Filter, SearchParameter, SoughtValue } from './search-parameters.js';

/** The values of an element of a resource, `a.b.c`, of every entry of a list on the way. */
export function valuesAt(resource: unknown, element: string): unknown[] {
  let found: unknown[] = [resource];
  for (const step of element.split('.'))
    found = found
      .map((value) =>
        typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[step] : undefined,
      )
      .flat()
      .filter((value) => value !== undefined);
  return found;
}

/** Whether the resource matches all filters. Its dates without an offset are of `zone`. */
export const matchesAll = (resource: FhirResource, filters: readonly Filter[], zone: string): boolean =>
  filters.every(({ parameter, anyOf }) => {
    const values = parameter.elements.flatMap((element) => valuesAt(resource, element));
    return values.some((value) => anyOf.some((sought) => matches(value, sought, zone)));
  });

/** The references, `Type/id`, of one parameter of a resource. */
export const referencesOf = (resource: FhirResource, { elements }: SearchParameter): string[] =>
  elements
    .flatMap((element) => valuesAt(resource, element))
    .flatMap((value) => {
      const { reference } = value as { readonly reference?: string };
      return reference === undefined ? [] : [reference];
    });

function matches(value: unknown, sought: SoughtValue, zone: string): boolean {
  switch (sought.type) {
    case 'token':
      return tokensIn(value).some(
        ({ system, code }) =>
          (sought.system === undefined || sought.system === (system ?? '')) &&
          (sought.code === undefined || sought.code === code),
      );
    case 'reference': {
      const { reference = '' } = value as { readonly reference?: string };
      const [id, type] = reference.split('/').reverse();
      return id === sought.id && (sought.target === undefined || sought.target === type);
    }
    case 'date': {
      const found = rangeIn(value, zone);
      return found !== null && satisfies(sought.prefix, sought.range, found);
    }
    case 'uri':
      return value === sought.uri || (typeof value === 'string' && value.split('|')[0] === sought.uri);
  }
}

interface Token {
  readonly system?: string | undefined;
  readonly code: string | undefined;
}

/** The tokens of a code, Coding, CodeableConcept, Identifier or boolean. */
function tokensIn(value: unknown): Token[] {
  if (typeof value !== 'object' || value === null) return [{ code: String(value) }];
  const {
    coding,
    system,
    code,
    value: number,
  } = value as {
    readonly coding?: readonly Token[];
    readonly system?: string;
    readonly code?: string;
    readonly value?: string;
  };
  return coding ? [...coding] : [{ system, code: code ?? number }];
}

const [FIRST, LAST] = [-8.64e15, 8.64e15];

/** The range of a date, or of a Period, which may be open. */
function rangeIn(value: unknown, zone: string): DateRange | null {
  if (typeof value === 'string') return dateRange(value, zone);
  const { start, end } = value as { readonly start?: string; readonly end?: string };
  const [from, to] = [start, end].map((one) => (one === undefined ? undefined : dateRange(one, zone)));
  return { from: from?.from ?? FIRST, to: to?.to ?? LAST };
}
