import type { FieldFault } from '../domain-error.js';
import type { Message } from '../../guideline/message.js';
import { msg } from '../messages/dictionary.js';
import { readIssue } from '../messages/issues.js';

/** The parts of a schema library's issue from which a validation error is made. */
interface SchemaIssue {
  readonly code?: string;
  readonly path?: readonly unknown[];
  readonly message: string;
  readonly keys?: readonly string[];
  /** The issues of each alternative of a union. */
  readonly errors?: readonly (readonly SchemaIssue[])[];
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

/** The JSON pointer (RFC 6901) of these steps. */
export const pointerTo = (path: readonly unknown[]): string =>
  path.map((part) => `/${segment(part)}`).join('');

/**
 * The issues of a zod schema as validation errors, each with the JSON pointer of its field. An unknown field has an
 * error of its own.
 */
export function faultsOfIssues(issues: readonly SchemaIssue[]): FieldFault[] {
  return issues.flatMap((issue) => {
    const path = issue.path ?? [];
    const nearest = nearestAlternative(issue);
    if (nearest)
      return faultsOfIssues(nearest.map((one) => ({ ...one, path: [...path, ...(one.path ?? [])] })));
    if (issue.code === 'unrecognized_keys') {
      return (issue.keys ?? []).map((key) => ({
        pointer: pointerTo([...path, key]),
        code: 'unknown-field',
        message: msg('unknown-field', { field: key }),
      }));
    }
    const message = readIssue(issue.message);
    return [{ pointer: pointerTo(path), code: codeOf(issue, message), message }];
  });
}

const codeOf = ({ code }: SchemaIssue, message: Message): string =>
  message.key === 'required' ? 'required' : (CODES[code ?? ''] ?? 'invalid');

/** The issues of the alternative that is nearest to the value; undefined where the issue is not about a union. */
function nearestAlternative({ errors }: SchemaIssue): readonly SchemaIssue[] | undefined {
  const weight = (issues: readonly SchemaIssue[]): number =>
    issues.reduce((sum, { keys }) => sum + (keys?.length ?? 1), 0);
  return errors?.reduce<readonly SchemaIssue[] | undefined>(
    (best, one) => (best === undefined || weight(one) < weight(best) ? one : best),
    undefined,
  );
}
