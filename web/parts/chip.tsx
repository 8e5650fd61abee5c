import type { ReactNode } from 'react';
import './chip.css';

/** What the colour of a chip means. */
export type Tone = 'plain' | 'late' | 'warning' | 'done' | 'active';

/** A short fact beside others. Its words say what it means; the colour only repeats it. */
export function Chip({
  tone = 'plain',
  children,
  title,
}: {
  readonly tone?: Tone;
  readonly children: ReactNode;
  readonly title?: string;
}) {
  return (
    <span className={`chip chip-${tone}`} title={title}>
      {children}
    </span>
  );
}

/** A filter in force, which one click removes. */
export function RemovableChip({
  children,
  removeLabel,
  onRemove,
}: {
  readonly children: ReactNode;
  readonly removeLabel: string;
  readonly onRemove: () => void;
}) {
  return (
    <span className="chip chip-active">
      {children}
      <button
        type="button"
        className="chip-remove"
        aria-label={removeLabel}
        title={removeLabel}
        onClick={onRemove}
      >
        ×
      </button>
    </span>
  );
}
