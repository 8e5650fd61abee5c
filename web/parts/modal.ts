import { type RefObject, useEffect } from 'react';

/**
 * Opens the dialog before the page. The focus moves to the field that asks for it, or to the first one, and back to
 * where it was at the end.
 */
export function useModal(ref: RefObject<HTMLDialogElement | null>): void {
  useEffect(() => {
    const before = document.activeElement;
    const dialog = ref.current;
    dialog?.showModal();
    const field =
      dialog?.querySelector<HTMLElement>('[data-autofocus]') ??
      dialog?.querySelector<HTMLElement>(
        'input:not([type=radio]), input:checked, select, textarea, .button-main',
      );
    field?.focus();
    return () => {
      if (before instanceof HTMLElement) before.focus();
    };
  }, [ref]);
}
