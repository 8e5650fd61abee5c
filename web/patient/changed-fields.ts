/** What a form shows, by the name of the field; an empty text is no value. */
export type Fields = Readonly<Record<string, string>>;

/** Only what was changed, so that two people who change different fields do not undo each other. */
export const changedFields = (before: Fields, after: Fields): Readonly<Record<string, string | null>> =>
  Object.fromEntries(
    Object.entries(after)
      .map(([name, value]) => [name, value.trim()] as const)
      .filter(([name, value]) => value !== (before[name] ?? ''))
      .map(([name, value]) => [name, value === '' ? null : value]),
  );
