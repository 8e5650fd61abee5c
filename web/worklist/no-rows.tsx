import { EmptyState } from '../parts/empty-state.js';
import { useWords } from '../words/use-words.js';
import { noRowsWords } from './no-rows-words.js';
import { ALL_FILTERS, type WorklistAddress } from './worklist-address.js';

/** Why a list has no rows, and what would fill it. */
export default function NoRows({
  address,
  searched,
}: {
  readonly address: WorklistAddress;
  readonly searched: string;
}) {
  const words = useWords(noRowsWords);
  const isFiltered = ALL_FILTERS.some((name) => address[name] !== undefined);
  if (searched !== '') return <EmptyState title={words.nothingFound}>{words.nothingFoundHelp}</EmptyState>;
  return (
    <EmptyState title={words.nothing}>
      <p>{words.empty[address.list]}</p>
      {isFiltered && <p>{words.noneWithFilter}</p>}
    </EmptyState>
  );
}
