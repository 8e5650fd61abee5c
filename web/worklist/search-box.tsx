import { type SyntheticEvent, useEffect, useRef, useState } from 'react';
import { useCommands } from '../commands/commands.js';
import { usePlace } from '../routing/place.js';
import { useWords } from '../words/use-words.js';
import { worklistWords } from './worklist-words.js';

/** Finds patients by whole number, name or phone. What is typed stays on the page: no address may name a patient. */
export function SearchBox({
  searched,
  onSearch,
}: {
  readonly searched: string;
  readonly onSearch: (text: string) => void;
}) {
  const words = useWords(worklistWords);
  const [typed, setTyped] = useState(searched);
  const ref = useRef<HTMLInputElement>(null);
  const { hash } = usePlace();
  const focus = (): void => ref.current?.select();
  useCommands([
    { id: 'find', title: words.search, group: words.viewing, keys: ['/'], isKeyOnly: true, run: focus },
  ]);
  useEffect(() => {
    if (hash === 'search') focus(); // the key was pressed on another page
  }, [hash]);
  useEffect(() => setTyped(searched), [searched]);
  const submit = (event: SyntheticEvent): void => {
    event.preventDefault();
    onSearch(typed.trim());
    ref.current?.blur();
  };
  return (
    <form className="search-box" role="search" onSubmit={submit}>
      <input
        ref={ref}
        type="search"
        aria-label={words.search}
        placeholder={words.searchHint}
        autoComplete="off"
        maxLength={200}
        value={typed}
        onChange={({ target }) => setTyped(target.value)}
        onKeyDown={({ key, nativeEvent }) => {
          if (key !== 'Escape' || nativeEvent.isComposing) return;
          setTyped('');
          onSearch('');
          ref.current?.blur();
        }}
      />
    </form>
  );
}
