import { useState } from 'react';

/** By name. They end with the document, and another person begins with a new one. */
const drafts = new Map<string, unknown>();

/** What is typed, kept while the reader looks at another page. */
export function useDraft<Value>(name: string, first: () => Value): readonly [Value, (value: Value) => void] {
  const [value, setValue] = useState(() => (drafts.has(name) ? (drafts.get(name) as Value) : first()));
  const put = (next: Value): void => {
    drafts.set(name, next);
    setValue(next);
  };
  return [value, put];
}
