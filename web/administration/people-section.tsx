import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useChange } from '../calls/change.js';
import { Failure } from '../calls/failure.js';
import { useMe } from '../calls/me.js';
import { changePerson, peopleQuery, type Person } from '../calls/people.js';
import { useCommands } from '../commands/commands.js';
import { Busy } from '../parts/busy.js';
import { Button } from '../parts/button.js';
import { DataTable } from '../parts/data-table.js';
import { EmptyState } from '../parts/empty-state.js';
import { SelectField, TextField } from '../parts/field.js';
import { SectionHead } from '../parts/section-page.js';
import { useWords } from '../words/use-words.js';
import { administrationWords } from './administration-words.js';
import { IdentitiesDialog } from './identities-dialog.js';
import { CodeDialog, DisableDialog, ResetDialog, SessionsDialog } from './person-acts.js';
import { PersonDialog } from './person-dialog.js';
import { PersonRow } from './person-row.js';
import { peopleWords } from './people-words.js';

type State = '' | Person['state'];
export type PersonAct = 'edit' | 'reset' | 'sessions' | 'identities' | 'disable';

/** The accounts of the hospital: register, roles, departments, disable, new set-up codes, sessions. */
export default function PeopleSection() {
  const frame = useWords(administrationWords);
  const words = useWords(peopleWords);
  const isAdministrator = useMe().roles.includes('hospital_admin');
  const { data, error, refetch } = useQuery(peopleQuery);
  const [sought, setSought] = useState('');
  const [state, setState] = useState<State>('active');
  const [isNew, setIsNew] = useState(false);
  const [chosen, setChosen] = useState<{ readonly act: PersonAct; readonly person: Person }>();
  const [code, setCode] = useState<{ readonly name: string; readonly setupCode: string }>();
  const enabling = useChange((person: Person) => changePerson(person.id, { state: 'active' }), {
    reads: [['people']],
    done: ({ name }) => words.enabledDone(name),
  });
  useCommands(
    isAdministrator
      ? [
          {
            ...{ id: 'new-person', title: words.newPerson, group: frame.title, keys: ['n'] },
            run: () => setIsNew(true),
          },
        ]
      : [],
  );
  const shown = data?.filter(
    (person) => (state === '' || person.state === state) && isFound(person, sought.trim().toLowerCase()),
  );
  const close = (): void => {
    setIsNew(false);
    setChosen(undefined);
    setCode(undefined);
  };
  const showCode = (name: string, setupCode: string): void => {
    close();
    setCode({ name, setupCode });
  };
  return (
    <>
      <SectionHead title={frame.people} intro={words.intro}>
        {isAdministrator && (
          <Button kind="main" hint="n" onClick={() => setIsNew(true)}>
            {words.newPerson}
          </Button>
        )}
      </SectionHead>
      <div className="toolbar not-printed">
        <TextField label={words.find} type="search" value={sought} onValue={setSought} />
        <SelectField
          label={words.state}
          value={state}
          options={[
            { value: '', text: words.all },
            { value: 'active', text: words.active },
            { value: 'disabled', text: words.disabled },
          ]}
          onValue={(value) => setState(value as State)}
        />
      </div>
      <Failure error={error ?? enabling.error} onRetry={() => void refetch()} />
      {data === undefined && !error && <Busy text={frame.loading} />}
      {shown?.length === 0 && <EmptyState title={words.none}>{words.noneHelp}</EmptyState>}
      {shown !== undefined && shown.length > 0 && (
        <DataTable
          label={frame.people}
          head={[words.name, words.roles, words.departments, words.signIn, words.state, '']}
        >
          {shown.map((person) => (
            <PersonRow
              key={person.id}
              person={person}
              mayChange={isAdministrator}
              onAct={(act) => setChosen({ act, person })}
              onEnable={() => enabling.mutate(person)}
            />
          ))}
        </DataTable>
      )}
      {isNew && <PersonDialog onRegistered={showCode} onClose={close} />}
      {chosen && <Act {...chosen} onCode={showCode} onClose={close} />}
      {code && <CodeDialog {...code} onClose={close} />}
    </>
  );
}

const isFound = ({ name, login }: Person, sought: string): boolean =>
  name.toLowerCase().includes(sought) || login.includes(sought);

function Act({
  act,
  person,
  onCode,
  onClose,
}: {
  readonly act: PersonAct;
  readonly person: Person;
  readonly onCode: (name: string, setupCode: string) => void;
  readonly onClose: () => void;
}) {
  if (act === 'edit') return <PersonDialog person={person} onRegistered={onCode} onClose={onClose} />;
  if (act === 'reset') return <ResetDialog person={person} onCode={onCode} onClose={onClose} />;
  if (act === 'disable') return <DisableDialog person={person} onClose={onClose} />;
  if (act === 'identities') return <IdentitiesDialog person={person} onClose={onClose} />;
  return <SessionsDialog person={person} onClose={onClose} />;
}
