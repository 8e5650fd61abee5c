import { createContext, type ReactNode, use, useCallback, useMemo, useRef, useState } from 'react';
import { Button } from './button.js';
import './toasts.css';

/** Long enough to notice a slip, as the nurses are used to. */
const SHOWN_MS = 10_000;

export interface Toast {
  readonly text: string;
  readonly tone?: 'done' | 'late';
  readonly action?: { readonly text: string; readonly hint?: string; readonly run: () => void };
}

interface Toasts {
  readonly show: (toast: Toast) => void;
  /** Takes the action of the newest toast, if it has one. */
  readonly act: () => void;
}

const Shown = createContext<Toasts>({ show: () => undefined, act: () => undefined });

/** `show` says what was done for ten seconds, with a way to take it back. One at a time: the newest matters. */
export const useToasts = (): Toasts => use(Shown);

export function ToastProvider({ children }: { readonly children: ReactNode }) {
  const [toast, setToast] = useState<Toast>();
  const newest = useRef<Toast>(undefined);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const put = useCallback((next: Toast | undefined) => {
    clearTimeout(timer.current);
    newest.current = next;
    setToast(next);
    if (next) timer.current = setTimeout(() => put(undefined), SHOWN_MS);
  }, []);
  const act = useCallback(() => {
    const action = newest.current?.action;
    if (!action) return;
    put(undefined);
    action.run();
  }, [put]);
  const toasts = useMemo(() => ({ show: put, act }), [put, act]);
  return (
    <Shown value={toasts}>
      {children}
      <div className="toasts not-printed" role="status" aria-live="polite">
        {toast && (
          <div className={`toast toast-${toast.tone ?? 'done'}`}>
            <span>{toast.text}</span>
            {toast.action && (
              <Button hint={toast.action.hint} onClick={act}>
                {toast.action.text}
              </Button>
            )}
          </div>
        )}
      </div>
    </Shown>
  );
}
