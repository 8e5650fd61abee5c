import type { NewAccount } from '../calls/first-run.js';
import { useMe } from '../calls/me.js';
import { Button } from '../parts/button.js';
import { instantText } from '../words/dates.js';
import { textOf } from '../words/dictionary.js';
import { useWords } from '../words/use-words.js';
import { firstRunWords } from './first-run-words.js';

/** One slip for each colleague, to cut out and hand over. */
export function SetUpSlips({ accounts }: { readonly accounts: readonly NewAccount[] }) {
  const words = useWords(firstRunWords);
  const { hospital } = useMe();
  return (
    <>
      <ul className="set-up-slips">
        {accounts.map(({ id, name, login, roles, setupCode, setupExpiresAt }) => (
          <li key={id}>
            <p>
              <strong>{name}</strong>{' '}
              <span className="quiet">{roles.map((role) => textOf(words.roleNames, role)).join(' ')}</span>
            </p>
            <p className="quiet small only-printed">{words.slipIntro}</p>
            <dl>
              <dt>{words.address}</dt>
              <dd>{location.origin}</dd>
              <dt>{words.code}</dt>
              <dd>{hospital.code}</dd>
              <dt>{words.login}</dt>
              <dd>{login}</dd>
              <dt>{words.setupCode}</dt>
              <dd>
                <code>{setupCode}</code>
              </dd>
            </dl>
            {setupExpiresAt !== null && (
              <p className="quiet small">
                {words.validUntil(instantText(setupExpiresAt, hospital.timeZone))}
              </p>
            )}
          </li>
        ))}
      </ul>
      <p className="not-printed">
        <Button onClick={() => print()}>{words.printSlips}</Button>
      </p>
    </>
  );
}
