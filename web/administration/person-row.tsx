import { useInstant } from '../calls/instants.js';
import { useMe } from '../calls/me.js';
import type { Person } from '../calls/people.js';
import { Button } from '../parts/button.js';
import { Chip } from '../parts/chip.js';
import { textOf } from '../words/dictionary.js';
import { useJoined } from '../words/lists.js';
import { roleWords } from '../words/role-words.js';
import { useWords } from '../words/use-words.js';
import { administrationWords } from './administration-words.js';
import type { PersonAct } from './people-section.js';
import { peopleWords } from './people-words.js';

/** One account, with what can be done about it. */
export function PersonRow({
  person,
  mayChange,
  onAct,
  onEnable,
}: {
  readonly person: Person;
  readonly mayChange: boolean;
  readonly onAct: (act: PersonAct) => void;
  readonly onEnable: () => void;
}) {
  const frame = useWords(administrationWords);
  const words = useWords(peopleWords);
  const roleNames = useWords(roleWords);
  const joined = useJoined();
  const instant = useInstant();
  const isSelf = useMe().id === person.id;
  const { name, login, roles, departments, ownPatientsOnly, state, expiresAt } = person;
  const isActive = state === 'active';
  return (
    <tr className={isActive ? undefined : 'is-ended'}>
      <th scope="row">
        {name} {isSelf && <Chip tone="active">{words.you}</Chip>}
        <div className="quiet small">{login}</div>
      </th>
      <td>{joined(roles.map((role) => textOf(roleNames, role)))}</td>
      <td>
        {departments === null ? words.allDepartments : joined(departments)}
        {ownPatientsOnly && <div className="quiet small">{words.ownOnly}</div>}
      </td>
      <td>
        <SignInState person={person} />
      </td>
      <td>
        {isActive ? words.active : words.disabled}
        {expiresAt !== null && (
          <div className="quiet small">
            {words.expires} {instant(expiresAt).slice(0, 10)}
          </div>
        )}
      </td>
      <td className="row-acts">
        {mayChange && (
          <>
            <Button onClick={() => onAct('edit')}>{frame.edit}</Button>
            <Button onClick={() => onAct('sessions')}>{words.sessions}</Button>
            <Button onClick={() => onAct('identities')}>{words.linkTitle}</Button>
            {!isSelf && isActive && <Button onClick={() => onAct('reset')}>{words.reset}</Button>}
            {!isSelf && isActive && <Button onClick={() => onAct('disable')}>{words.disable}</Button>}
            {!isActive && <Button onClick={onEnable}>{words.enable}</Button>}
          </>
        )}
      </td>
    </tr>
  );
}

/** How the person signs in, or why that is not possible yet. */
function SignInState({ person }: { readonly person: Person }) {
  const words = useWords(peopleWords);
  const instant = useInstant();
  const { passwordSet, secondFactor, setupExpiresAt } = person;
  if (!passwordSet && setupExpiresAt !== null)
    return <Chip tone="warning">{words.codeWaiting(instant(setupExpiresAt))}</Chip>;
  return (
    <>
      <span className={passwordSet ? undefined : 'quiet'}>
        {passwordSet ? words.passwordSet : words.noPassword}
      </span>{' '}
      {secondFactor && <Chip tone="done">{words.secondFactor}</Chip>}
    </>
  );
}
