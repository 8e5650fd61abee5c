import type { AnchorHTMLAttributes, MouseEvent } from 'react';
import { goTo } from './place.js';

interface LinkProps extends Omit<AnchorHTMLAttributes<HTMLAnchorElement>, 'href'> {
  readonly to: string;
  readonly isCurrent?: boolean;
  /** The browser's way back leaves this step out: for parts of one page. */
  readonly isReplacing?: boolean;
}

/** Leads to a page without loading the document again. With Ctrl or the middle button the browser opens a new tab. */
export function Link({ to, isCurrent = false, isReplacing = false, ...rest }: LinkProps) {
  const onClick = (event: MouseEvent): void => {
    if (event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    goTo(to, { replace: isReplacing });
  };
  return <a {...rest} href={to} aria-current={isCurrent ? 'page' : undefined} onClick={onClick} />;
}
