import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type SyntheticEvent, useState } from 'react';
import { Failure } from '../calls/failure.js';
import { firstRunQuery, type NewAccount, registerColleague } from '../calls/first-run.js';
import { errorOf } from '../calls/problem.js';
import { Button } from '../parts/button.js';
import { SelectField, TextField } from '../parts/field.js';
import { useWords } from '../words/use-words.js';
import { firstRunWords } from './first-run-words.js';
import { SetUpSlips } from './set-up-slips.js';

const ROLES = ['nurse', 'head_nurse', 'clinician', 'hospital_admin', 'auditor'] as const;
type ColleagueRole = (typeof ROLES)[number];

const isRole = (text: string): text is ColleagueRole => ROLES.some((role) => role === text);
const BLANK = { name: '', login: '', role: 'nurse' as ColleagueRole };

/** The codes of this page, which the server shows once; they outlive the step, and end with the page. */
const SET_UP_CODES = {
  queryKey: ['set-up-codes'],
  queryFn: (): Promise<readonly NewAccount[]> => Promise.resolve([]),
  initialData: [] as readonly NewAccount[],
  enabled: false,
  gcTime: Infinity,
};

/** An account for each colleague, with a set-up code to hand over. */
export function ColleaguesStep({ onNext }: { readonly onNext: () => void }) {
  const words = useWords(firstRunWords);
  const queries = useQueryClient();
  const { data: accounts } = useQuery(SET_UP_CODES);
  const [typed, setTyped] = useState(BLANK);
  const registering = useMutation({
    mutationFn: registerColleague,
    onSuccess: (account) => {
      queries.setQueryData(SET_UP_CODES.queryKey, [...accounts, account]);
      setTyped(BLANK);
      void queries.invalidateQueries({ queryKey: firstRunQuery.queryKey });
    },
  });
  const submit = (event: SyntheticEvent): void => {
    event.preventDefault();
    registering.mutate({ name: typed.name, login: typed.login, roles: [typed.role] });
  };
  const errorFor = (field: string): string | undefined => errorOf(registering.error, field);
  return (
    <div className="fields">
      <p className="quiet not-printed">{words.colleaguesIntro}</p>
      <form className="colleague-form not-printed" onSubmit={submit}>
        <TextField
          label={words.name}
          required
          autoFocus
          maxLength={100}
          value={typed.name}
          error={errorFor('name')}
          onValue={(name) => setTyped({ ...typed, name })}
        />
        <TextField
          label={words.login}
          required
          value={typed.login}
          error={errorFor('login')}
          onValue={(login) => setTyped({ ...typed, login })}
        />
        <SelectField
          label={words.role}
          value={typed.role}
          options={ROLES.map((role) => ({ value: role, text: words.roles[role] }))}
          onValue={(role) => setTyped({ ...typed, role: isRole(role) ? role : 'nurse' })}
        />
        <Button type="submit" kind={accounts.length === 0 ? 'main' : 'plain'} busy={registering.isPending}>
          {words.addColleague}
        </Button>
      </form>
      {errorFor('name') === undefined && errorFor('login') === undefined && (
        <Failure error={registering.error} />
      )}
      {accounts.length === 0 ? (
        <p className="quiet">{words.noColleagues}</p>
      ) : (
        <SetUpSlips accounts={accounts} />
      )}
      <div className="first-run-actions not-printed">
        <Button kind={accounts.length > 0 ? 'main' : 'quiet'} onClick={onNext}>
          {accounts.length > 0 ? words.next : words.later}
        </Button>
      </div>
    </div>
  );
}
