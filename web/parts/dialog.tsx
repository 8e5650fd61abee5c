import { type ReactNode, useId, useRef } from 'react';
import { createPortal } from 'react-dom';
import { Button } from './button.js';
import { useFocusInside } from './modal.js';
import './dialog.css';

interface DialogProps {
  readonly title: string;
  readonly closeLabel: string;
  readonly onClose: () => void;
  readonly wide?: boolean;
  readonly children: ReactNode;
}

/** A question before the page. The focus stays inside until it is closed, also with Escape, and returns to where it was. */
export function Dialog({ title, closeLabel, onClose, wide = false, children }: DialogProps) {
  const ref = useRef<HTMLDialogElement>(null);
  const id = useId();
  useFocusInside(ref, onClose);
  return createPortal(
    <div className="dialog-cover">
      <dialog
        ref={ref}
        open
        className={wide ? 'dialog dialog-wide' : 'dialog'}
        aria-labelledby={id}
        aria-modal="true"
      >
        <div className="dialog-head">
          <h2 id={id}>{title}</h2>
          <Button kind="quiet" aria-label={closeLabel} title={closeLabel} onClick={onClose}>
            ×
          </Button>
        </div>
        <div className="dialog-body">{children}</div>
      </dialog>
    </div>,
    document.body, // the one opened last is the last
  );
}

/** The buttons below a form: the action first, because Enter takes it. */
export function DialogActions({ children }: { readonly children: ReactNode }) {
  return <div className="dialog-actions">{children}</div>;
}
