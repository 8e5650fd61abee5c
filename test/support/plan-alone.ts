const OF_STEPS = ['etag', 'step', 'stepOn', 'stepUntil', 'completedBy'];

/** The items of a schedule without what people did about them: what the guideline plans. */
// oxlint-disable-next-line typescript/no-explicit-any -- answers are untyped in tests
export const planAlone = (items: readonly object[]): any[] =>
  items.map((item) =>
    Object.fromEntries(Object.entries(item).filter(([field]) => !OF_STEPS.includes(field))),
  );
