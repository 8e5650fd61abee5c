/** One role for one value of the claim. A value with two roles has two lines. */
export interface RoleLine {
  readonly value: string;
  readonly role: string;
}

export const linesOf = (map: Readonly<Record<string, readonly string[]>>): readonly RoleLine[] =>
  Object.entries(map).flatMap(([value, roles]) => roles.map((role) => ({ value, role })));

/** Lines without a value are left out. */
export function roleMapOf(lines: readonly RoleLine[]): Readonly<Record<string, readonly string[]>> {
  const map: Record<string, string[]> = {};
  for (const { value, role } of lines) {
    const name = value.trim();
    if (name !== '') map[name] = [...new Set([...(map[name] ?? []), role])];
  }
  return map;
}
