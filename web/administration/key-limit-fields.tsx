import type { NewApiKey, Scope } from '../calls/access.js';
import type { Role } from '../calls/people.js';
import { errorOf } from '../calls/problem.js';
import { CheckList } from '../parts/check-list.js';
import { Choices } from '../parts/choices.js';
import { TextArea, TextField } from '../parts/field.js';
import { HOSPITAL_ROLES, roleWords } from '../words/role-words.js';
import { useWords } from '../words/use-words.js';
import { accessWords } from './access-words.js';
import { DepartmentsField } from './departments-field.js';
import { rangesIn } from './person-form.js';

/** What a key or client may do, and for how long, as typed. */
export interface KeyLimits {
  readonly name: string;
  readonly days: string;
  readonly roles: readonly string[];
  /** Null: all of its roles. */
  readonly scopes: readonly string[] | null;
  readonly departments: readonly string[] | null;
  readonly addresses: string;
}

export const USUAL_LIMITS: KeyLimits = {
  ...{ name: '', days: '90', roles: ['integration'], scopes: null, departments: null, addresses: '' },
};

/** Whether it can be sent: a limit to nothing must not become no limit. */
export const areComplete = ({ roles, scopes, departments }: KeyLimits): boolean =>
  roles.length > 0 && scopes?.length !== 0 && departments?.length !== 0;

/** The limits in the form of the calls. */
export const limitsIn = ({ name, days, roles, scopes, departments, addresses }: KeyLimits): NewApiKey => ({
  name: name.trim(),
  roles: roles as Role[],
  scopes: scopes && [...(scopes as readonly Scope[])],
  departments: departments && [...departments],
  addresses: rangesIn(addresses),
  expiresInDays: Number(days),
});

export function KeyLimitFields({
  limits,
  error,
  onLimits,
}: {
  readonly limits: KeyLimits;
  readonly error: unknown;
  readonly onLimits: (limits: KeyLimits) => void;
}) {
  const words = useWords(accessWords);
  const roleNames = useWords(roleWords);
  const errorFor = (field: string): string | undefined => errorOf(error, field);
  const change = (part: Partial<KeyLimits>): void => onLimits({ ...limits, ...part });
  return (
    <>
      <div className="fields-row">
        <TextField
          label={words.keyName}
          help={words.keyNameHelp}
          required
          autoFocus
          maxLength={100}
          value={limits.name}
          error={errorFor('name')}
          onValue={(name) => change({ name })}
        />
        <TextField
          label={words.days}
          help={words.daysHelp}
          type="number"
          min={1}
          max={365}
          required
          value={limits.days}
          error={errorFor('expiresInDays')}
          onValue={(days) => change({ days })}
        />
      </div>
      <CheckList
        label={words.roles}
        entries={HOSPITAL_ROLES.map((role) => ({ id: role, text: roleNames[role] }))}
        chosen={limits.roles}
        onChosen={(roles) => change({ roles })}
      />
      <ScopesField scopes={limits.scopes} onScopes={(scopes) => change({ scopes })} />
      <DepartmentsField
        value={limits.departments}
        error={errorFor('departments')}
        onValue={(departments) => change({ departments })}
      />
      <TextArea
        label={words.addresses}
        help={words.addressesHelp}
        value={limits.addresses}
        error={errorFor('addresses')}
        onValue={(addresses) => change({ addresses })}
      />
    </>
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
