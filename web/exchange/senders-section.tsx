import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useChange } from '../calls/change.js';
import { Failure } from '../calls/failure.js';
import { useInstant } from '../calls/instants.js';
import { useMe } from '../calls/me.js';
import { changeSender, type Sender, sendersQuery } from '../calls/received-messages.js';
import { useCommands } from '../commands/commands.js';
import { Busy } from '../parts/busy.js';
import { Button } from '../parts/button.js';
import { Chip } from '../parts/chip.js';
import { DataTable } from '../parts/data-table.js';
import { EmptyState } from '../parts/empty-state.js';
import { SectionHead } from '../parts/section-page.js';
import { useJoined } from '../words/lists.js';
import { useWords } from '../words/use-words.js';
import { RetentionPart } from './retention-part.js';
import { SenderDialog } from './sender-dialog.js';
import { senderWords } from './sender-words.js';
import './exchange.css';

/** The systems that may send HL7 v2 over MLLP, and how long messages are kept. */
export default function SendersSection() {
  const words = useWords(senderWords);
  const mayChange = useMe().roles.includes('hospital_admin');
  const { data, error, refetch } = useQuery(sendersQuery);
  const [edited, setEdited] = useState<Sender | 'new'>();
  useCommands(
    mayChange
      ? [
          {
            ...{ id: 'new-sender', title: words.add, group: words.title, keys: ['n'] },
            run: () => setEdited('new'),
          },
        ]
      : [],
  );
  return (
    <>
      <SectionHead title={words.title} intro={words.intro}>
        {mayChange && (
          <Button kind="main" hint="n" onClick={() => setEdited('new')}>
            {words.add}
          </Button>
        )}
      </SectionHead>
      <Failure error={error} onRetry={() => void refetch()} />
      {data === undefined && !error && <Busy text={words.loading} />}
      {data?.items.length === 0 && <EmptyState title={words.none}>{words.noneHelp}</EmptyState>}
      {data !== undefined && data.items.length > 0 && (
        <DataTable
          label={words.title}
          head={[
            ...[words.name, words.facility, words.addresses],
            ...[words.certificate, words.state, words.created, ''],
          ]}
        >
          {data.items.map((sender) => (
            <SenderRow
              key={sender.id}
              sender={sender}
              onEdit={mayChange ? () => setEdited(sender) : undefined}
            />
          ))}
        </DataTable>
      )}
      <RetentionPart mayChange={mayChange} />
      {edited && (
        <SenderDialog sender={edited === 'new' ? undefined : edited} onClose={() => setEdited(undefined)} />
      )}
    </>
  );
}

function SenderRow({
  sender,
  onEdit,
}: {
  readonly sender: Sender;
  readonly onEdit: (() => void) | undefined;
}) {
  const words = useWords(senderWords);
  const instant = useInstant();
  const joined = useJoined();
  const { id, name, facility, addresses, certificateFingerprint, createdAt, createdBy, disabledAt } = sender;
  const isDisabled = disabledAt !== null;
  const changing = useChange(() => changeSender(id, { disabled: !isDisabled }), {
    ...{ reads: [sendersQuery.queryKey], done: words.saved },
  });
  return (
    <tr className={isDisabled ? 'is-muted' : undefined}>
      <th scope="row">{name}</th>
      <td>{facility}</td>
      <td>{joined(addresses)}</td>
      <td>
        {certificateFingerprint === null ? (
          <span className="quiet">{words.noCertificate}</span>
        ) : (
          <code title={certificateFingerprint}>{certificateFingerprint.slice(0, 12)}…</code>
        )}
      </td>
      <td>
        <Chip tone={isDisabled ? 'plain' : 'done'}>{isDisabled ? words.disabled : words.active}</Chip>
        <Failure error={changing.error} />
      </td>
      <td>
        {instant(createdAt).slice(0, 10)} <span className="quiet small">{createdBy}</span>
      </td>
      <td>
        {onEdit && (
          <>
            <Button aria-label={`${words.edit} ${name}`} onClick={onEdit}>
              {words.edit}
            </Button>
            <Button
              aria-label={`${isDisabled ? words.enable : words.disable} ${name}`}
              busy={changing.isPending}
              onClick={() => changing.mutate(undefined)}
            >
              {isDisabled ? words.enable : words.disable}
            </Button>
          </>
        )}
      </td>
    </tr>
  );
}
