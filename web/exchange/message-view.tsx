import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useChange } from '../calls/change.js';
import { Failure } from '../calls/failure.js';
import { FormDialog } from '../calls/form-dialog.js';
import { inboxKey } from '../calls/inbox.js';
import { useInstant } from '../calls/instants.js';
import { useMe } from '../calls/me.js';
import { errorOf } from '../calls/problem.js';
import {
  messageQuery,
  receivedKey,
  replayMessage,
  voidMessage,
  type WholeMessage,
} from '../calls/received-messages.js';
import { type Command, useCommands } from '../commands/commands.js';
import { Busy } from '../parts/busy.js';
import { Button } from '../parts/button.js';
import { TextArea } from '../parts/field.js';
import { Notice } from '../parts/notice.js';
import { SectionHead, SectionPart } from '../parts/section-page.js';
import { Link } from '../routing/link.js';
import { goTo } from '../routing/place.js';
import { useLanguage } from '../words/language.js';
import { useWords } from '../words/use-words.js';
import { ChangedItems } from './changed-items.js';
import { messagesAddress, recordAddress } from './exchange-address.js';
import { messageWords } from './message-words.js';
import { OutcomeChip } from './outcome-chip.js';

const MOST_LINKS = 10;

/** One message: what became of it, what it changed, its text, and how it is processed again or taken back. */
export function MessageView({ id }: { readonly id: string }) {
  const words = useWords(messageWords);
  const { data: message, error, refetch } = useQuery(messageQuery(id, useLanguage()));
  useCommands([
    {
      ...{ id: 'all-messages', title: words.back, group: words.title, keys: ['escape'], isKeyOnly: true },
      run: () => goTo(messagesAddress()),
    },
  ]);
  return (
    <>
      <p className="not-printed">
        <Link to={messagesAddress()}>← {words.back}</Link>
      </p>
      <Failure error={error} onRetry={() => void refetch()} />
      {message === undefined ? !error && <Busy text={words.loading} /> : <Opened message={message} />}
    </>
  );
}

function Opened({ message }: { readonly message: WholeMessage }) {
  const words = useWords(messageWords);
  const instant = useInstant();
  const { controlId, type, event, refusal, notes, changes, text, voidedAt, voidedBy, voidReason } = message;
  return (
    <>
      <SectionHead title={`${[type, event].filter((part) => part !== '').join('^')} · ${controlId}`}>
        <OutcomeChip message={message} />
      </SectionHead>
      <Facts message={message} />
      {voidedAt !== null && (
        <Notice tone="warning" title={words.voidedBy(voidedBy ?? '', instant(voidedAt))}>
          {voidReason !== null && <p>{voidReason}</p>}
        </Notice>
      )}
      {refusal !== null && (
        <Notice tone="late" title={words.refusal}>
          <ul className="exchange-list">
            {refusal.map(({ pointer, message: why }) => (
              <li key={`${pointer ?? ''} ${why}`}>
                {pointer !== null && <code>{pointer}</code>} {why}
              </li>
            ))}
          </ul>
        </Notice>
      )}
      <Acts message={message} />
      <div className="exchange-two">
        <div>
          {notes.length > 0 && (
            <SectionPart title={words.notes}>
              <ul className="exchange-list">
                {notes.map((note, place) => (
                  <li key={place}>{note}</li>
                ))}
              </ul>
            </SectionPart>
          )}
          <SectionPart title={words.changes}>
            {changes.length === 0 ? (
              <p className="quiet">{words.noChanges}</p>
            ) : (
              <>
                <p className="quiet small">{words.changesHelp}</p>
                <ChangedItems changes={changes} />
              </>
            )}
          </SectionPart>
        </div>
        <SectionPart title={words.text}>
          <div className="exchange-text exchange-text-code" tabIndex={0} role="group" aria-label={words.text}>
            {text.replace(/\r\n?/g, '\n')}
          </div>
        </SectionPart>
      </div>
    </>
  );
}

