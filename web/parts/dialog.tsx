import { type ReactNode, useId, useRef } from 'react';
import { Button } from './button.js';
import { useModal } from './modal.js';
import './dialog.css';

interface DialogProps {
  readonly title: string;
  readonly closeLabel: string;
  readonly onClose: () => void;
  readonly wide?: boolean;
  readonly children: ReactNode;
}

/**
 * A question before the page. The browser keeps the focus inside, closes it with Escape, and gives the focus back to
 * where it was.
 */
export function Dialog({ title, closeLabel, onClose, wide = false, children }: DialogProps) {
  const ref = useRef<HTMLDialogElement>(null);
  const id = useId();
  useModal(ref);
  return (
    <dialog
      ref={ref}
      className={wide ? 'dialog dialog-wide' : 'dialog'}
      aria-labelledby={id}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onClose={onClose} // browsers close it without asking when Escape is pressed again
    >
      <header className="dialog-head">
        <h2 id={id}>{title}</h2>
        <Button kind="quiet" aria-label={closeLabel} title={closeLabel} onClick={onClose}>
          ×
        </Button>
      </header>
      <div className="dialog-body">{children}</div>
    </dialog>
  );
}

/** The buttons below a form: the action first, because Enter takes it. */
export function DialogActions({ children }: { readonly children: ReactNode }) {
  return <div className="dialog-actions">{children}</div>;
}
