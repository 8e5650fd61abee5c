import { useState } from 'react';
import type { Adherence, Figures } from '../calls/statistics.js';
import { useWords } from '../words/use-words.js';
import { CountButton } from './count-button.js';
import type { OpenBehind } from './behind.js';
import { GroupShare } from './group-share.js';
import { percentOf } from './shares.js';
import { statisticsWords } from './statistics-words.js';
import './group-table.css';

const COUNTED = ['overdue', 'missed', 'late'] as const;

type Sort = 'due' | 'completion' | (typeof COUNTED)[number];

/** Lowest shares and highest counts first: what needs attention. */
const weightOf = (figures: Figures, sort: Sort): number => {
  if (sort === 'completion') return -(percentOf(figures.completion) ?? 101);
  return sort === 'due' ? figures.due : figures.items[sort];
};

/** The figures of each group; each count opens to its patients. */
export function GroupTable({
  data,
  before,
  open,
}: {
  readonly data: Adherence;
  readonly before: Adherence | undefined;
  readonly open: OpenBehind;
}) {
  const words = useWords(statisticsWords);
  const [sort, setSort] = useState<Sort>('due');
  const groups = data.groups
    .filter(({ due }) => due > 0)
    .sort((a, b) => weightOf(b, sort) - weightOf(a, sort));
  const label = words.groupsBy(words.bys[data.by]);
  const columns: readonly (readonly [Sort, string])[] = [
    ['due', words.due],
    ['completion', words.figures.completion],
    ...COUNTED.map((outcome) => [outcome, words.outcomes[outcome]] as const),
  ];
  return (
    <section>
      <h2>{label}</h2>
      <div className="group-table-scroller" tabIndex={0} role="group" aria-label={label}>
        <table className="group-table" aria-label={label}>
          <thead>
            <tr>
              <th scope="col">{words.bys[data.by]}</th>
              {columns.map(([name, text]) => (
                <th key={name} scope="col" aria-sort={name === sort ? 'descending' : 'none'}>
                  <button type="button" onClick={() => setSort(name)}>
                    {text} {name === sort && '↓'}
                  </button>
                </th>
              ))}
              <th scope="col">{words.figures.adherence}</th>
              <th scope="col">{words.median}</th>
            </tr>
          </thead>
          <tbody>
            {groups.map((figures) => (
              <GroupRow
                key={figures.key ?? ''}
                {...{ figures, open }}
                earlier={before?.groups.find(({ key }) => key === figures.key)}
                label={figures.label ?? figures.key ?? words.noGroup}
              />
            ))}
          </tbody>
        </table>
      </div>
      {data.groupsNotShown > 0 && <p className="quiet small">{words.groupsNotShown(data.groupsNotShown)}</p>}
    </section>
  );
}

function GroupRow({
  figures,
  earlier,
  label,
  open,
}: {
  readonly figures: Figures;
  readonly earlier: Figures | undefined;
  readonly label: string;
  readonly open: OpenBehind;
}) {
  const words = useWords(statisticsWords);
  const { key, due, items, completion, adherence, delayDays } = figures;
  return (
    <tr>
      <th scope="row">{label}</th>
      <td>{due}</td>
      <td>
        <GroupShare share={completion} earlier={earlier?.completion} />
      </td>
      {COUNTED.map((outcome) => (
        <td key={outcome}>
          {items[outcome] === 0 ? (
            <span className="quiet">0</span>
          ) : (
            <CountButton
              measure={outcome}
              count={items[outcome]}
              group={label}
              onOpen={() => open(outcome, key)}
            />
          )}
        </td>
      ))}
      <td>
        <GroupShare share={adherence} earlier={earlier?.adherence} />
      </td>
      <td>{delayDays === null ? '–' : words.days(delayDays.median)}</td>
    </tr>
  );
}
