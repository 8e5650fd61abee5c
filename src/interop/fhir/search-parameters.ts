import { dateRange, type DateRange, type Prefix, prefixOf } from './date-range.js';

/** One search parameter of a type of resources: the capability statement, the parser and the search read this. */
export interface SearchParameter {
  readonly name: string;
  readonly type: 'token' | 'reference' | 'date' | 'uri';
  /** Elements of the resource, divided by dots; several where one is a choice. */
  readonly elements: readonly string[];
  /** For a reference: the types of resources to which it leads. */
  readonly targets?: readonly string[];
  readonly documentation: string;
}

export type SoughtValue =
  | { readonly type: 'token'; readonly system: string | undefined; readonly code: string | undefined }
  | { readonly type: 'reference'; readonly target: string | undefined; readonly id: string }
  | { readonly type: 'date'; readonly prefix: Prefix; readonly range: DateRange }
  | { readonly type: 'uri'; readonly uri: string };

/** A resource matches if one of the values does. */
export interface Filter {
  readonly parameter: SearchParameter;
  readonly anyOf: readonly SoughtValue[];
}

/** What a request asks to be added to the found resources: the targets of one reference. */
export interface Include {
  readonly parameter: SearchParameter;
  readonly target: string | undefined;
}

export interface SearchFault {
  readonly parameter: string;
  readonly fault: 'unknown' | 'value' | 'modifier' | 'include' | 'count' | 'repeated' | 'too-many';
  readonly value: string;
}

/** A search as it was asked for. All filters hold for what is found. */
export interface Search {
  readonly filters: readonly Filter[];
  readonly includes: readonly Include[];
  readonly count: number;
  readonly cursor: string | undefined;
  /** Each parameter that was understood, as it stands in the link to the page itself. */
  readonly understood: readonly (readonly [string, string])[];
  readonly faults: readonly SearchFault[];
}

export const USUAL_COUNT = 50;
export const MOST_COUNT = 200;
/** Of one parameter, divided by commas; and of one request. */
export const MOST_VALUES = 100;

/** The parameter of the link to the next page. It is opaque. */
export const CURSOR = '_cursor';

/** Parameters of every search that are no filters. `_format` chooses the form of the answer. */
export const RESULT_PARAMETERS = ['_count', '_include', '_format', CURSOR] as const;

export type Query = Readonly<Record<string, string | readonly string[]>>;

/** What a search of one type of resources can ask for. Dates without an offset are of `zone`. */
export interface Searchable {
  readonly type: string;
  readonly parameters: readonly SearchParameter[];
  /** Names of the reference parameters whose targets can be included. */
  readonly includes: readonly string[];
  readonly zone: string;
}

/** Reads the parameters of a search. Never throws. */
export function readSearch(query: Query, searchable: Searchable): Search {
  const pairs = Object.entries(query).flatMap(([name, values]) =>
    (typeof values === 'string' ? [values] : values).map((value) => [name, value] as const),
  );
  const results: readonly string[] = RESULT_PARAMETERS;
  const read = pairs.flatMap(([name, value]): Part[] =>
    name === '_include'
      ? [readInclude(value, searchable)]
      : results.includes(name)
        ? []
        : [readParameter(name, value, searchable)],
  );
  const filters = read.flatMap((part) => ('filter' in part ? [part.filter] : []));
  const [count = String(USUAL_COUNT)] = valuesOf(pairs, '_count');
  const faults = [
    ...read.flatMap((part) => ('fault' in part ? [part] : [])),
    ...(filters.length > MOST_VALUES ? [wrong('', 'too-many', String(MOST_VALUES))] : []),
    ...(/^\d{1,9}$/.test(count) ? [] : [wrong('_count', 'count', count)]),
    ...['_count', CURSOR, '_format'].flatMap((name) =>
      valuesOf(pairs, name).length > 1 ? [wrong(name, 'repeated', name)] : [],
    ),
  ];
  const unknown = new Set(faults.map(({ parameter }) => parameter));
  return {
    filters,
    includes: read.flatMap((part) => ('include' in part ? [part.include] : [])),
    count: Math.min(MOST_COUNT, Number(count)),
    cursor: valuesOf(pairs, CURSOR)[0],
    understood: pairs.filter(([name]) => name !== CURSOR && !unknown.has(name)),
    faults,
  };
}

/** What one parameter of a request means. */
type Part = { readonly filter: Filter } | { readonly include: Include } | SearchFault;

const wrong = (parameter: string, kind: SearchFault['fault'], value: string): SearchFault => ({
  ...{ parameter, fault: kind, value },
});

function readParameter(name: string, value: string, { parameters, zone }: Searchable): Part {
  const [plain = '', modifier] = name.split(':');
  const parameter = parameters.find((one) => one.name === plain);
  if (parameter === undefined) return wrong(name, 'unknown', value);
  if (modifier !== undefined && !parameter.targets?.includes(modifier))
    return wrong(name, 'modifier', modifier);
  const values = parts(value, ',');
  if (values.length > MOST_VALUES) return wrong(name, 'too-many', value);
  const anyOf = values.flatMap((one) => READ[parameter.type](one, { target: modifier, zone }) ?? []);
  return anyOf.length === values.length ? { filter: { parameter, anyOf } } : wrong(name, 'value', value);
}

const valuesOf = (pairs: readonly (readonly [string, string])[], name: string): string[] =>
  pairs.flatMap(([one, value]) => (one === name ? [value] : []));

type Reader = (
  value: string,
  context: { readonly target: string | undefined; readonly zone: string },
) => SoughtValue | null;

const READ: Readonly<Record<SearchParameter['type'], Reader>> = {
  token: (value) => {
    const [first = '', second] = parts(value, '|').map(unescaped);
    if (first === '' && (second ?? '') === '') return null;
    return second === undefined
      ? { type: 'token', system: undefined, code: first }
      : { type: 'token', system: first, code: second === '' ? undefined : second };
  },
  reference: (value, { target }) => {
    const [id = '', type] = unescaped(value).split('/').reverse();
    if (!/^[A-Za-z0-9\-.]{1,64}$/.test(id)) return null;
    return { type: 'reference', target: type ?? target, id };
  },
  date: (value, { zone }) => {
    const [prefix, rest] = prefixOf(value);
    const range = dateRange(rest.replace(/ (?=\d\d:\d\d$)/, '+'), zone);
    return range && { type: 'date', prefix, range };
  },
  uri: (value) => (value === '' ? null : { type: 'uri', uri: unescaped(value) }),
};

/** `Type:parameter` or `Type:parameter:TargetType`. */
function readInclude(value: string, { type, parameters, includes }: Searchable): Part {
  const [source, name, target, ...rest] = value.split(':');
  const parameter = parameters.find((one) => one.name === name && includes.includes(one.name));
  const isRight =
    source === type &&
    rest.length === 0 &&
    (target === undefined || parameter?.targets?.includes(target) === true);
  return isRight && parameter ? { include: { parameter, target } } : wrong('_include', 'include', value);
}

/** The parts of a value at each divider without a backslash before it. */
const parts = (value: string, divider: ',' | '|'): string[] => {
  const found: string[] = [];
  let part = '';
  for (let at = 0; at < value.length; at++) {
    if (value[at] === '\\') part += value.slice(at, ++at + 1);
    else if (value[at] === divider) {
      found.push(part);
      part = '';
    } else part += value.charAt(at);
  }
  return [...found, part];
};

const unescaped = (value: string): string => value.replace(/\\([\\,|$])/g, '$1');
