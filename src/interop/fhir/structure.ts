import { BACKBONES, DATA_TYPES, RESOURCES } from './r4-elements.js';
import { isPrimitive, isPrimitiveValue } from './primitives.js';

/** One element of a type, as `r4-elements.ts` declares it. */
export interface ElementDefinition {
  readonly name: string;
  readonly types: readonly string[];
  /** Has a name for each of its types: `valueQuantity`, `valueString`. */
  readonly isChoice: boolean;
  readonly isRequired: boolean;
  readonly isList: boolean;
  /** The codes of a required binding. */
  readonly codes?: readonly string[];
}

const ELEMENT = 'id:string extension:Extension*';
const BACKBONE = `${ELEMENT} modifierExtension:Extension*`;
const RESOURCE = 'id:id meta:Meta implicitRules:uri language:code';
const DOMAIN_RESOURCE = `${RESOURCE} text:Narrative contained:Resource* extension:Extension* modifierExtension:Extension*`;

const TYPES: ReadonlyMap<string, ReadonlyMap<string, ElementDefinition>> = new Map([
  ['Element', byName(ELEMENT)],
  ...typesOf(DATA_TYPES, () => ELEMENT),
  ...typesOf(BACKBONES, () => BACKBONE),
  ...typesOf(RESOURCES, (type) => (type === 'Bundle' ? RESOURCE : DOMAIN_RESOURCE)),
]);

/** The elements of a data type or resource by their names in JSON; undefined: the type is not declared. */
export const elementsOf = (type: string): ReadonlyMap<string, ElementDefinition> | undefined =>
  TYPES.get(type);

/** Whether the elements of this resource are declared, so that it can be checked. */
export const isDeclared = (resourceType: string): boolean => Object.hasOwn(RESOURCES, resourceType);

function typesOf(
  declared: Readonly<Record<string, string>>,
  inherited: (type: string) => string,
): [string, ReadonlyMap<string, ElementDefinition>][] {
  return Object.entries(declared).map(([type, text]) => [type, byName(`${inherited(type)} ${text}`)]);
}

function byName(text: string): ReadonlyMap<string, ElementDefinition> {
  const elements = text.split(' ').map(definitionOf);
  return new Map(
    elements.flatMap((one) =>
      one.isChoice
        ? one.types.map((type): [string, ElementDefinition] => [
            `${one.name}${capitalized(type)}`,
            { ...one, types: [type] },
          ])
        : [[one.name, one]],
    ),
  );
}

function definitionOf(text: string): ElementDefinition {
  const [, name = '', choice, types = '', codes, cardinality = ''] =
    /^(\w+)(\[x\])?:([\w.|]+)(?:\((.+)\))?([!*+])?$/.exec(text) ?? [];
  if (name === '') throw new Error(`No element: ${text}`);
  return {
    name,
    types: types.split('|'),
    isChoice: choice !== undefined,
    isRequired: '!+'.includes(cardinality) && cardinality !== '',
    isList: '*+'.includes(cardinality) && cardinality !== '',
    ...(codes !== undefined && { codes: codes.split(',') }),
  };
}

function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** What is wrong with a resource, at which FHIRPath expression. */
export interface StructureProblem {
  readonly expression: string;
  readonly kind:
    | 'not-a-resource'
    | 'unknown-element'
    | 'wrong-type'
    | 'required'
    | 'empty'
    | 'not-in-list'
    | 'wrong-format'
    | 'one-of-choice'
    | 'modifier-extension'
    | 'implicit-rules'
    | 'nested-contained'
    | 'missing-contained'
    | 'invariant';
  /** The type that is expected, the codes that are possible, or the key of the invariant. */
  readonly expected?: string;
}

/** More problems than these do not help the sender. */
const MOST_PROBLEMS = 50;

/** Checks resources against the declared elements of R4. */
export class StructureCheck {
  readonly problems: StructureProblem[] = [];

  /** The resources inside an entry of a Bundle have checks of their own. */
  constructor(private readonly checksEntries: boolean) {}

  resource(value: unknown, at: string, isContained = false): void {
    const type = resourceTypeOf(value);
    if (type === undefined) return this.add(at, 'not-a-resource');
    if (!isDeclared(type)) return;
    const elements = Object.fromEntries(
      Object.entries(value as object).filter(([name]) => name !== 'resourceType'),
    );
    if (isContained && 'contained' in elements) this.add(`${at}.contained`, 'nested-contained');
    this.complex(elements, type, at);
  }

  private add(expression: string, kind: StructureProblem['kind'], expected?: string): void {
    if (this.problems.length < MOST_PROBLEMS)
      this.problems.push({ expression, kind, ...(expected !== undefined && { expected }) });
  }

  private complex(value: unknown, type: string, at: string): void {
    if (!isObject(value)) return this.add(at, 'wrong-type', type);
    const elements = elementsOf(type);
    if (elements === undefined) return; // a data type that no resource read here has, inside an extension
    const present = Object.keys(value);
    if (present.length === 0) return this.add(at, 'empty');
    const choices = new Map<string, string>();
    for (const key of present) {
      const name = key.startsWith('_') ? key.slice(1) : key;
      const element = elements.get(name);
      if (element === undefined) {
        this.add(`${at}.${key}`, 'unknown-element');
        continue;
      }
      const path = `${at}.${element.name}`;
      const other = choices.get(element.name);
      if (element.isChoice && other !== undefined && other !== name) this.add(path, 'one-of-choice');
      choices.set(element.name, name);
      if (key.startsWith('_')) this.primitiveExtension(value[key], element, path);
      else this.element(value[key], element, path);
    }
    for (const element of new Set(elements.values()))
      if (element.isRequired && !choices.has(element.name)) this.add(`${at}.${element.name}`, 'required');
    for (const key of invariantsBroken(type, value)) this.add(at, 'invariant', key);
  }

