import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CORE_SCHEMA, load, mergeTag } from 'js-yaml';
import { CHECKOUT } from '../../src/platform/checkout.js';

export interface ComposeService {
  readonly image: string;
  readonly command?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly ports?: readonly string[];
  readonly volumes?: readonly string[];
}

export interface ComposeFile {
  readonly services: Readonly<Record<string, ComposeService>>;
  readonly networks: { readonly default: { readonly ipam: { readonly config: readonly Subnet[] } } };
}

interface Subnet {
  readonly subnet: string;
  readonly gateway: string;
}

const TEXT = readFileSync(join(CHECKOUT, 'docker-compose.yml'), 'utf8');
const VARIABLE = /\$\{(\w+)(?::([-?])([^}]*))?\}/g;

/** The variables that docker-compose.yml takes from .env. */
export const composeVariables = (): string[] => [
  ...new Set([...TEXT.matchAll(VARIABLE)].map(([, name = '']) => name)),
];

/** docker-compose.yml, filled in with these variables like Compose does: after parsing, text by text. */
export function composeFile(variables: Readonly<Record<string, string>>): ComposeFile {
  const filledIn = (text: string): string =>
    text.replace(VARIABLE, (whole, name: string, kind?: string, rest = '') => {
      const value = variables[name] ?? '';
      if (value !== '' || kind === undefined) return value;
      if (kind === '-') return rest as string;
      throw new Error(`${whole}: ${rest as string}`);
    });
  // Compose merges `<<`, which YAML 1.2 no longer has.
  const parsed = load(TEXT, { schema: CORE_SCHEMA.withTags(mergeTag) });
  return JSON.parse(JSON.stringify(parsed), (_, value: unknown) =>
    typeof value === 'string' ? filledIn(value) : value,
  ) as ComposeFile;
}
