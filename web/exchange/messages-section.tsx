import { useInfiniteQuery } from '@tanstack/react-query';
import { type SyntheticEvent, useState } from 'react';
import { Failure } from '../calls/failure.js';
import { useInstant } from '../calls/instants.js';
import { type MessageFilter, messagesQuery, type ReceivedMessage } from '../calls/received-messages.js';
import { Busy } from '../parts/busy.js';
import { Button } from '../parts/button.js';
import { DataTable } from '../parts/data-table.js';
import { EmptyState } from '../parts/empty-state.js';
import { SelectField, TextField } from '../parts/field.js';
import { SectionHead } from '../parts/section-page.js';
import { Link } from '../routing/link.js';
import { goTo, usePlace } from '../routing/place.js';
import { useWords } from '../words/use-words.js';
import { messageAddress, messagesAddress, OUTCOMES, readMessageFilter } from './exchange-address.js';
import { MessageView } from './message-view.js';
import { messageWords } from './message-words.js';
import { OutcomeChip } from './outcome-chip.js';
import './exchange.css';

/** The log of messages of other systems; one message, or the list. */
export default function MessagesSection({ id }: { readonly id: string }) {
  return id === '' ? <MessageList /> : <MessageView key={id} id={id} />;
}

function MessageList() {
  const words = useWords(messageWords);
  const filter = readMessageFilter(usePlace().parameters);
  const found = useInfiniteQuery(messagesQuery(filter));
  const messages = found.data?.pages.flatMap(({ items }) => items);
  const isFiltered = Object.values(filter).some((value) => value !== undefined);
  return (
    <>
      <SectionHead title={words.title} intro={words.intro} />
      <Search key={JSON.stringify(filter)} filter={filter} />
      <Failure error={found.error} onRetry={() => void found.refetch()} />
      {found.isPending && <Busy text={words.loading} />}
      {messages?.length === 0 && (
        <EmptyState title={isFiltered ? words.noneFound : words.none}>
          {!isFiltered && <p>{words.noneHelp}</p>}
        </EmptyState>
      )}
      {messages !== undefined && messages.length > 0 && (
        <DataTable
          label={words.title}
          head={[words.received, words.controlId, words.sender, words.type, words.outcome, words.by, '']}
        >
          {messages.map((message) => (
            <MessageRow key={message.id} message={message} />
          ))}
        </DataTable>
      )}
      {found.hasNextPage && (
        <p>
          <Button busy={found.isFetchingNextPage} onClick={() => void found.fetchNextPage()}>
            {words.more}
          </Button>
        </p>
      )}
    </>
  );
}

/** What is searched for is part of the address. */
function Search({ filter }: { readonly filter: MessageFilter }) {
  const words = useWords(messageWords);
  const [controlId, setControlId] = useState(filter.controlId ?? '');
  const [sender, setSender] = useState(filter.sender ?? '');
  const search = (outcome: MessageFilter['outcome']): void =>
    goTo(messagesAddress({ controlId: controlId.trim(), sender: sender.trim(), outcome }), { replace: true });
  const submit = (event: SyntheticEvent): void => {
    event.preventDefault();
    search(filter.outcome);
  };
  return (
    <form className="exchange-filters not-printed" role="search" onSubmit={submit}>
      <TextField label={words.controlId} maxLength={200} value={controlId} onValue={setControlId} />
      <TextField
        label={words.sender}
        title={words.senderHelp}
        maxLength={500}
        value={sender}
        onValue={setSender}
      />
      <SelectField
        label={words.outcome}
        value={filter.outcome ?? ''}
        options={[
          { value: '', text: words.anyOutcome },
          ...OUTCOMES.map((outcome) => ({ value: outcome, text: words.outcomes[outcome] })),
        ]}
        onValue={(value) => search(OUTCOMES.find((outcome) => outcome === value))}
      />
      <Button kind="main" type="submit">
        {words.search}
      </Button>
      {Object.values(filter).some((value) => value !== undefined) && (
        <Button kind="quiet" onClick={() => goTo(messagesAddress(), { replace: true })}>
          {words.reset}
        </Button>
      )}
    </form>
  );
}

function MessageRow({ message }: { readonly message: ReceivedMessage }) {
  const words = useWords(messageWords);
  const instant = useInstant();
  const { id, controlId, sender, type, event, receivedAt, receivedBy, callerName } = message;
  return (
    <tr>
      <td>{instant(receivedAt)}</td>
      <th scope="row">{controlId}</th>
      <td>{sender}</td>
      <td>{[type, event].filter((part) => part !== '').join('^')}</td>
      <td>
        <OutcomeChip message={message} />
      </td>
      <td className="small">
        {words.ways[receivedBy]} <span className="quiet">{callerName}</span>
      </td>
      <td>
        <Link to={messageAddress(id)}>
          {words.open}
          <span className="spoken"> {controlId}</span>
        </Link>
      </td>
    </tr>
  );
}
