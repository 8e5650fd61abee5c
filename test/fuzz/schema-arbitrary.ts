import fc from 'fast-check';
import type { OpenAPIObject } from '@nestjs/swagger';

/** The part of JSON Schema that our document uses. */
export interface Schema {
  readonly $ref?: string;
  readonly type?: string;
  readonly format?: string;
  readonly pattern?: string;
  readonly nullable?: boolean;
  readonly enum?: readonly unknown[];
  readonly oneOf?: readonly Schema[];
  readonly anyOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
  readonly not?: Schema;
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | Schema;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
}

/** Placeholder in a request for a value of an earlier answer: an id, an mrn, a cursor. `which` is from 0 to 1. */
export class Pick {
  constructor(
    readonly kind: string,
    readonly which: number,
  ) {}
}

export const pick = (kind: string): fc.Arbitrary<Pick> =>
  fc.double({ min: 0, max: 1, noNaN: true }).map((which) => new Pick(kind, which));

/** Values with a meaning for the program that the schema alone does not express, by the name of the field. */
export type Hints = Readonly<Record<string, fc.Arbitrary<unknown>>>;

/** One time of ten. */
export const seldom = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.oneof({ weight: 1, arbitrary }, { weight: 9, arbitrary: fc.constant(undefined) });

/** Fields for which most values cause a refusal of the whole request. */
const SELDOM_SENT = new Set(['tls', 'oauth2', 'robotSecret', 'identityNumber']);

/** Values that the schema allows. A field with a hint uses it nine times of ten. */
export class SchemaArbitrary {
  constructor(
    private readonly document: OpenAPIObject,
    private readonly hints: Hints,
  ) {}

  of(schema: Schema, name = ''): fc.Arbitrary<unknown> {
    const plain = this.plain(schema, name);
    const hint = this.hints[name];
    const hinted = hint ? fc.oneof({ weight: 9, arbitrary: hint }, { weight: 1, arbitrary: plain }) : plain;
    return schema.nullable ? fc.option(hinted, { freq: 4 }) : hinted;
  }

  private plain(schema: Schema, name: string): fc.Arbitrary<unknown> {
    if (schema.$ref !== undefined) return this.of(this.resolve(schema.$ref), name);
    if (schema.enum) return fc.constantFrom(...schema.enum);
    const alternatives = schema.oneOf ?? schema.anyOf;
    if (alternatives) return fc.oneof(...alternatives.map((one) => this.of(one, name)));
    if (Object.keys(schema).length === 0) return fc.jsonValue({ maxDepth: 1 }); // any value
    if (schema.allOf?.length === 1) return this.of(schema.allOf[0]!, name);
    switch (schema.type) {
      case 'string':
        return text(schema);
      case 'integer':
        return fc.integer({ min: schema.minimum ?? -5, max: Math.min(schema.maximum ?? 500, 2 ** 31 - 1) });
      case 'number':
        return fc.double({ min: schema.minimum ?? -1e6, max: schema.maximum ?? 1e6, noNaN: true });
      case 'boolean':
        return fc.boolean();
      case 'array':
        return fc.array(this.of(schema.items ?? {}, name), {
          minLength: schema.minItems ?? 0,
          maxLength: Math.max(schema.minItems ?? 0, Math.min(schema.maxItems ?? 5, 5)),
        });
      case 'object':
        return this.object(schema);
      default:
        throw new Error(`No values for this schema: ${JSON.stringify(schema)}`);
    }
  }

  private object({ properties = {}, required = [], additionalProperties }: Schema): fc.Arbitrary<unknown> {
    const permitted = Object.entries(properties).filter(([, schema]) => !isNever(schema));
    const fields = permitted.map(([key, schema]) => {
      const value = this.of(schema, key);
      return [key, SELDOM_SENT.has(key) ? seldom(value) : value] as const;
    });
    const known = fc.record(Object.fromEntries(fields), { requiredKeys: [...required] });
    if (typeof additionalProperties !== 'object') return known;
    const keys = (this.hints['*'] ?? fc.string()) as fc.Arbitrary<string>;
    const others = fc.dictionary(keys, this.of(additionalProperties), { maxKeys: 3, noNullPrototype: true });
    return fc.tuple(known, others).map(([a, b]) => ({ ...b, ...a }));
  }

  resolve(ref: string): Schema {
    const name = ref.replace('#/components/schemas/', '');
    return this.document.components?.schemas?.[name] as Schema;
  }
}

/** A field that no request may have. */
const isNever = ({ not }: Schema): boolean => not !== undefined && Object.keys(not).length === 0;

/** A calendar day between two years, in the notation of the API. */
export const day = (from: number, to: number): fc.Arbitrary<string> =>
  fc
    .date({ min: new Date(`${from}-01-01`), max: new Date(`${to}-12-31`), noInvalidDate: true })
    .map((date) => date.toISOString().slice(0, 10));

const words = fc.constantFrom('李敏', '王芳', 'nurse.li', 'Dr. Chen', '随访', '𠮷田', 'Ünïcödé', 'a', '0');

function text({ format, pattern, minLength = 0, maxLength = 60 }: Schema): fc.Arbitrary<unknown> {
  if (format === 'uuid') return fc.uuid();
  if (format === 'date') return day(1950, 2040);
  if (format === 'date-time')
    return fc.date({ min: new Date(0), noInvalidDate: true }).map((date) => date.toISOString());
  if (format === 'uri') return fc.webUrl();
  if (pattern !== undefined && !pattern.startsWith('^[^')) return matching(new RegExp(pattern));
  const free = fc.string({ unit: 'grapheme', minLength, maxLength: Math.min(maxLength, 60) });
  return fc.oneof(words, free, fc.constant('长'.repeat(maxLength)));
}

/**
 * The library cannot draw text for a lookahead: the text is drawn without it, and kept when the whole pattern
 * matches.
 */
const matching = (pattern: RegExp): fc.Arbitrary<string> =>
  fc
    .stringMatching(new RegExp(pattern.source.replace(/\(\?[!=][^()]*\)/g, '')))
    .filter((drawn) => pattern.test(drawn));