function Facts({ message }: { readonly message: WholeMessage }) {
  const words = useWords(messageWords);
  const instant = useInstant();
  const { sender, receivedAt, processedAt, receivedBy, callerName, patientIds, eventIds } = message;
  const facts: readonly (readonly [string, string])[] = [
    [words.sender, sender],
    [words.received, `${instant(receivedAt)} · ${words.ways[receivedBy]} ${callerName}`],
    [words.processed, instant(processedAt)],
    [words.events, String(eventIds.length)],
  ];
  return (
    <dl className="exchange-facts">
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
      {patientIds.length > 0 && (
        <div>
          <dt>{words.patients}</dt>
          <dd>
            {patientIds.slice(0, MOST_LINKS).map((patientId, place) => (
              <span key={patientId}>
                {place > 0 && ' · '}
                <Link to={recordAddress(patientId)}>{words.record(place + 1)}</Link>
              </span>
            ))}
          </dd>
        </div>
      )}
    </dl>
  );
}

function Acts({ message: { id, voidedAt, outcome } }: { readonly message: WholeMessage }) {
  const words = useWords(messageWords);
  const [isVoiding, setIsVoiding] = useState(false);
  const mayAct = useMe().roles.some((role) => role === 'head_nurse' || role === 'integration');
  const reads = [receivedKey, inboxKey, ['patient']];
  const replaying = useChange(() => replayMessage(id), { reads, done: words.replayed });
  // Of an applied message nothing is left to process; what waits in the inbox is read again from there.
  const mayReplay = mayAct && (outcome !== 'applied' || voidedAt !== null);
  const mayVoid = mayAct && outcome === 'applied' && voidedAt === null;
  const replay = (): void => replaying.mutate(undefined);
  const commands: readonly Command[] = [
    { id: 'replay-message', title: words.replay, group: words.title, keys: ['r'], run: replay },
    {
      ...{ id: 'void-message', title: words.void, group: words.title, keys: ['x'] },
      run: () => setIsVoiding(true),
    },
  ];
  const isPossible: Readonly<Record<string, boolean>> = {
    'replay-message': mayReplay,
    'void-message': mayVoid,
  };
  useCommands(commands.filter(({ id: name }) => isPossible[name] === true));
  if (!mayAct) return null;
  return (
    <>
      <div className="exchange-acts not-printed">
        {mayReplay && (
          <Button hint="r" title={words.replayHelp} busy={replaying.isPending} onClick={replay}>
            {words.replay}
          </Button>
        )}
        {mayVoid && (
          <Button kind="risky" hint="x" onClick={() => setIsVoiding(true)}>
            {words.void}
          </Button>
        )}
      </div>
      <Failure error={replaying.error} />
      {isVoiding && <VoidDialog id={id} onClose={() => setIsVoiding(false)} />}
    </>
  );
}

function VoidDialog({ id, onClose }: { readonly id: string; readonly onClose: () => void }) {
  const words = useWords(messageWords);
  const [reason, setReason] = useState('');
  const voiding = useChange(() => voidMessage(id, reason.trim()), {
    reads: [receivedKey, inboxKey, ['patient']],
    done: ({ changes }) => words.takenBack(changes.length),
    onDone: onClose,
  });
  return (
    <FormDialog
      title={words.voidTitle}
      closeLabel={words.cancel}
      submitText={words.void}
      isRisky
      error={voiding.error}
      isSending={voiding.isPending}
      isDisabled={reason.trim() === ''}
      onClose={onClose}
      onSubmit={() => voiding.mutate(undefined)}
    >
      <p>{words.voidHelp}</p>
      <TextArea
        label={words.reason}
        required
        autoFocus
        maxLength={1000}
        value={reason}
        error={errorOf(voiding.error, 'reason')}
        onValue={setReason}
      />
    </FormDialog>
  );
}