  private element(value: unknown, element: ElementDefinition, path: string): void {
    if (!element.isList) return this.single(value, element, path);
    if (!Array.isArray(value)) return this.add(path, 'wrong-type', 'list');
    if (value.length === 0) return this.add(path, 'empty');
    // A null has its meaning in the list of the same name with `_`.
    for (const [index, one] of value.entries())
      if (one !== null || !isPrimitive(element.types[0] ?? ''))
        this.single(one, element, `${path}[${index}]`);
  }

  private single(value: unknown, { name, types: [type = ''], codes }: ElementDefinition, path: string): void {
    if (name === 'modifierExtension') this.add(path, 'modifier-extension');
    if (name === 'implicitRules') this.add(path, 'implicit-rules');
    if (type === 'Resource') {
      if (name === 'contained' || this.checksEntries) this.resource(value, path, name === 'contained');
      else if (resourceTypeOf(value) === undefined) this.add(path, 'not-a-resource');
      return;
    }
    if (!isPrimitive(type)) return this.complex(value, type, path);
    if (value === '') return this.add(path, 'empty');
    if (!isPrimitiveValue(type, value)) return this.add(path, 'wrong-format', type);
    if (codes !== undefined && !codes.includes(String(value)))
      this.add(path, 'not-in-list', codes.join(', '));
  }

  private primitiveExtension(value: unknown, element: ElementDefinition, path: string): void {
    if (!isPrimitive(element.types[0] ?? '')) return this.add(path, 'unknown-element');
    const list = element.isList ? value : [value];
    if (!Array.isArray(list)) return this.add(path, 'wrong-type', 'list');
    for (const one of list) if (one !== null) this.complex(one, 'Element', path);
  }
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const RESOURCE_TYPE = /^[A-Z][A-Za-z]{2,63}$/;

/** The type of a resource; undefined: the value is none. */
export function resourceTypeOf(value: unknown): string | undefined {
  const type = isObject(value) ? value['resourceType'] : undefined;
  return typeof type === 'string' && RESOURCE_TYPE.test(type) ? type : undefined;
}

/** The invariants of R4 that the program relies on, by the type that they constrain. */
const INVARIANTS: Readonly<
  Record<string, Readonly<Record<string, (value: Readonly<Record<string, unknown>>) => boolean>>>
> = {
  Extension: {
    'ext-1': (value) => 'extension' in value !== Object.keys(value).some((key) => /^_?value[A-Z]/.test(key)),
  },
  Period: { 'per-1': ({ start, end }) => !isAfter(start, end) },
  Quantity: { 'qty-3': ({ code, system }) => code === undefined || system !== undefined },
  Attachment: { 'att-1': ({ data, contentType }) => data === undefined || contentType !== undefined },
  ContactPoint: { 'cpt-2': ({ value, system }) => value === undefined || system !== undefined },
  Reference: {
    'ref-1': ({ reference }) => reference === undefined || reference !== '#',
  },
  'Patient.contact': {
    'pat-1': (value) => ['name', 'telecom', 'address', 'organization'].some((key) => key in value),
  },
  'Condition.stage': { 'con-1': (value) => 'summary' in value || 'assessment' in value },
  'Condition.evidence': { 'con-2': (value) => 'code' in value || 'detail' in value },
  Condition: {
    'con-4': (value) =>
      !Object.keys(value).some((key) => key.startsWith('abatement')) ||
      ['inactive', 'resolved', 'remission'].includes(codeIn(value['clinicalStatus']) ?? ''),
    'con-5': (value) =>
      codeIn(value['verificationStatus']) !== 'entered-in-error' || !('clinicalStatus' in value),
  },
  'Observation.referenceRange': { 'obs-3': (value) => ['low', 'high', 'text'].some((key) => key in value) },
  Observation: {
    'obs-6': (value) =>
      !('dataAbsentReason' in value) || !Object.keys(value).some((key) => /^value[A-Z]/.test(key)),
  },
  Appointment: {
    'app-2': ({ start, end }) => (start === undefined) === (end === undefined),
    'app-3': ({ start, status }) =>
      start !== undefined || ['proposed', 'cancelled', 'waitlist', 'pending'].includes(String(status)),
    'app-4': (value) =>
      !('cancelationReason' in value) || ['cancelled', 'noshow'].includes(String(value['status'])),
  },
  'Appointment.participant': { 'app-1': (value) => 'type' in value || 'actor' in value },
};

const invariantsBroken = (type: string, value: Readonly<Record<string, unknown>>): string[] =>
  Object.entries(INVARIANTS[type] ?? {}).flatMap(([key, holds]) => (holds(value) ? [] : [key]));

/** Whether one time is surely later; times of different precision are compared as far as both go. */
function isAfter(start: unknown, end: unknown): boolean {
  if (typeof start !== 'string' || typeof end !== 'string') return false;
  if (start.length > 10 && end.length > 10) return Date.parse(start) > Date.parse(end);
  const length = Math.min(start.length, end.length, 10);
  // A time of day with an offset may lie on the neighbouring day.
  return start.length > 10 || end.length > 10 ? false : start.slice(0, length) > end.slice(0, length);
}

function codeIn(concept: unknown): string | undefined {
  const [coding] =
    isObject(concept) && Array.isArray(concept['coding']) ? (concept['coding'] as unknown[]) : [];
  return isObject(coding) && typeof coding['code'] === 'string' ? coding['code'] : undefined;
}
