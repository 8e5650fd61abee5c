import { useQuery } from '@tanstack/react-query';
import { memo, Suspense, useState } from 'react';
import { addressOf } from '../calls/http.js';
import { listsQuery } from '../calls/lists.js';
import { useMe } from '../calls/me.js';
import { type Command, useCommands } from '../commands/commands.js';
import { useActivityName } from '../items/item-facts.js';
import { Button } from '../parts/button.js';
import { RemovableChip } from '../parts/chip.js';
import { onDemand } from '../routing/on-demand.js';
import { useWords } from '../words/use-words.js';
import type { ColumnId } from './columns.js';
import { SearchBox } from './search-box.js';
import { ALL_FILTERS, type Filter, isSameQuery, queryOf, type WorklistAddress } from './worklist-address.js';
import { worklistWords } from './worklist-words.js';
import './filter-bar.css';

const FilterDialog = onDemand(() => import('./filter-dialog.js'));
const ColumnsDialog = onDemand(() => import('./columns-dialog.js'));
const SaveListDialog = onDemand(() => import('./save-list-dialog.js'));

interface FilterBarProps {
  readonly address: WorklistAddress;
  readonly searched: string;
  readonly columns: readonly ColumnId[];
  readonly changed: number;
  readonly missedChanges: boolean;
  readonly onFilter: (change: Partial<WorklistAddress>) => void;
  readonly onSearch: (text: string) => void;
  readonly onColumns: (columns: readonly ColumnId[]) => void;
  readonly onRefresh: () => void;
}

/** What the list is narrowed to, and what can be done with the list as a whole. Not drawn again when the cursor moves. */
export const FilterBar = memo(function FilterBar(props: FilterBarProps) {
  const { address, searched, changed, missedChanges, onFilter, onSearch, onRefresh } = props;
  const words = useWords(worklistWords);
  const me = useMe();
  const [open, setOpen] = useState<'filter' | 'columns' | 'save'>();
  const saved = useQuery(listsQuery).data?.saved.find(({ query }) => isSameQuery(query, queryOf(address)));
  const isStale = missedChanges || changed > 0;
  const close = (): void => setOpen(undefined);
  const file = addressOf('/exports/worklist.xlsx', queryOf(address));
  const command = (id: string, title: string, run: () => void): Command => ({
    id,
    title,
    group: words.viewing,
    run,
  });
  useCommands([
    command('filter', words.addFilter, () => setOpen('filter')),
    command('save', words.save, () => setOpen('save')),
    command('columns', words.chooseColumns, () => setOpen('columns')),
    command('export', words.export, () => location.assign(file)),
    command('print', words.print, () => window.print()),
  ]);
  return (
    <div className="filter-bar not-printed">
      <h1>{saved?.name ?? words.lists[address.list]}</h1>
      <SearchBox searched={searched} onSearch={onSearch} />
      {searched !== '' && (
        <RemovableChip removeLabel={words.remove(searched)} onRemove={() => onSearch('')}>
          {words.searched(searched)}
        </RemovableChip>
      )}
      <FilterChips address={address} onRemove={(filter) => onFilter({ [filter]: undefined })} />
      {address.owner === undefined && me.kind === 'person' && (
        <Button kind="quiet" hint="m" onClick={() => onFilter({ owner: 'me' })}>
          {words.onlyMine}
        </Button>
      )}
      <Button kind="quiet" onClick={() => setOpen('filter')}>
        {words.addFilter}
      </Button>
      <span className="filter-bar-space" />
      {isStale && (
        <span className="filter-bar-changed">
          {missedChanges ? words.missedChanges : words.changedRows(changed)}
        </span>
      )}
      <Button kind={isStale ? 'plain' : 'quiet'} hint="u" onClick={onRefresh}>
        {words.refresh}
      </Button>
      <span className="filter-bar-extras">
        <Button kind="quiet" onClick={() => setOpen('save')}>
          {words.save}
        </Button>
        <Button kind="quiet" onClick={() => setOpen('columns')}>
          {words.chooseColumns}
        </Button>
        <a className="button button-quiet" href={file} download>
          {words.export}
        </a>
        <Button kind="quiet" onClick={() => window.print()}>
          {words.print}
        </Button>
      </span>
      <Suspense>
        {open === 'filter' && <FilterDialog address={address} onFilter={onFilter} onClose={close} />}
        {open === 'columns' && (
          <ColumnsDialog chosen={props.columns} onChoose={props.onColumns} onClose={close} />
        )}
        {open === 'save' && <SaveListDialog query={queryOf(address)} saved={saved} onClose={close} />}
      </Suspense>
    </div>
  );
});

function FilterChips({
  address,
  onRemove,
}: {
  readonly address: WorklistAddress;
  readonly onRemove: (filter: Filter) => void;
}) {
  const words = useWords(worklistWords);
  const activityName = useActivityName();
  return ALL_FILTERS.map((filter) => {
    const value = address[filter];
    if (value === undefined) return null;
    const shown =
      filter === 'activity' ? activityName(String(value)) : value === 'me' ? words.me : String(value);
    const text = `${words.filters[filter]} ${shown}`;
    return (
      <RemovableChip key={filter} removeLabel={words.remove(text)} onRemove={() => onRemove(filter)}>
        {text}
      </RemovableChip>
    );
  });
}
