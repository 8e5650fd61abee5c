import { type RefObject, useEffect, useRef } from 'react';

/** The field that asks for the focus, or the first one. */
const firstField = (dialog: HTMLElement | null): HTMLElement | null | undefined =>
  dialog?.querySelector<HTMLElement>('[data-autofocus]') ??
  dialog?.querySelector<HTMLElement>(
    'input:not([type=radio]), input:checked, select, textarea, .button-main',
  );

/** Opens the dialog before the page, which the browser makes inert, and gives the focus back at the end. */
export function useModal(ref: RefObject<HTMLDialogElement | null>): void {
  useEffect(() => {
    const before = document.activeElement;
    ref.current?.showModal();
    firstField(ref.current)?.focus();
    return () => {
      if (before instanceof HTMLElement) before.focus();
    };
  }, [ref]);
}

/**
 * Keeps the focus in a dialog that covers the page, and gives it back at the end. Escape closes the dialog on top.
 * The page does not become inert: before a long list, that takes a browser longer than everything else.
 */
export function useFocusInside(ref: RefObject<HTMLDialogElement | null>, onEscape: () => void): void {
  const newest = useRef(onEscape);
  useEffect(() => {
    newest.current = onEscape;
  });
  useEffect(() => {
    const before = document.activeElement;
    const dialog = ref.current;
    if (!dialog) return;
    (firstField(dialog) ?? focusable(dialog)[0])?.focus();
    const onKey = (event: KeyboardEvent): void => {
      if (event.isComposing || event.defaultPrevented || !isOnTop(dialog)) return;
      if (event.key === 'Tab') wrapAround(dialog, event);
      if (event.key !== 'Escape') return;
      event.preventDefault();
      newest.current();
    };
    const onFocus = ({ target }: FocusEvent): void => {
      if (isOnTop(dialog) && !dialog.contains(target as Node)) focusable(dialog)[0]?.focus();
    };
    document.addEventListener('keydown', onKey);
    document.addEventListener('focusin', onFocus);
    return () => {
      document.removeEventListener('keydown', onKey);
      document.removeEventListener('focusin', onFocus);
      if (before instanceof HTMLElement) before.focus();
    };
  }, [ref]);
}

/** Of nested dialogs, the one that was opened last. A locked page has a modal one above all. */
function isOnTop(dialog: HTMLElement): boolean {
  const open = document.querySelectorAll('.dialog');
  return open[open.length - 1] === dialog && document.querySelector('dialog:modal') === null;
}

const focusable = (dialog: HTMLElement): readonly HTMLElement[] =>
  [
    ...dialog.querySelectorAll<HTMLElement>(
      'a[href], button, input, select, summary, textarea, [tabindex="0"]',
    ),
  ].filter((element) => !element.matches(':disabled'));

/** After the last element of the dialog comes the first one, and the other way round. */
function wrapAround(dialog: HTMLElement, event: KeyboardEvent): void {
  const all = focusable(dialog);
  const [first, last] = [all[0], all[all.length - 1]];
  if (document.activeElement !== (event.shiftKey ? first : last)) return;
  event.preventDefault();
  (event.shiftKey ? last : first)?.focus();
}
