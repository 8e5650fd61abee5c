import type { ButtonHTMLAttributes, ReactNode } from 'react';
import { KeyHint } from './key-hint.js';
import './button.css';

interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  /** `main`: the one action of a form; `plain`: beside others; `quiet`: without a frame; `risky`: hard to take back. */
  readonly kind?: 'main' | 'plain' | 'quiet' | 'risky';
  readonly busy?: boolean;
  /** The key that does the same. */
  readonly hint?: string | undefined;
  readonly children: ReactNode;
}

/** A button does something on this page; a link leads to another one. */
export function Button({
  kind = 'plain',
  busy = false,
  hint,
  children,
  className = '',
  ...rest
}: ButtonProps) {
  return (
    <button
      type="button"
      className={`button button-${kind} ${className}`}
      aria-busy={busy || undefined}
      {...rest}
      disabled={busy || rest.disabled === true}
    >
      {children}
      {hint !== undefined && <KeyHint keys={hint} />}
    </button>
  );
}
