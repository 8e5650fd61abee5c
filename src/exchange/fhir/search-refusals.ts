import type { OperationOutcome } from 'fhir/r4.js';
import type { Language } from '../../guideline/guideline.js';
import type { Message } from '../../guideline/message.js';
import { issueOf } from '../../interop/fhir/operation-outcome.js';
import {
  MOST_VALUES,
  type Search,
  type SearchFault,
  type SearchParameter,
} from '../../interop/fhir/search-parameters.js';
import { DomainError, type FieldFault } from '../../platform/domain-error.js';
import { pointerTo } from '../../platform/http/input-faults.js';
import { msg, render } from '../../platform/messages/dictionary.js';

/** A type of resources, as far as a refused search names it. */
export interface SearchedType {
  readonly type: string;
  readonly parameters: readonly SearchParameter[];
  readonly includes: readonly string[];
}

/**
 * Refuses (400) a search with validation errors. Unknown parameters are refused if `isStrict`. If not, they are ignored, and the
 * returned outcome names them.
 */
export function refuseSearch(
  { faults }: Search,
  searched: SearchedType,
  { isStrict, language }: { readonly isStrict: boolean; readonly language: Language },
): OperationOutcome | undefined {
  const refused = faults.filter(({ fault }) => isStrict || fault !== 'unknown');
  if (refused.length > 0) {
    const named = refused.map((fault) => faultOf(fault, searched));
    const text = msg('fhir-wrong-search', { faults: named.map(({ message }) => message) });
    throw new DomainError('malformed', 'fhir-wrong-search', text, named);
  }
  if (faults.length === 0) return undefined;
  const parameters = faults.map(({ parameter }) => parameter.slice(0, LONGEST_QUOTED));
  const text = render(
    msg('fhir-ignored-parameters', { type: searched.type, parameters, taken: namesOf(searched) }),
    language,
  );
  return {
    resourceType: 'OperationOutcome',
    issue: [issueOf('warning', 'not-supported', { code: 'fhir-ignored-parameters', text })],
  };
}

const LONGEST_QUOTED = 64;

const namesOf = ({ parameters }: SearchedType): string[] => parameters.map(({ name }) => name);

const FORMS = {
  token: msg('fhir-form-token'),
  reference: msg('fhir-form-reference'),
  date: msg('fhir-form-date'),
  uri: msg('fhir-form-uri'),
} as const;

function faultOf({ parameter, fault, value }: SearchFault, searched: SearchedType): FieldFault {
  const { type, parameters, includes } = searched;
  const quoted = { parameter: parameter.slice(0, LONGEST_QUOTED), value: value.slice(0, LONGEST_QUOTED) };
  const form = FORMS[parameters.find(({ name }) => name === parameter.split(':')[0])?.type ?? 'token'];
  const included = includes.map((name) => `${type}:${name}`);
  const texts: Readonly<Record<SearchFault['fault'], () => readonly [string, Message]>> = {
    unknown: () => [
      'unknown-parameter',
      msg('fhir-unknown-parameter', { ...quoted, type, taken: namesOf(searched) }),
    ],
    value: () => ['wrong-format', msg('fhir-wrong-value', { ...quoted, form })],
    modifier: () => [
      'not-allowed',
      msg('fhir-unsupported-modifier', { parameter: quoted.parameter, modifier: quoted.value }),
    ],
    include: () => ['not-allowed', msg('fhir-wrong-include', { value: quoted.value, type, taken: included })],
    count: () => ['wrong-format', msg('fhir-wrong-count', { value: quoted.value })],
    repeated: () => ['repeated-parameter', msg('fhir-repeated', { parameter: quoted.parameter })],
    'too-many': () => ['out-of-range', msg('fhir-too-many-values', { most: MOST_VALUES })],
  };
  const [code, message] = texts[fault]();
  return { pointer: pointerTo([quoted.parameter]), code, message };
}
