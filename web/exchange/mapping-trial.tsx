import { useInfiniteQuery } from '@tanstack/react-query';
import { useId } from 'react';
import { Failure } from '../calls/failure.js';
import { useInstant } from '../calls/instants.js';
import { type Tried, type TriedMessage, tryMapping } from '../calls/mappings.js';
import { Busy } from '../parts/busy.js';
import { Button } from '../parts/button.js';
import { DataTable } from '../parts/data-table.js';
import { Notice } from '../parts/notice.js';
import { Link } from '../routing/link.js';
import { useWords } from '../words/use-words.js';
import { ChangedItems } from './changed-items.js';
import { messageAddress } from './exchange-address.js';
import { mappingWords } from './mapping-words.js';
import { messageWords } from './message-words.js';
import { isDifferent } from './trial-result.js';

const MOST_SHOWN = 50;

/** What the last messages would do under a mapping, beside what they did. Nothing is saved. */
export function MappingTrial({ tried }: { readonly tried: Tried }) {
  const words = useWords(mappingWords);
  const key = useId(); // each trial reads again: plans change between two
  const trial = useInfiniteQuery({
    queryKey: ['mapping-trial', key],
    queryFn: ({ pageParam }) => tryMapping(tried, pageParam),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next }) => next ?? undefined,
    ...{ retry: false, staleTime: Infinity, gcTime: 0, refetchOnWindowFocus: false },
  });
  const messages = trial.data?.pages.flatMap(({ items }) => items);
  return (
    <>
      <p className="quiet">{words.trialHelp}</p>
      <Failure error={trial.error} onRetry={() => void trial.refetch()} />
      {trial.isPending && <Busy text={words.trialRunning} />}
      {messages?.length === 0 && <Notice title={words.trialNone} />}
      {messages !== undefined && messages.length > 0 && <Results messages={messages} />}
      {trial.hasNextPage && (
        <p>
          <Button busy={trial.isFetchingNextPage} onClick={() => void trial.fetchNextPage()}>
            {words.trialMore}
          </Button>
        </p>
      )}
    </>
  );
}

function Results({ messages }: { readonly messages: readonly TriedMessage[] }) {
  const words = useWords(mappingWords);
  const outcomes = useWords(messageWords).outcomes;
  const instant = useInstant();
  const different = messages.filter(isDifferent);
  const otherOutcome = messages.filter(({ did, would }) => did !== would).length;
  const changing = messages.filter(({ changes }) => changes.length > 0).length;
  return (
    <>
      <Notice
        tone={different.length === 0 ? 'done' : 'plain'}
        title={words.trialCounts(messages.length, otherOutcome, changing)}
      >
        {different.length === 0 && <p>{words.trialSame}</p>}
      </Notice>
      {different.length > 0 && (
        <DataTable
          label={words.trialHelp}
          head={[words.message, words.did, words.would, words.changes, words.why]}
        >
          {different.slice(0, MOST_SHOWN).map((message) => (
            <tr key={message.messageId}>
              <th scope="row">
                <Link to={messageAddress(message.messageId)}>{message.controlId}</Link>
                <div className="quiet small">
                  {message.type}^{message.event} {instant(message.receivedAt)}
                </div>
              </th>
              <td>{outcomes[message.did]}</td>
              <td>{outcomes[message.would]}</td>
              <td>{message.changes.length > 0 && <ChangedItems changes={message.changes} />}</td>
              <td className="small">
                {[...message.refusal.map(({ message: why }) => why), ...message.notes].join(' ')}
              </td>
            </tr>
          ))}
        </DataTable>
      )}
    </>
  );
}
