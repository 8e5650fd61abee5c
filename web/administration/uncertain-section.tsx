import { useInfiniteQuery } from '@tanstack/react-query';
import { useChange } from '../calls/change.js';
import { Failure } from '../calls/failure.js';
import { useInstant } from '../calls/instants.js';
import { type Settlement, settleMessage, uncertainQuery } from '../calls/messages.js';
import { Busy } from '../parts/busy.js';
import { Button } from '../parts/button.js';
import { DataTable } from '../parts/data-table.js';
import { EmptyState } from '../parts/empty-state.js';
import { SectionHead } from '../parts/section-page.js';
import { useWords } from '../words/use-words.js';
import { administrationWords } from './administration-words.js';
import { textWords } from './text-words.js';

const RESULTS: readonly Settlement[] = ['sent', 'not_sent', 'repeat'];

/** Messages that the gateway may have taken: a person finds out, and settles each. */
export default function UncertainSection() {
  const frame = useWords(administrationWords);
  const words = useWords(textWords);
  const instant = useInstant();
  const found = useInfiniteQuery(uncertainQuery);
  const settling = useChange(
    ({ id, result }: { readonly id: string; readonly result: Settlement }) => settleMessage(id, result),
    { reads: [['uncertain-messages'], ['systems']], done: words.settled },
  );
  const messages = found.data?.pages.flatMap(({ items }) => items);
  return (
    <>
      <SectionHead title={frame['uncertain-messages']} intro={words.uncertainIntro} />
      <Failure error={found.error ?? settling.error} onRetry={() => void found.refetch()} />
      {found.isPending && <Busy text={frame.loading} />}
      {messages?.length === 0 && <EmptyState title={words.noUncertain}>{words.noUncertainHelp}</EmptyState>}
      {messages !== undefined && messages.length > 0 && (
        <DataTable
          label={frame['uncertain-messages']}
          head={[words.since, words.message, words.number, words.attempts, '']}
        >
          {messages.map(({ id, occasion, uncertainAt, text, number, attempts }) => (
            <tr key={id}>
              <td>{uncertainAt !== null && instant(uncertainAt)}</td>
              <td>
                <strong>{words.occasions[occasion]}</strong>
                <div>{text}</div>
              </td>
              <td>{number}</td>
              <td>{attempts}</td>
              <td>
                {RESULTS.map((result) => (
                  <Button key={result} onClick={() => settling.mutate({ id, result })}>
                    {words.settle[result]}
                  </Button>
                ))}
              </td>
            </tr>
          ))}
        </DataTable>
      )}
      {found.hasNextPage && (
        <Button busy={found.isFetchingNextPage} onClick={() => void found.fetchNextPage()}>
          …
        </Button>
      )}
    </>
  );
}
