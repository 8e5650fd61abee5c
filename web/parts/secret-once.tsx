import { useId, useRef } from 'react';
import { Button } from './button.js';
import './secret-once.css';

/**
 * A secret that the server shows this one time. On plain HTTP no script may use the clipboard, so the text is selected
 * for Ctrl C.
 */
export function SecretOnce({
  label,
  secret,
  selectText,
  help,
}: {
  readonly label: string;
  readonly secret: string;
  readonly selectText: string;
  readonly help: string;
}) {
  const id = useId();
  const ref = useRef<HTMLInputElement>(null);
  const select = (): void => {
    ref.current?.focus();
    ref.current?.select();
  };
  return (
    <div className="field secret-once">
      <label htmlFor={id}>{label}</label>
      <div className="secret-once-line">
        <input
          ref={ref}
          id={id}
          type="text"
          readOnly
          value={secret}
          aria-describedby={`${id}-help`}
          onFocus={select}
        />
        <Button onClick={select}>{selectText}</Button>
      </div>
      <p className="field-help" id={`${id}-help`}>
        {help}
      </p>
    </div>
  );
}
