import { type ReactNode, useId } from 'react';
import { Button } from './button.js';
import './panel.css';

/** What belongs to the chosen row, beside the list. */
export function Panel({
  title,
  closeLabel,
  onClose,
  children,
}: {
  readonly title: string;
  readonly closeLabel: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
}) {
  const id = useId();
  return (
    <aside className="panel not-printed" aria-labelledby={id}>
      <header className="panel-head">
        <h2 id={id}>{title}</h2>
        <Button kind="quiet" aria-label={closeLabel} title={closeLabel} onClick={onClose}>
          ×
        </Button>
      </header>
      <div className="panel-body" tabIndex={0} role="group" aria-labelledby={id}>
        {children}
      </div>
    </aside>
  );
}
