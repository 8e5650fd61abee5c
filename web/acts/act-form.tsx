import type { KeyboardEvent, SyntheticEvent, ReactNode } from 'react';
import { Failure } from '../calls/failure.js';
import { Button } from '../parts/button.js';
import { DialogActions } from '../parts/dialog.js';
import { Notice } from '../parts/notice.js';

/** The frame of every form of an act: its fields, what was refused, and the button that Enter presses. */
export function ActForm({
  submitText,
  fault,
  error,
  isSending,
  onSubmit,
  children,
}: {
  readonly submitText: string;
  /** Why it cannot be sent yet. */
  readonly fault?: string | undefined;
  readonly error: unknown;
  readonly isSending: boolean;
  readonly onSubmit: () => void;
  readonly children: ReactNode;
}) {
  const submit = (event: SyntheticEvent): void => {
    event.preventDefault();
    if (fault === undefined) onSubmit();
  };
  // Browsers submit by Enter from an input, and not from a choice.
  const onKeyDown = (event: KeyboardEvent<HTMLFormElement>): void => {
    if (event.key !== 'Enter' || !(event.target instanceof HTMLSelectElement)) return;
    event.preventDefault();
    event.currentTarget.requestSubmit();
  };
  return (
    <form className="fields" onSubmit={submit} onKeyDown={onKeyDown}>
      {children}
      {fault !== undefined && <Notice tone="warning" title={fault} />}
      <Failure error={error} />
      <DialogActions>
        <Button kind="main" type="submit" busy={isSending} disabled={fault !== undefined}>
          {submitText}
        </Button>
      </DialogActions>
    </form>
  );
}
