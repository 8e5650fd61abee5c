/** The keys in pasted text: a JSON Web Key Set, a list of keys, or one key. Undefined: it is no JSON. */
export function keysIn(typed: string): readonly unknown[] | undefined {
  let value: unknown;
  try {
    value = JSON.parse(typed);
  } catch {
    return undefined;
  }
  if (Array.isArray(value)) return value as unknown[];
  if (typeof value !== 'object' || value === null) return undefined;
  return 'keys' in value && Array.isArray(value.keys) ? (value.keys as unknown[]) : [value];
}
