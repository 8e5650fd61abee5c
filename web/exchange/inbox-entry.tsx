import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useChange } from '../calls/change.js';
import { Failure } from '../calls/failure.js';
import { FormDialog } from '../calls/form-dialog.js';
import { dismissEntry, inboxEntryQuery, inboxKey, inboxQuery, type WholeInboxEntry } from '../calls/inbox.js';
import { useInstant } from '../calls/instants.js';
import { useMe } from '../calls/me.js';
import { errorOf } from '../calls/problem.js';
import { receivedKey, replayMessage } from '../calls/received-messages.js';
import { type Command, useCommands } from '../commands/commands.js';
import { useActivityName } from '../items/item-facts.js';
import { Busy } from '../parts/busy.js';
import { Button } from '../parts/button.js';
import { Chip } from '../parts/chip.js';
import { TextArea } from '../parts/field.js';
import { Notice } from '../parts/notice.js';
import { SectionHead, SectionPart } from '../parts/section-page.js';
import { useToasts } from '../parts/toasts.js';
import { Link } from '../routing/link.js';
import { goTo } from '../routing/place.js';
import { useLanguage } from '../words/language.js';
import { useWords } from '../words/use-words.js';
import { EnterForm } from './enter-form.js';
import { entryAddress, inboxAddress, messageAddress, recordAddress } from './exchange-address.js';
import { STATE_TONES } from './inbox-tones.js';
import { inboxWords } from './inbox-words.js';

/** One entry: what it says, why the program could not interpret it, and what a person can do. */
export function InboxEntryView({ id }: { readonly id: string }) {
  const words = useWords(inboxWords);
  const { data: entry, error, refetch } = useQuery(inboxEntryQuery(id, useLanguage()));
  return (
    <>
      <p className="not-printed">
        <Link to={inboxAddress()}>← {words.back}</Link>
      </p>
      <Failure error={error} onRetry={() => void refetch()} />
      {entry === undefined ? !error && <Busy text={words.loading} /> : <Opened entry={entry} />}
    </>
  );
}

function Opened({ entry }: { readonly entry: WholeInboxEntry }) {
  const words = useWords(inboxWords);
  const instant = useInstant();
  const nameOf = useActivityName();
  const { id, kind, subject, activity, patient, patientId, state, receivedAt, closedBy, closedAt } = entry;
  const what = `${words.subjects[subject]}${activity === null ? '' : ` · ${nameOf(activity)}`}`;
  return (
    <>
      <SectionHead title={`${what} · ${patient.name ?? words.unnamed} ${patient.mrn}`}>
        <Chip tone={STATE_TONES[state]}>{words.states[state]}</Chip>
      </SectionHead>
      <dl className="exchange-facts">
        <div>
          <dt>{words.received}</dt>
          <dd>
            {instant(receivedAt)} · {words.kinds[kind]}
          </dd>
        </div>
        <div>
          <dt>{words.patient}</dt>
          <dd>
            <Link to={recordAddress(patientId)}>{words.record}</Link>
          </dd>
        </div>
      </dl>
      {state !== 'open' && closedBy !== null && closedAt !== null && (
        <Notice title={words.closedAs(words.states[state], closedBy, instant(closedAt))}>
          {entry.dismissedBecause !== null && <p>{words.becauseOf(entry.dismissedBecause)}</p>}
        </Notice>
      )}
      <div className="exchange-two">
        <div>
          <SectionPart title={words.why}>
            <p>{entry.reason ?? words.noReason}</p>
          </SectionPart>
          <SectionPart title={words.says}>
            {entry.text === null ? (
              <p className="quiet">{words.saysNothing}</p>
            ) : (
              <div className="exchange-text" tabIndex={0} role="group" aria-label={words.says}>
                {entry.text}
              </div>
            )}
          </SectionPart>
        </div>
        {state === 'open' && <Acts key={id} entry={entry} />}
      </div>
    </>
  );
}

