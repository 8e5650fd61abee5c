import { useQuery } from '@tanstack/react-query';
import { memo } from 'react';
import { Failure } from '../calls/failure.js';
import { type Count, type ListQuery, type Lists, listsQuery } from '../calls/lists.js';
import { Link } from '../routing/link.js';
import { useWords } from '../words/use-words.js';
import { useNarrowScreen } from './narrow-screen.js';
import { addressOf, isSameQuery } from './worklist-address.js';
import { worklistWords } from './worklist-words.js';
import './list-navigation.css';

const COUNTED_AT_MOST = 1000;

/** The lists of the day with their counts, and those that people saved. A narrow screen shows them when asked for. */
export const ListNavigation = memo(function ListNavigation({ query }: { readonly query: ListQuery }) {
  const words = useWords(worklistWords);
  const { data: lists, error, refetch } = useQuery(listsQuery);
  const isNarrow = useNarrowScreen();
  const chosen = lists?.saved.find((one) => isSameQuery(one.query, query));
  return (
    <nav className="list-navigation not-printed" aria-label={words.listsTitle}>
      <Failure error={error} onRetry={() => void refetch()} />
      {isNarrow ? (
        <details key={JSON.stringify(query)}>
          <summary>{chosen?.name ?? words.lists[query.list]}</summary>
          <AllLists {...{ query, lists }} />
        </details>
      ) : (
        <AllLists {...{ query, lists }} />
      )}
    </nav>
  );
});

function AllLists({ query, lists }: { readonly query: ListQuery; readonly lists: Lists | undefined }) {
  const words = useWords(worklistWords);
  return (
    <>
      <ul>
        {lists?.lists.map(({ list, count }) => (
          <li key={list}>
            <Link
              to={addressOf({ list })}
              isCurrent={list === query.list}
              className={count.patients === 0 ? 'is-empty' : undefined}
            >
              <span>{words.lists[list]}</span>
              <CountText count={count} />
            </Link>
          </li>
        ))}
      </ul>
      {lists !== undefined && lists.saved.length > 0 && (
        <>
          <h2>{words.savedTitle}</h2>
          <ul>
            {lists.saved.map(({ id, name, query: saved, shared, count }) => (
              <li key={id}>
                <Link
                  to={addressOf(saved)}
                  isCurrent={isSameQuery(saved, query)}
                  title={shared ? words.shared : undefined}
                >
                  <span>{name}</span>
                  <CountText count={count} />
                </Link>
              </li>
            ))}
          </ul>
        </>
      )}
    </>
  );
}

function CountText({ count: { patients, more } }: { readonly count: Count }) {
  return (
    <span className="list-count">
      {Math.min(patients, COUNTED_AT_MOST)}
      {more && '+'}
    </span>
  );
}
