import type { ReactNode } from 'react';
import './check-list.css';

interface Entry {
  readonly id: string;
  readonly text: ReactNode;
  readonly isFixed?: boolean;
}

/** Several of a few things, each chosen or not. */
export function CheckList({
  label,
  entries,
  chosen,
  onChosen,
}: {
  readonly label: string;
  readonly entries: readonly Entry[];
  readonly chosen: readonly string[];
  readonly onChosen: (chosen: readonly string[]) => void;
}) {
  const toggle = (id: string): void =>
    onChosen(chosen.includes(id) ? chosen.filter((other) => other !== id) : [...chosen, id]);
  return (
    <fieldset className="check-list">
      <legend className="field-legend">{label}</legend>
      {entries.map(({ id, text, isFixed = false }) => (
        <label key={id}>
          <input
            type="checkbox"
            checked={chosen.includes(id)}
            disabled={isFixed}
            onChange={() => toggle(id)}
          />
          <span>{text}</span>
        </label>
      ))}
    </fieldset>
  );
}