/** After a decision the next open entry, so that the inbox is worked off in one go. */
function useNext(id: string): () => void {
  const queries = useQueryClient();
  return () => {
    const { queryKey } = inboxQuery({ state: 'open' });
    const pages = queries.getQueryData(queryKey)?.pages ?? [];
    const open = pages.flatMap(({ items }) => items).map((one) => one.id);
    const next = open[open.indexOf(id) + 1] ?? open.find((one) => one !== id);
    // The list is read again when it is shown; until then it must not lead back here.
    queries.setQueryData(
      queryKey,
      (list) =>
        list && {
          ...list,
          pages: list.pages.map((page) => ({ ...page, items: page.items.filter((one) => one.id !== id) })),
        },
    );
    goTo(next === undefined ? inboxAddress() : entryAddress(next), { replace: true });
  };
}

function Acts({ entry }: { readonly entry: WholeInboxEntry }) {
  const words = useWords(inboxWords);
  const toasts = useToasts();
  const [isDismissing, setIsDismissing] = useState(false);
  const { id, kind, subject, sourceId, patientId } = entry;
  const { roles } = useMe();
  const mayReplay = kind === 'hl7' && roles.includes('head_nurse');
  const goOn = useNext(id);
  const queries = useQueryClient();
  const replaying = useChange(() => replayMessage(sourceId), {
    reads: [inboxKey, receivedKey, ['patient', patientId]],
    onDone: () => {
      void queries
        .query({ ...inboxEntryQuery(id, 'zh'), staleTime: 0 })
        .then(({ state }) => {
          toasts.show(state === 'open' ? { text: words.stillOpen, tone: 'late' } : { text: words.replayed });
          if (state !== 'open') goOn();
        })
        .catch(() => undefined); // the entry itself says what became of it
    },
  });
  const commands: readonly Command[] = [
    {
      ...{ id: 'dismiss-entry', title: words.dismiss, group: words.title, keys: ['d'] },
      run: () => setIsDismissing(true),
    },
    ...(mayReplay
      ? [
          {
            ...{ id: 'replay-entry', title: words.replay, group: words.title, keys: ['r'] },
            run: () => replaying.mutate(undefined),
          },
        ]
      : []),
    {
      ...{ id: 'all-entries', title: words.back, group: words.title, keys: ['escape'], isKeyOnly: true },
      run: () => goTo(inboxAddress()),
    },
  ];
  useCommands(commands);
  return (
    <SectionPart title={words.acts}>
      <div className="exchange-acts">
        <Button hint="d" onClick={() => setIsDismissing(true)}>
          {words.dismiss}
        </Button>
        {mayReplay && (
          <>
            <Button
              hint="r"
              title={words.replayHelp}
              busy={replaying.isPending}
              onClick={() => replaying.mutate(undefined)}
            >
              {words.replay}
            </Button>
            <Link to={messageAddress(sourceId)}>{words.message}</Link>
          </>
        )}
      </div>
      <Failure error={replaying.error} />
      {subject === 'appointment' ? (
        <Notice title={words.appointmentHelp} />
      ) : (
        <EnterForm entry={entry} onEntered={goOn} />
      )}
      {isDismissing && (
        <DismissDialog
          entry={entry}
          onClose={() => setIsDismissing(false)}
          onDismissed={() => {
            setIsDismissing(false);
            goOn();
          }}
        />
      )}
    </SectionPart>
  );
}

function DismissDialog({
  entry: { id },
  onClose,
  onDismissed,
}: {
  readonly entry: WholeInboxEntry;
  readonly onClose: () => void;
  readonly onDismissed: () => void;
}) {
  const words = useWords(inboxWords);
  const [reason, setReason] = useState('');
  const dismissing = useChange(() => dismissEntry(id, reason.trim()), {
    ...{ reads: [inboxKey], done: words.dismissed, onDone: onDismissed },
  });
  return (
    <FormDialog
      title={words.dismissTitle}
      closeLabel={words.cancel}
      submitText={words.dismiss}
      error={dismissing.error}
      isSending={dismissing.isPending}
      isDisabled={reason.trim() === ''}
      onClose={onClose}
      onSubmit={() => dismissing.mutate(undefined)}
    >
      <p>{words.dismissHelp}</p>
      <TextArea
        label={words.reason}
        required
        autoFocus
        maxLength={1000}
        value={reason}
        error={errorOf(dismissing.error, 'reason')}
        onValue={setReason}
      />
    </FormDialog>
  );
}
