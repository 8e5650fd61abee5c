import { useState } from 'react';
import { useChange } from '../calls/change.js';
import { FormDialog } from '../calls/form-dialog.js';
import { useMe } from '../calls/me.js';
import { changePerson, type NewPerson, type Person, registerPerson, type Role } from '../calls/people.js';
import { errorOf } from '../calls/problem.js';
import { CheckList } from '../parts/check-list.js';
import { Choices } from '../parts/choices.js';
import { TextArea, TextField } from '../parts/field.js';
import { instantAt } from '../words/dates.js';
import { HOSPITAL_ROLES, roleWords } from '../words/role-words.js';
import { useWords } from '../words/use-words.js';
import { administrationWords } from './administration-words.js';
import { DepartmentsField } from './departments-field.js';
import { peopleWords } from './people-words.js';
import { type PersonForm, formOf, isComplete, NEW_PERSON, settingsOf } from './person-form.js';

/** Registers a person, or changes name, roles and limits of one. */
export function PersonDialog({
  person,
  onRegistered,
  onClose,
}: {
  /** Left out: a new person. */
  readonly person?: Person;
  readonly onRegistered: (name: string, setupCode: string) => void;
  readonly onClose: () => void;
}) {
  const frame = useWords(administrationWords);
  const words = useWords(peopleWords);
  const me = useMe();
  const { timeZone } = me.hospital;
  const [login, setLogin] = useState('');
  const [form, setForm] = useState<PersonForm>(() => (person ? formOf(person, timeZone) : NEW_PERSON));
  const isSelf = person?.id === me.id;
  const endOfDay = (day: string): string => instantAt(`${day}T23:59`, timeZone);
  const saving = useChange(
    async (): Promise<string | undefined> => {
      const { name, language, ...rights } = settingsOf(form, endOfDay);
      if (person) {
        await changePerson(person.id, { name, language, ...(!isSelf && rights) });
        return undefined;
      }
      const input: NewPerson = { login: login.trim(), name, language, ...rights };
      return (await registerPerson(input)).setupCode;
    },
    {
      reads: [['people'], ['departments']],
      done: person ? frame.saved : words.registered(form.name.trim()),
      onDone: (setupCode) => {
        if (setupCode === undefined) onClose();
        else onRegistered(form.name.trim(), setupCode);
      },
    },
  );
  const change = (part: Partial<PersonForm>): void => setForm({ ...form, ...part });
  const errorFor = (field: string): string | undefined => errorOf(saving.error, field);
  return (
    <FormDialog
      title={person ? `${frame.edit} · ${person.name}` : words.newPerson}
      closeLabel={frame.cancel}
      submitText={person ? frame.save : words.newPerson}
      wide
      error={saving.error}
      isSending={saving.isPending}
      isDisabled={!isComplete(form)}
      onClose={onClose}
      onSubmit={() => saving.mutate(undefined)}
    >
      <div className="fields-row">
        <TextField
          label={words.name}
          required
          autoFocus
          maxLength={100}
          value={form.name}
          error={errorFor('name')}
          onValue={(name) => change({ name })}
        />
        {!person && (
          <TextField
            label={words.login}
            help={words.loginHelp}
            required
            maxLength={64}
            value={login}
            error={errorFor('login')}
            onValue={setLogin}
          />
        )}
      </div>
      <Choices
        label={words.language}
        options={[
          { value: 'zh', text: words.chinese },
          { value: 'en', text: words.english },
        ]}
        value={form.language}
        onValue={(language) => change({ language: language === 'en' ? 'en' : 'zh' })}
      />
      {!isSelf && <RightsFields form={form} errorFor={errorFor} onChange={change} />}
    </FormDialog>
  );
}

function RightsFields({
  form,
  errorFor,
  onChange,
}: {
  readonly form: PersonForm;
  readonly errorFor: (field: string) => string | undefined;
  readonly onChange: (part: Partial<PersonForm>) => void;
}) {
  const words = useWords(peopleWords);
  const roleNames = useWords(roleWords);
  return (
    <>
      <CheckList
        label={words.roles}
        entries={HOSPITAL_ROLES.map((role) => ({ id: role, text: roleNames[role] }))}
        chosen={form.roles}
        onChosen={(roles) => onChange({ roles: roles as readonly Role[] })}
      />
      <DepartmentsField
        value={form.departments}
        error={errorFor('departments')}
        onValue={(departments) => onChange({ departments })}
      />
      <CheckList
        label={words.scope}
        entries={[{ id: 'own', text: words.ownOnly }]}
        chosen={form.ownPatientsOnly ? ['own'] : []}
        onChosen={(chosen) => onChange({ ownPatientsOnly: chosen.length > 0 })}
      />
      <div className="fields-row">
        <TextField
          label={words.expires}
          help={words.expiresHelp}
          type="date"
          value={form.lastDay}
          error={errorFor('expiresAt')}
          onValue={(lastDay) => onChange({ lastDay })}
        />
        <TextArea
          label={words.addresses}
          help={words.addressesHelp}
          value={form.addresses}
          error={errorFor('addresses')}
          onValue={(addresses) => onChange({ addresses })}
        />
      </div>
    </>
  );
}
