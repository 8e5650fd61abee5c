import { useQueryClient } from '@tanstack/react-query';
import { type SyntheticEvent, useRef } from 'react';
import { EventEditor, useTypedEvent } from '../acts/event-editor.js';
import { useSaving } from '../acts/saving.js';
import { useSettled } from '../acts/settled.js';
import { enterEntry, inboxKey, type WholeInboxEntry } from '../calls/inbox.js';
import type { NewEvent } from '../calls/record.js';
import { useCommands } from '../commands/commands.js';
import { PlanDiffPreview } from '../items/plan-diff-preview.js';
import { Button } from '../parts/button.js';
import { KeyHint } from '../parts/key-hint.js';
import { useWords } from '../words/use-words.js';
import { draftOf } from './entry-draft.js';
import { inboxWords } from './inbox-words.js';

const SETTLED_MS = 400;

/** Records what the report says, after it has shown what the event does to the plan. */
export function EnterForm({
  entry,
  onEntered,
}: {
  readonly entry: WholeInboxEntry;
  readonly onEntered: () => void;
}) {
  const words = useWords(inboxWords);
  const queries = useQueryClient();
  const { id, patientId, eventId } = entry;
  const form = useRef<HTMLFormElement>(null);
  const typed = useTypedEvent(draftOf(entry));
  const { event } = typed;
  const settled = useSettled(event ?? null, SETTLED_MS);
  const saving = useSaving(patientId, {
    send: (input: NewEvent, idempotencyKey) => enterEntry(id, input, { idempotencyKey }),
    textOf: ({ plan }) => words.saved(plan.added, plan.moved, plan.cancelled),
    onSaved: () => {
      onEntered(); // by the list as it was, before it is read again
      void queries.invalidateQueries({ queryKey: inboxKey });
    },
  });
  useCommands([
    {
      ...{ id: 'enter-entry', title: words.enter, group: words.title, keys: ['e'] },
      run: () => form.current?.querySelector<HTMLElement>('select, input')?.focus(),
    },
  ]);
  const submit = (submitted: SyntheticEvent): void => {
    submitted.preventDefault();
    if (event) saving.mutate(event);
  };
  return (
    <form ref={form} className="fields" onSubmit={submit} aria-label={words.enter}>
      <h3>
        {words.enter} <KeyHint keys="e" />
      </h3>
      <p className="quiet">
        {words.enterHelp} {eventId !== null && words.enterReplaces}
      </p>
      <EventEditor typed={typed} error={saving.error} at="event/" />
      <PlanDiffPreview
        patientId={patientId}
        request={
          settled === null ? undefined : { events: [settled], ...(eventId !== null && { void: [eventId] }) }
        }
        saveError={saving.error}
      />
      <p>
        <Button kind="main" type="submit" disabled={event === undefined} busy={saving.isPending}>
          {words.save}
        </Button>
      </p>
    </form>
  );
}
