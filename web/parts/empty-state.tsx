import type { ReactNode } from 'react';
import './empty-state.css';

/** In place of rows that are not there: what would fill it, and what to do now. */
export function EmptyState({ title, children }: { readonly title: string; readonly children?: ReactNode }) {
  return (
    <div className="empty-state" role="status">
      <p className="empty-state-title">{title}</p>
      {children}
    </div>
  );
}
