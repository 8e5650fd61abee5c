import { useCallback, useState } from 'react';
import { useMe } from '../calls/me.js';
import { keep, kept } from '../words/kept.js';
import { type ColumnId, COLUMNS } from './columns.js';

const STANDARD = COLUMNS.filter(({ isStandard }) => isStandard).map(({ id }) => id);

/** The columns that this person chose on this computer. The patient is always shown. */
export function useChosenColumns(): readonly [
  chosen: readonly ColumnId[],
  choose: (chosen: readonly ColumnId[]) => void,
] {
  const key = `columns.${useMe().id}`;
  const [chosen, setChosen] = useState<readonly ColumnId[]>(() => read(kept(key)) ?? STANDARD);
  const choose = useCallback(
    (next: readonly ColumnId[]) => {
      keep(key, next.join(' '));
      setChosen(next);
    },
    [key],
  );
  return [chosen, choose];
}

function read(written: string | undefined): readonly ColumnId[] | undefined {
  if (written === undefined) return undefined;
  const names = written.split(' ');
  return COLUMNS.map(({ id }) => id).filter((id) => id === 'patient' || names.includes(id));
}
