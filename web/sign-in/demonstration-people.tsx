import { useMutation } from '@tanstack/react-query';
import { type Demonstration, signIn } from '../calls/session.js';
import { Failure } from '../calls/failure.js';
import { Button } from '../parts/button.js';
import { textOf } from '../words/dictionary.js';
import { useWords } from '../words/use-words.js';
import { signInWords } from './sign-in-words.js';

/** The people of a demonstration: one press signs in. */
export function DemonstrationPeople({
  hospital,
  demonstration: { password, people },
  onSignedIn,
}: {
  readonly hospital: string;
  readonly demonstration: Demonstration;
  readonly onSignedIn: () => void;
}) {
  const words = useWords(signInWords);
  const entering = useMutation({ mutationFn: signIn, onSuccess: onSignedIn });
  return (
    <section className="demonstration-people" aria-label={words.demonstration}>
      <p>
        <strong>{words.demonstration}</strong> <span className="quiet">{words.demonstrationHelp}</span>
      </p>
      <ul>
        {people.map(({ login, name, roles }) => (
          <li key={login}>
            <Button
              busy={entering.isPending && entering.variables.login === login}
              onClick={() => entering.mutate({ hospital, login, password })}
            >
              {name}
              <span className="quiet">{roles.map((role) => textOf(words.roles, role)).join(' ')}</span>
            </Button>
          </li>
        ))}
      </ul>
      <p className="quiet small">{words.demonstrationPassword(password)}</p>
      <Failure error={entering.error} />
    </section>
  );
}
