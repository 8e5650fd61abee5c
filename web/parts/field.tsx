import {
  type InputHTMLAttributes,
  type ReactNode,
  type SelectHTMLAttributes,
  type TextareaHTMLAttributes,
  useId,
} from 'react';
import './field.css';

interface Frame {
  readonly label: string;
  /** What is right, in a few words. */
  readonly help?: ReactNode;
  /** What the server refused about this field. */
  readonly error?: string | undefined;
}

interface FrameProps extends Frame {
  readonly children: (control: {
    id: string;
    'aria-describedby'?: string;
    'aria-invalid'?: true;
  }) => ReactNode;
}

/** Label, control, help and error of one value, connected for screen readers. */
function Field({ label, help, error, children }: FrameProps) {
  const id = useId();
  const about = [help !== undefined && `${id}-help`, error !== undefined && `${id}-error`]
    .filter(Boolean)
    .join(' ');
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      {children({
        id,
        ...(about !== '' && { 'aria-describedby': about }),
        ...(error !== undefined && { 'aria-invalid': true }),
      })}
      {help !== undefined && (
        <p className="field-help" id={`${id}-help`}>
          {help}
        </p>
      )}
      {error !== undefined && (
        <p className="field-error" id={`${id}-error`}>
          {error}
        </p>
      )}
    </div>
  );
}

type InputProps = Frame &
  Omit<InputHTMLAttributes<HTMLInputElement>, 'onChange'> & { readonly onValue: (value: string) => void };

export function TextField({ label, help, error, onValue, ...input }: InputProps) {
  return (
    <Field label={label} help={help} error={error}>
      {(control) => (
        <input
          type="text"
          autoComplete="off"
          data-autofocus={input.autoFocus === true ? true : undefined}
          {...input}
          {...control}
          onChange={(event) => onValue(event.target.value)}
        />
      )}
    </Field>
  );
}

type AreaProps = Frame &
  Omit<TextareaHTMLAttributes<HTMLTextAreaElement>, 'onChange'> & {
    readonly onValue: (value: string) => void;
  };

export function TextArea({ label, help, error, onValue, ...area }: AreaProps) {
  return (
    <Field label={label} help={help} error={error}>
      {(control) => (
        <textarea rows={2} {...area} {...control} onChange={(event) => onValue(event.target.value)} />
      )}
    </Field>
  );
}

export interface Option {
  readonly value: string;
  readonly text: string;
}

type SelectProps = Frame &
  Omit<SelectHTMLAttributes<HTMLSelectElement>, 'onChange'> & {
    readonly options: readonly Option[];
    /** Options under headings, below the others. */
    readonly groups?: readonly { readonly label: string; readonly options: readonly Option[] }[];
    readonly onValue: (value: string) => void;
  };

export function SelectField({ label, help, error, options, groups = [], onValue, ...select }: SelectProps) {
  return (
    <Field label={label} help={help} error={error}>
      {(control) => (
        <select
          data-autofocus={select.autoFocus === true ? true : undefined}
          {...select}
          {...control}
          onChange={(event) => onValue(event.target.value)}
        >
          {options.map(optionOf)}
          {groups.map((group) => (
            <optgroup key={group.label} label={group.label}>
              {group.options.map(optionOf)}
            </optgroup>
          ))}
        </select>
      )}
    </Field>
  );
}

const optionOf = ({ value, text }: Option) => (
  <option key={value} value={value}>
    {text}
  </option>
);
