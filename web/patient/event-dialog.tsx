import type { SyntheticEvent } from 'react';
import { EventEditor, useTypedEvent } from '../acts/event-editor.js';
import { useSaving } from '../acts/saving.js';
import { useSettled } from '../acts/settled.js';
import { type NewEvent, recordEvent } from '../calls/record.js';
import { PlanDiffPreview } from '../items/plan-diff-preview.js';
import { Button } from '../parts/button.js';
import { Dialog, DialogActions } from '../parts/dialog.js';
import { useWords } from '../words/use-words.js';
import { courseWords } from './course-words.js';

const SETTLED_MS = 400;

/** Records an event, after it has shown what the event does to the plan. */
export default function EventDialog({
  patientId,
  onClose,
}: {
  readonly patientId: string;
  readonly onClose: () => void;
}) {
  const words = useWords(courseWords);
  const typed = useTypedEvent();
  const { event } = typed;
  const settled = useSettled(event ?? null, SETTLED_MS);
  const saving = useSaving(patientId, {
    send: (input: NewEvent, idempotencyKey) => recordEvent(patientId, input, { idempotencyKey }),
    textOf: ({ plan }) => words.saved(plan.added, plan.moved, plan.cancelled),
    onSaved: onClose,
  });
  const submit = (submitted: SyntheticEvent): void => {
    submitted.preventDefault();
    if (event) saving.mutate(event);
  };
  return (
    <Dialog title={words.add} closeLabel={words.close} onClose={onClose} wide>
      <form className="fields" onSubmit={submit}>
        <EventEditor typed={typed} error={saving.error} autoFocus />
        <PlanDiffPreview
          patientId={patientId}
          request={settled === null ? undefined : { events: [settled] }}
          saveError={saving.error}
        />
        <DialogActions>
          <Button kind="main" type="submit" disabled={event === undefined} busy={saving.isPending}>
            {words.save}
          </Button>
          <Button onClick={onClose}>{words.cancel}</Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
