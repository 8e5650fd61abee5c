import { useState } from 'react';
import { makeApiKey, type Scope } from '../calls/access.js';
import { useChange } from '../calls/change.js';
import { FormDialog } from '../calls/form-dialog.js';
import type { Role } from '../calls/people.js';
import { errorOf } from '../calls/problem.js';
import { Button } from '../parts/button.js';
import { CheckList } from '../parts/check-list.js';
import { Choices } from '../parts/choices.js';
import { Dialog, DialogActions } from '../parts/dialog.js';
import { TextArea, TextField } from '../parts/field.js';
import { SecretOnce } from '../parts/secret-once.js';
import { HOSPITAL_ROLES, roleWords } from '../words/role-words.js';
import { useWords } from '../words/use-words.js';
import { accessWords } from './access-words.js';
import { administrationWords } from './administration-words.js';
import { DepartmentsField } from './departments-field.js';
import { rangesIn } from './person-form.js';

const USUAL_DAYS = '90';

/** Makes a key for one system, and shows it this one time. */
export function ApiKeyDialog({ onClose }: { readonly onClose: () => void }) {
  const frame = useWords(administrationWords);
  const words = useWords(accessWords);
  const roleNames = useWords(roleWords);
  const [name, setName] = useState('');
  const [roles, setRoles] = useState<readonly string[]>(['integration']);
  const [scopes, setScopes] = useState<readonly string[] | null>(null);
  const [departments, setDepartments] = useState<readonly string[] | null>(null);
  const [addresses, setAddresses] = useState('');
  const [days, setDays] = useState(USUAL_DAYS);
  const making = useChange(
    () =>
      makeApiKey({
        name: name.trim(),
        roles: roles as Role[],
        scopes: scopes && [...(scopes as readonly Scope[])],
        departments: departments && [...departments],
        addresses: rangesIn(addresses),
        expiresInDays: Number(days),
      }),
    { reads: [['api-keys']] },
  );
  const errorFor = (field: string): string | undefined => errorOf(making.error, field);
  if (making.data) return <KeyShown apiKey={making.data.key} onClose={onClose} />;
  return (
    <FormDialog
      title={words.newKey}
      closeLabel={frame.cancel}
      submitText={words.newKey}
      wide
      error={making.error}
      isSending={making.isPending}
      isDisabled={roles.length === 0 || scopes?.length === 0 || departments?.length === 0}
      onClose={onClose}
      onSubmit={() => making.mutate(undefined)}
    >
      <div className="fields-row">
        <TextField
          label={words.keyName}
          help={words.keyNameHelp}
          required
          autoFocus
          maxLength={100}
          value={name}
          error={errorFor('name')}
          onValue={setName}
        />
        <TextField
          label={words.days}
          help={words.daysHelp}
          type="number"
          min={1}
          max={365}
          required
          value={days}
          error={errorFor('expiresInDays')}
          onValue={setDays}
        />
      </div>
      <CheckList
        label={words.roles}
        entries={HOSPITAL_ROLES.map((role) => ({ id: role, text: roleNames[role] }))}
        chosen={roles}
        onChosen={setRoles}
      />
      <ScopesField scopes={scopes} onScopes={setScopes} />
      <DepartmentsField value={departments} error={errorFor('departments')} onValue={setDepartments} />
      <TextArea
        label={words.addresses}
        help={words.addressesHelp}
        value={addresses}
        error={errorFor('addresses')}
        onValue={setAddresses}
      />
    </FormDialog>
  );
}

function ScopesField({
  scopes,
  onScopes,
}: {
  readonly scopes: readonly string[] | null;
  readonly onScopes: (scopes: readonly string[] | null) => void;
}) {
  const words = useWords(accessWords);
  return (
    <>
      <Choices
        label={words.scopes}
        options={[
          { value: 'all', text: words.allScopes },
          { value: 'some', text: words.chosenScopes },
        ]}
        value={scopes === null ? 'all' : 'some'}
        onValue={(choice) => onScopes(choice === 'all' ? null : [])}
      />
      {scopes !== null && (
        <CheckList
          label={words.chosenScopes}
          entries={Object.entries(words.scopeTexts).map(([id, text]) => ({ id, text: `${text}（${id}）` }))}
          chosen={scopes}
          onChosen={onScopes}
        />
      )}
    </>
  );
}

function KeyShown({ apiKey, onClose }: { readonly apiKey: string; readonly onClose: () => void }) {
  const words = useWords(accessWords);
  return (
    <Dialog title={words.keyTitle} closeLabel={words.keyKept} onClose={onClose}>
      <SecretOnce label={words.keyLabel} secret={apiKey} selectText={words.select} help={words.keyHelp} />
      <DialogActions>
        <Button kind="main" onClick={onClose}>
          {words.keyKept}
        </Button>
      </DialogActions>
    </Dialog>
  );
}
