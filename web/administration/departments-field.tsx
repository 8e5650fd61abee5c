import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { departmentsQuery } from '../calls/people.js';
import { Button } from '../parts/button.js';
import { CheckList } from '../parts/check-list.js';
import { Choices } from '../parts/choices.js';
import { TextField } from '../parts/field.js';
import { useWords } from '../words/use-words.js';
import { peopleWords } from './people-words.js';

/** Whose patients are seen: of every department (null), or of chosen ones, also of one without patients yet. */
export function DepartmentsField({
  value,
  error,
  onValue,
}: {
  readonly value: readonly string[] | null;
  readonly error?: string | undefined;
  readonly onValue: (departments: readonly string[] | null) => void;
}) {
  const words = useWords(peopleWords);
  const known = useQuery(departmentsQuery).data?.map(({ name }) => name) ?? [];
  const [another, setAnother] = useState('');
  const names = [...new Set([...known, ...(value ?? [])])];
  const add = (): void => {
    const name = another.trim();
    if (name === '') return;
    onValue([...new Set([...(value ?? []), name])]);
    setAnother('');
  };
  return (
    <>
      <Choices
        label={words.departments}
        options={[
          { value: 'all', text: words.allDepartments },
          { value: 'some', text: words.chosenDepartments },
        ]}
        value={value === null ? 'all' : 'some'}
        onValue={(choice) => onValue(choice === 'all' ? null : [])}
      />
      {value !== null && (
        <>
          <CheckList
            label={words.chosenDepartments}
            entries={names.map((name) => ({ id: name, text: name }))}
            chosen={value}
            onChosen={onValue}
          />
          <div className="fields-row">
            <TextField
              label={words.anotherDepartment}
              maxLength={100}
              value={another}
              error={error}
              onValue={setAnother}
            />
            <Button disabled={another.trim() === ''} onClick={add}>
              {words.add}
            </Button>
          </div>
        </>
      )}
    </>
  );
}
