import { useMutation } from '@tanstack/react-query';
import { type SyntheticEvent, useState } from 'react';
import { Failure } from '../calls/failure.js';
import { beginFirstRun, type FirstSteps } from '../calls/first-run.js';
import { errorOf, isRefused } from '../calls/problem.js';
import { Button } from '../parts/button.js';
import { TextField } from '../parts/field.js';
import { Link } from '../routing/link.js';
import { goTo } from '../routing/place.js';
import { keep } from '../words/kept.js';
import { useLanguageChoice } from '../words/language.js';
import { useWords } from '../words/use-words.js';
import { FirstRunFrame } from './first-run-frame.js';
import { firstRunWords } from './first-run-words.js';
import { SecondFactor } from './second-factor.js';
import { addressOfStep } from './steps.js';

type Typed = Omit<FirstSteps, 'token' | 'language'>;

const NOTHING: Typed = {
  ...{ hospital: '', code: '', timeZone: 'Asia/Shanghai' },
  ...{ login: '', name: '', newPassword: '', leadsWard: true },
};
const OF_HOSPITAL = ['hospital', 'code', 'timeZone'] as const;

/** The first two steps, which the link of the program's start permits: there is no account yet. */
export default function BeginFirstRun({
  token,
  onSignedIn,
}: {
  readonly token: string;
  readonly onSignedIn: () => void;
}) {
  const words = useWords(firstRunWords);
  const { language, choose } = useLanguageChoice();
  const [step, setStep] = useState<'hospital' | 'yourself' | 'second-factor'>('hospital');
  const [typed, setTyped] = useState(NOTHING);
  const beginning = useMutation({
    mutationFn: beginFirstRun,
    onSuccess: () => {
      keep('hospital', typed.code);
      setStep('second-factor');
    },
    onError: (error) => {
      if (OF_HOSPITAL.some((field) => errorOf(error, field) !== undefined)) setStep('hospital');
    },
  });
  const finish = (): void => {
    goTo(addressOfStep('colleagues'), { replace: true }); // without the token
    onSignedIn();
  };
  if (isRefused(beginning.error, 'first-run-link-invalid')) return <LinkGone />;
  const fields = { typed, error: beginning.error, onTyped: setTyped };
  return (
    <main>
      <FirstRunFrame
        step={step === 'hospital' ? 'hospital' : 'yourself'}
        done={step === 'hospital' ? [] : ['hospital']}
        hasAccount={false}
      >
        {step === 'hospital' && <HospitalForm {...fields} onNext={() => setStep('yourself')} />}
        {step === 'yourself' && (
          <YourselfForm
            {...fields}
            isSending={beginning.isPending}
            onBack={() => setStep('hospital')}
            onNext={() => beginning.mutate({ ...typed, token, language })}
          />
        )}
        {step === 'second-factor' && (
          <SecondFactor password={typed.newPassword} onDone={finish} onLater={finish} />
        )}
        <footer className="first-run-language">
          <Button
            kind="quiet"
            lang={language === 'zh' ? 'en' : 'zh-CN'}
            onClick={() => choose(language === 'zh' ? 'en' : 'zh')}
          >
            {words.otherLanguage}
          </Button>
        </footer>
      </FirstRunFrame>
    </main>
  );
}

interface FormProps {
  readonly typed: Typed;
  readonly error: unknown;
  readonly onTyped: (typed: Typed) => void;
  readonly onNext: () => void;
}

const submitted =
  (next: () => void) =>
  (event: SyntheticEvent): void => {
    event.preventDefault();
    next();
  };

function HospitalForm({ typed, error, onTyped, onNext }: FormProps) {
  const words = useWords(firstRunWords);
  return (
    <form className="fields" onSubmit={submitted(onNext)}>
      <p className="quiet">{words.hospitalIntro}</p>
      <TextField
        label={words.hospitalName}
        help={words.hospitalNameHelp}
        required
        autoFocus
        maxLength={200}
        value={typed.hospital}
        error={errorOf(error, 'hospital')}
        onValue={(hospital) => onTyped({ ...typed, hospital })}
      />
      <TextField
        label={words.code}
        help={words.codeHelp}
        required
        pattern="[a-z0-9][a-z0-9\-]{1,19}"
        title={words.codeHelp}
        value={typed.code}
        error={errorOf(error, 'code')}
        onValue={(code) => onTyped({ ...typed, code: code.toLowerCase() })}
      />
      <TextField
        label={words.timeZone}
        help={words.timeZoneHelp}
        required
        value={typed.timeZone ?? ''}
        error={errorOf(error, 'timeZone')}
        onValue={(timeZone) => onTyped({ ...typed, timeZone })}
      />
      <div className="first-run-actions">
        <Button kind="main" type="submit">
          {words.next}
        </Button>
      </div>
    </form>
  );
}

function YourselfForm({
  typed,
  error,
  isSending,
  onTyped,
  onBack,
  onNext,
}: FormProps & { readonly isSending: boolean; readonly onBack: () => void }) {
  const words = useWords(firstRunWords);
  const hasFieldError = ['name', 'login', 'newPassword'].some((field) => errorOf(error, field) !== undefined);
  return (
    <form className="fields" onSubmit={submitted(onNext)}>
      <p className="quiet">{words.yourselfIntro}</p>
      <TextField
        label={words.name}
        required
        autoFocus
        maxLength={100}
        value={typed.name}
        error={errorOf(error, 'name')}
        onValue={(name) => onTyped({ ...typed, name })}
      />
      <TextField
        label={words.login}
        help={words.loginHelp}
        required
        autoComplete="username"
        value={typed.login}
        error={errorOf(error, 'login')}
        onValue={(login) => onTyped({ ...typed, login })}
      />
      <TextField
        label={words.password}
        help={words.passwordHelp}
        type="password"
        required
        autoComplete="new-password"
        value={typed.newPassword}
        error={errorOf(error, 'newPassword')}
        onValue={(newPassword) => onTyped({ ...typed, newPassword })}
      />
      <label className="first-run-check">
        <input
          type="checkbox"
          checked={typed.leadsWard ?? true}
          onChange={({ target }) => onTyped({ ...typed, leadsWard: target.checked })}
        />
        <span>{words.leadsWard}</span>
      </label>
      {!hasFieldError && <Failure error={error} />}
      <div className="first-run-actions">
        <Button kind="main" type="submit" busy={isSending}>
          {words.createAccount}
        </Button>
        <Button onClick={onBack}>{words.back}</Button>
      </div>
    </form>
  );
}

function LinkGone() {
  const words = useWords(firstRunWords);
  return (
    <main>
      <div className="first-run">
        <h1>{words.linkGone}</h1>
        <p>{words.linkGoneHelp}</p>
        <p>
          <Link to="/">{words.toSignIn}</Link>
        </p>
      </div>
    </main>
  );
}
