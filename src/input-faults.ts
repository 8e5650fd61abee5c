import type { FieldFault } from './domain-error.js';

/** The parts of a schema library's issue that a fault is made of. */
interface SchemaIssue {
  readonly code?: string;
  readonly path?: readonly unknown[];
  readonly message: string;
  readonly keys?: readonly string[];
  readonly input?: unknown;
}

const CODES: Readonly<Record<string, string>> = {
  invalid_type: 'wrong-type',
  invalid_value: 'not-allowed',
  invalid_union: 'not-allowed',
  invalid_format: 'wrong-format',
  too_big: 'out-of-range',
  too_small: 'out-of-range',
  not_multiple_of: 'out-of-range',
};

const segment = (part: unknown): string => {
  const key = typeof part === 'object' && part !== null && 'key' in part ? part.key : part;
  return String(key).replaceAll('~', '~0').replaceAll('/', '~1');
};

const pointerTo = (path: readonly unknown[]): string => path.map((part) => `/${segment(part)}`).join('');

/** The issues of a zod schema as faults, each with the JSON pointer of its field; a field too many is named itself. */
export function faultsOfIssues(issues: readonly SchemaIssue[]): FieldFault[] {
  return issues.flatMap((issue) => {
    const path = issue.path ?? [];
    if (issue.code === 'unrecognized_keys') {
      return (issue.keys ?? []).map((key) => ({
        pointer: pointerTo([...path, key]),
        code: 'unknown-field',
        message: `There is no field ${key} here.`,
      }));
    }
    const missing = issue.code === 'invalid_type' && issue.message.endsWith('received undefined');
    return [
      {
        pointer: pointerTo(path),
        code: missing ? 'required' : (CODES[issue.code ?? ''] ?? 'invalid'),
        message: missing ? 'This field is required.' : issue.message,
      },
    ];
  });
}
