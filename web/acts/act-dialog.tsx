import { useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { Button } from '../parts/button.js';
import { Dialog, DialogActions } from '../parts/dialog.js';
import { Notice } from '../parts/notice.js';
import { useToasts } from '../parts/toasts.js';
import { useWords } from '../words/use-words.js';
import { actWords } from './act-name-words.js';
import { actDialogWords } from './act-words.js';
import type { ActDone, ActKind, ActTarget, ClinicalActKind, ItemNow } from './act.js';
import type { ActFormProps, ActOutcome } from './acting.js';
import { BookForm } from './book-form.js';
import { CompleteForm } from './complete-form.js';
import { ContactForm } from './contact-form.js';
import { ContraindicateForm } from './contraindicate-form.js';
import { DeclineForm } from './decline-form.js';
import { DeferForm } from './defer-form.js';
import { OwnerForm } from './owner-form.js';

const FORMS: Readonly<Record<ActKind | ClinicalActKind, (props: ActFormProps) => ReactNode>> = {
  book: BookForm,
  complete: CompleteForm,
  defer: DeferForm,
  decline: DeclineForm,
  contact: ContactForm,
  owner: OwnerForm,
  contraindicate: ContraindicateForm,
};

/** One act about one or many patients: asks, sends, and offers to undo it for ten seconds. */
export default function ActDialog({
  kind,
  targets,
  onDone,
  onUndone,
  onClose,
}: {
  readonly kind: ActKind | ClinicalActKind;
  readonly targets: readonly ActTarget[];
  readonly onDone: (done: ActDone) => void;
  readonly onUndone: (patientIds: readonly string[], items: readonly ItemNow[]) => void;
  readonly onClose: () => void;
}) {
  const words = useWords(actDialogWords);
  const names = useWords(actWords);
  const showDone = useDoneToast(onUndone);
  const [partly, setPartly] = useState<ActOutcome>();
  const [first] = targets;
  const who =
    targets.length === 1 && first ? `${first.name ?? ''} ${first.mrn}` : words.patients(targets.length);
  const Form = FORMS[kind];
  const name = kind === 'contraindicate' ? words.contraindicate : names[kind];
  const onOutcome = (outcome: ActOutcome): void => {
    if (outcome.refused.length > 0) setPartly(outcome);
    else onClose();
    if (outcome.patientIds.length === 0) return;
    onDone(outcome);
    showDone(outcome);
  };
  return (
    <Dialog title={`${name} · ${who}`} closeLabel={words.close} onClose={onClose}>
      {partly && <Refusals outcome={partly} />}
      {partly && partly.patientIds.length > 0 ? (
        <DialogActions>
          <Button kind="main" autoFocus onClick={onClose}>
            {words.close}
          </Button>
        </DialogActions>
      ) : (
        // When nothing was done, the form stays with all that was typed.
        <Form targets={targets} onOutcome={onOutcome} />
      )}
    </Dialog>
  );
}

/** Of many rows some were refused: each with the reason. */
function Refusals({ outcome }: { readonly outcome: ActOutcome }) {
  const words = useWords(actDialogWords);
  return (
    <Notice tone="late" title={words.partly(outcome.patientIds.length, outcome.refused.length)}>
      <ul>
        {outcome.refused.map(({ who, why }) => (
          <li key={who + why}>
            <strong>{who}</strong> {why}
          </li>
        ))}
      </ul>
    </Notice>
  );
}

function useDoneToast(
  onUndone: (patientIds: readonly string[], items: readonly ItemNow[]) => void,
): (outcome: ActOutcome) => void {
  const words = useWords(actDialogWords);
  const toasts = useToasts();
  const queries = useQueryClient();
  const readAgain = (patientIds: readonly string[]): void => {
    void queries.invalidateQueries({ queryKey: ['lists'] });
    void queries.invalidateQueries({ queryKey: ['item'] });
    for (const id of patientIds) void queries.invalidateQueries({ queryKey: ['patient', id] });
  };
  return ({ text, patientIds, undo }) => {
    readAgain(patientIds);
    const takeBack = (undoing: () => Promise<readonly ItemNow[]>) => (): void => {
      undoing().then(
        (items) => {
          readAgain(patientIds);
          onUndone(patientIds, items);
          toasts.show({ text: words.undone });
        },
        (error: unknown) => toasts.show({ text: (error as Error).message, tone: 'late' }),
      );
    };
    toasts.show({ text, ...(undo && { action: { text: words.undo, hint: 'z', run: takeBack(undo) } }) });
  };
}
