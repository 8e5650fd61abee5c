import { type SyntheticEvent, useState } from 'react';
import { changePassword } from '../calls/account.js';
import { useChange } from '../calls/change.js';
import { Failure } from '../calls/failure.js';
import { errorOf } from '../calls/problem.js';
import { Button } from '../parts/button.js';
import { TextField } from '../parts/field.js';
import { useWords } from '../words/use-words.js';
import { accountWords } from './account-words.js';

/** Another password. Sessions on other devices end; this one goes over into a new one. */
export function PasswordForm() {
  const words = useWords(accountWords);
  const [present, setPresent] = useState('');
  const [chosen, setChosen] = useState('');
  const [again, setAgain] = useState('');
  const changing = useChange(() => changePassword(present, chosen), {
    reads: [['me']],
    done: words.passwordChanged,
    onDone: () => {
      setPresent('');
      setChosen('');
      setAgain('');
    },
  });
  const isSame = again === '' || again === chosen;
  const submit = (event: SyntheticEvent): void => {
    event.preventDefault();
    changing.mutate(undefined);
  };
  return (
    <form className="fields" onSubmit={submit}>
      <TextField
        label={words.present}
        type="password"
        autoComplete="current-password"
        required
        value={present}
        error={errorOf(changing.error, 'password')}
        onValue={setPresent}
      />
      <TextField
        label={words.new}
        help={words.newHelp}
        type="password"
        autoComplete="new-password"
        required
        value={chosen}
        error={errorOf(changing.error, 'newPassword')}
        onValue={setChosen}
      />
      <TextField
        label={words.again}
        type="password"
        autoComplete="new-password"
        required
        value={again}
        error={isSame ? undefined : words.notSame}
        onValue={setAgain}
      />
      <Failure error={changing.error} />
      <p>
        <Button type="submit" busy={changing.isPending} disabled={again !== chosen}>
          {words.changePassword}
        </Button>
      </p>
    </form>
  );
}
