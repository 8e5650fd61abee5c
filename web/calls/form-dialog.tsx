import type { ReactNode, SyntheticEvent } from 'react';
import { Button } from '../parts/button.js';
import { Dialog, DialogActions } from '../parts/dialog.js';
import { Failure } from './failure.js';

interface FormDialogProps {
  readonly title: string;
  readonly closeLabel: string;
  readonly submitText: string;
  /** What was refused: the fields keep what was typed. */
  readonly error: unknown;
  readonly isSending: boolean;
  /** Hard to take back. */
  readonly isRisky?: boolean;
  readonly isDisabled?: boolean;
  readonly wide?: boolean;
  readonly onSubmit: () => void;
  readonly onClose: () => void;
  readonly children?: ReactNode;
}

/** A form before the page: its fields, what the server refused, and the button that Enter presses. */
export function FormDialog({
  submitText,
  error,
  isSending,
  isRisky = false,
  isDisabled = false,
  onSubmit,
  children,
  ...dialog
}: FormDialogProps) {
  const submit = (event: SyntheticEvent): void => {
    event.preventDefault();
    event.stopPropagation();
    onSubmit();
  };
  return (
    <Dialog {...dialog}>
      <form className="fields" onSubmit={submit}>
        {children}
        <Failure error={error} />
        <DialogActions>
          <Button kind={isRisky ? 'risky' : 'main'} type="submit" busy={isSending} disabled={isDisabled}>
            {submitText}
          </Button>
          <Button onClick={dialog.onClose}>{dialog.closeLabel}</Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
