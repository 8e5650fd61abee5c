import { DomainError, type FieldFault, invalid } from '../../../../platform/domain-error.js';
import { msg } from '../../../../platform/messages/dictionary.js';
import type { Message } from '../../../../guideline/message.js';

/** A validation error whose pointer is the FHIRPath expression of the element. */
export const faultAt = (expression: string, code: string, message: Message): FieldFault => ({
  ...{ pointer: expression, code, message },
});

export const refusedAt = (expression: string, code: string, message: Message): DomainError =>
  invalid('invalid-input', msg('invalid-input'), [faultAt(expression, code, message)]);

/**
 * Runs `work`, whose refusals point into the input of a service, and words them for the sender: `elements` names the
 * expression of each pointer, the longest first. Other pointers become the expression of the resource.
 */
export async function pointedAt<T>(
  resource: string,
  elements: Readonly<Record<string, string>>,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    const expressionOf = (pointer: string): string => {
      const [, element] =
        Object.entries(elements)
          .filter(([from]) => pointer === from || pointer.startsWith(`${from}/`))
          .sort(([a], [b]) => b.length - a.length)[0] ?? [];
      return element === undefined ? resource : `${resource}.${element}`;
    };
    const faults =
      error.faults.length > 0
        ? error.faults.map((fault) => ({ ...fault, pointer: expressionOf(fault.pointer) }))
        : [faultAt(resource, error.code, error.text)];
    throw new DomainError(error.issueType, error.code, error.text, faults, error.extension);
  }
}
