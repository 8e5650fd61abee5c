const nameOf = (key: string): string => `nedwatch.${key}`;

/** What this browser keeps for the next visit; undefined where it keeps nothing, or is forbidden to. */
export function kept(key: string): string | undefined {
  try {
    return localStorage.getItem(nameOf(key)) ?? undefined;
  } catch {
    return undefined;
  }
}

/** Preferences only: never a name, a password or anything about a patient. */
export function keep(key: string, value: string): void {
  try {
    localStorage.setItem(nameOf(key), value);
  } catch {
    // Private windows may forbid it; then the choice ends with the page.
  }
}
