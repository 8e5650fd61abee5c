import { type ElementRule, R4Definitions } from './definitions.js';
import { bundleFaults, invariantFaults } from './invariants.js';
import { PRIMITIVES } from './primitive-forms.js';

type Json = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const plainType = (code: string): string =>
  code.replace('http://hl7.org/fhirpath/System.', '').replace(/^String$/, 'string');

/**
 * Checks resources against the base definitions of R4: names, numbers and forms of elements, one value of a choice,
 * required codes, and the invariants of `invariants.ts`. Shares no code with the program or with the two validators.
 */
export class ResourceChecker {
  private readonly definitions = new R4Definitions();

  /** The faults of a document in JSON. */
  checkText(text: string): string[] {
    try {
      return this.check(JSON.parse(text.replace(/^\uFEFF/, '')));
    } catch (error) {
      return [`no JSON: ${String(error)}`];
    }
  }

  /** The faults of a resource, each with its place; empty: there are none. */
  check(resource: unknown): string[] {
    const faults: string[] = [];
    this.resource(resource, '', faults);
    return faults;
  }

  private resource(value: unknown, at: string, faults: string[]): void {
    const type = isObject(value) ? value['resourceType'] : undefined;
    if (!isObject(value) || typeof type !== 'string' || !this.definitions.resourceTypes.has(type)) {
      faults.push(`${at} is no resource`);
      return;
    }
    const place = at === '' ? type : `${at}(${type})`;
    const elements = Object.fromEntries(Object.entries(value).filter(([name]) => name !== 'resourceType'));
    this.elements(elements, type, place, faults);
    faults.push(...invariantFaults(value).map((fault) => `${place}: ${fault}`));
    if (type === 'Bundle') faults.push(...bundleFaults(value).map((fault) => `${place}: ${fault}`));
  }

  /** The elements of an object of this type, or of the element at this path of a definition. */
  private elements(value: Json, path: string, at: string, faults: string[]): void {
    const seen = new Set<string>();
    if (Object.keys(value).length === 0 && !this.definitions.resourceTypes.has(path))
      faults.push(`${at} is empty`);
    const rules = this.definitions.childrenOf(path);
    for (const rule of rules) {
      const name = rule.path.slice(path.length + 1);
      const forms = name.endsWith('[x]')
        ? choicesOf(name, rule)
        : [[name, rule.type?.[0]?.code ?? ''] as const];
      const present = forms.filter(([form]) => form in value || `_${form}` in value);
      if (present.length > 1) faults.push(`${at} has ${present.map(([form]) => form).join(' and ')}`);
      if (present.length === 0 && rule.min > 0) faults.push(`${at} has no ${name}`);
      for (const [form, code] of present) {
        seen.add(form).add(`_${form}`);
        this.element(value[form], value[`_${form}`], { rule, code, at: `${at}.${form}` }, faults);
      }
    }
    for (const name of Object.keys(value))
      if (!seen.has(name)) faults.push(`${at} has an unknown element ${name}`);
  }

  private element(
    value: unknown,
    extra: unknown,
    about: { readonly rule: ElementRule; readonly code: string; readonly at: string },
    faults: string[],
  ): void {
    const { rule, at } = about;
    const isList = rule.max !== '1' && rule.max !== '0';
    if (Array.isArray(value ?? extra) !== isList) {
      faults.push(`${at} is ${isList ? 'no' : 'a'} list`);
      return;
    }
    if (!isList) {
      this.single(value, extra, about, faults);
      return;
    }
    const [values, extras] = [value ?? [], extra ?? []] as [unknown[], unknown[]];
    const count = Math.max(values.length, extras.length);
    if (count === 0) faults.push(`${at} is an empty list`);
    if (count < rule.min) faults.push(`${at} has ${count} entries, not ${rule.min}`);
    for (let index = 0; index < count; index++)
      this.single(
        values[index] ?? undefined,
        extras[index] ?? undefined,
        { ...about, at: `${at}[${index}]` },
        faults,
      );
  }

  private single(
    value: unknown,
    extra: unknown,
    { rule, code, at }: { readonly rule: ElementRule; readonly code: string; readonly at: string },
    faults: string[],
  ): void {
    const [owner = '', name] = rule.path.split('.');
    // The definitions say that the id of a resource is a string; the specification says that it is an id.
    const type =
      name === 'id' && this.definitions.resourceTypes.has(owner) && rule.path.split('.').length === 2
        ? 'id'
        : plainType(code);
    const isPrimitive = Object.hasOwn(PRIMITIVES, type);
    if (extra !== undefined) {
      if (!isPrimitive || !isObject(extra)) faults.push(`${at} has no properties beside its value`);
      else this.elements(extra, 'Element', at, faults);
    }
    if (value === undefined || value === null) {
      if (extra === undefined) faults.push(`${at} is null`);
      return;
    }
    if (isPrimitive) {
      if (!PRIMITIVES[type]?.(value))
        faults.push(`${at} is no ${type}: ${JSON.stringify(value).slice(0, 60)}`);
    } else if (!isObject(value)) faults.push(`${at} is no ${type}`);
    else if (type === 'Resource' || this.definitions.resourceTypes.has(type))
      this.resource(value, at, faults);
    else {
      const path =
        rule.contentReference?.slice(1) ??
        (this.definitions.childrenOf(rule.path).length > 0 ? rule.path : type);
      this.elements(value, path, at, faults);
      faults.push(...invariantFaults(value, type).map((fault) => `${at}: ${fault}`));
    }
    this.required(value, rule, code, at, faults);
  }

  /** A code of a required binding is one of the value set's, where that needs no terminology server. */
  private required(
    value: unknown,
    { binding }: ElementRule,
    code: string,
    at: string,
    faults: string[],
  ): void {
    if (binding?.strength !== 'required' || binding.valueSet === undefined) return;
    const codes = this.definitions.codesOf(binding.valueSet);
    const given = codesGiven(value, code);
    if (codes === null || given === null || given.some((one) => codes.has(String(one)))) return;
    faults.push(
      `${at}: ${given.length === 0 ? 'no code' : given.join(' and ')}, where one of ${binding.valueSet} is required`,
    );
  }
}

/** The codes of a value, of which one has to be right; null: no code is needed, as in a quantity without one. */
function codesGiven(value: unknown, type: string): unknown[] | null {
  if (!isObject(value)) return [value];
  if (type === 'CodeableConcept') return ((value['coding'] ?? []) as Json[]).map(({ code }) => code);
  return value['code'] === undefined ? null : [value['code']];
}

/** The names that a choice can have, each with its type: `valueString`, `valueQuantity`. */
const choicesOf = (name: string, { type = [] }: ElementRule): (readonly [string, string])[] =>
  type.map(({ code }) => [name.replace('[x]', code.charAt(0).toUpperCase() + code.slice(1)), code]);
