import { useState } from 'react';
import { Button } from '../parts/button.js';
import { SelectField, TextField } from '../parts/field.js';
import { useWords } from '../words/use-words.js';
import { type AuditAddress, isPatientId } from './audit-address.js';
import { auditWords } from './audit-words.js';

const NONE: AuditAddress = {
  ...{ from: undefined, to: undefined, caller: undefined },
  ...{ patient: undefined, outcome: undefined, changes: undefined },
};

/** Each filter takes effect at once, and is part of the address. */
export function AuditFilters({
  address,
  callers,
  onAddress,
}: {
  readonly address: AuditAddress;
  /** Names by id. */
  readonly callers: ReadonlyMap<string, string>;
  readonly onAddress: (change: AuditAddress) => void;
}) {
  const words = useWords(auditWords);
  const [patient, setPatient] = useState(address.patient ?? '');
  const noneIfEmpty = (value: string): string | undefined => (value === '' ? undefined : value);
  const isFiltered = Object.values(address).some((value) => value !== undefined);
  return (
    <div className="toolbar not-printed audit-filters">
      <TextField
        label={words.from}
        type="date"
        value={address.from ?? ''}
        onValue={(from) => onAddress({ from: noneIfEmpty(from) })}
      />
      <TextField
        label={words.to}
        type="date"
        value={address.to ?? ''}
        onValue={(to) => onAddress({ to: noneIfEmpty(to) })}
      />
      <SelectField
        label={words.caller}
        value={address.caller ?? ''}
        options={[
          { value: '', text: words.anyone },
          ...[...callers].map(([value, text]) => ({ value, text })),
        ]}
        onValue={(caller) => onAddress({ caller: noneIfEmpty(caller) })}
      />
      <SelectField
        label={words.kind}
        value={address.changes ?? ''}
        options={[
          { value: '', text: words.both },
          { value: 'false', text: words.reads },
          { value: 'true', text: words.changes },
        ]}
        onValue={(changes) => onAddress({ changes: noneIfEmpty(changes) as AuditAddress['changes'] })}
      />
      <SelectField
        label={words.outcome}
        value={address.outcome ?? ''}
        options={[
          { value: '', text: words.both },
          { value: 'done', text: words.outcomes.done },
          { value: 'refused', text: words.outcomes.refused },
        ]}
        onValue={(outcome) => onAddress({ outcome: noneIfEmpty(outcome) as AuditAddress['outcome'] })}
      />
      <TextField
        label={words.patient}
        title={words.patientHelp}
        value={patient}
        onValue={(typed) => {
          setPatient(typed);
          if (typed === '' || isPatientId(typed.trim())) onAddress({ patient: noneIfEmpty(typed.trim()) });
        }}
      />
      {isFiltered && (
        <Button
          kind="quiet"
          onClick={() => {
            setPatient('');
            onAddress(NONE);
          }}
        >
          {words.reset}
        </Button>
      )}
    </div>
  );
}
