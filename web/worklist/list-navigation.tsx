import { useQuery } from '@tanstack/react-query';
import { memo } from 'react';
import { Failure } from '../calls/failure.js';
import { type Count, type ListQuery, listsQuery } from '../calls/lists.js';
import { Link } from '../routing/link.js';
import { useWords } from '../words/use-words.js';
import { addressOf, isSameQuery } from './worklist-address.js';
import { worklistWords } from './worklist-words.js';
import './list-navigation.css';

const COUNTED_AT_MOST = 1000;

/** The lists of the day with their counts, and those that people saved. */
export const ListNavigation = memo(function ListNavigation({ query }: { readonly query: ListQuery }) {
  const words = useWords(worklistWords);
  const { data, error, refetch } = useQuery(listsQuery);
  return (
    <nav className="list-navigation not-printed" aria-label={words.listsTitle}>
      <Failure error={error} onRetry={() => void refetch()} />
      <ul>
        {data?.lists.map(({ list, count }) => (
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
      {data !== undefined && data.saved.length > 0 && (
        <>
          <h2>{words.savedTitle}</h2>
          <ul>
            {data.saved.map(({ id, name, query: saved, shared, count }) => (
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
    </nav>
  );
});

function CountText({ count: { patients, more } }: { readonly count: Count }) {
  return (
    <span className="list-count">
      {Math.min(patients, COUNTED_AT_MOST)}
      {more && '+'}
    </span>
  );
}
