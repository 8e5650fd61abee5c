import type { Reference } from './resources.js';

/** What a reference names: a resource of this program, a conditional search, or a resource of the same request. */
export type Target =
  | { readonly is: 'id'; readonly type: string; readonly id: string }
  | {
      readonly is: 'search';
      readonly type: string;
      readonly system: string | undefined;
      readonly value: string;
    }
  | { readonly is: 'entry'; readonly fullUrl: string }
  | { readonly is: 'unreadable' };

/** The identifier of a search `identifier=system|value`, the only one that names one resource; undefined: another search. */
export function identifierIn(
  query: string,
): { readonly system: string | undefined; readonly value: string } | undefined {
  const parameters = [...new URLSearchParams(query)];
  const [first, another] = parameters;
  if (first?.[0] !== 'identifier' || another !== undefined) return undefined;
  const [system, value] = first[1].includes('|') ? divided(first[1]) : [undefined, first[1]];
  return value === '' ? undefined : { system: system === '' ? undefined : system, value };
}

const divided = (text: string): [string, string] => {
  const at = text.indexOf('|');
  return [text.slice(0, at), text.slice(at + 1)];
};

/** A URL of a request or a reference: `Patient/1`, `Patient?identifier=…`, `https://host/fhir/Patient/1/_history/2`. */
export function targetOf(url: string): Target {
  const search = /^(?:\/|.*\/fhir\/)?([A-Z][A-Za-z]+)\?(.+)$/.exec(url);
  if (search) {
    const identifier = identifierIn(search[2] ?? '');
    return identifier ? { is: 'search', type: search[1] ?? '', ...identifier } : { is: 'unreadable' };
  }
  const named = /(?:^|\/)([A-Z][A-Za-z]+)\/([A-Za-z0-9\-.]{1,64})(?:\/_history\/[A-Za-z0-9\-.]{1,64})?$/.exec(
    url,
  );
  return named ? { is: 'id', type: named[1] ?? '', id: named[2] ?? '' } : { is: 'unreadable' };
}

/**
 * What a reference names. `entries` are the full URLs of the same Bundle; `base` is the full URL of the resource that
 * refers, against which a relative reference counts first (R4, section 2.36.4).
 */
export function referenceTarget(
  { reference, identifier, type }: Reference,
  entries: { has(fullUrl: string): boolean },
  base?: string,
): Target {
  if (reference === undefined)
    return identifier?.value === undefined
      ? { is: 'unreadable' }
      : { is: 'search', type: type ?? '', system: identifier.system, value: identifier.value };
  const plain = reference.replace(/\/_history\/[^/]+$/, '');
  if (entries.has(plain)) return { is: 'entry', fullUrl: plain };
  const relative = /^[A-Z][A-Za-z]+\/[A-Za-z0-9\-.]+$/.test(plain);
  const root = relative ? /^(https?:\/\/.+\/)[A-Z][A-Za-z]+\/[^/]+$/.exec(base ?? '')?.[1] : undefined;
  if (root !== undefined && entries.has(root + plain)) return { is: 'entry', fullUrl: root + plain };
  return targetOf(reference);
}
