import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { signInOptionsQuery, ssoAddress } from '../calls/session.js';
import { Button } from '../parts/button.js';
import { TextField } from '../parts/field.js';
import { useWords } from '../words/use-words.js';
import { keep, kept } from '../words/kept.js';
import { useLanguageChoice } from '../words/language.js';
import { Notice } from '../parts/notice.js';
import { CredentialsForm } from './credentials-form.js';
import { DemonstrationPeople } from './demonstration-people.js';
import { signInWords } from './sign-in-words.js';
import './sign-in.css';

/** The code of the hospital that the first start creates. */
const FIRST_HOSPITAL = 'nedwatch';

/** In place of every page, until the browser has a session. The address stays, and its page follows. */
export default function SignInPage({ onSignedIn }: { readonly onSignedIn: () => void }) {
  const words = useWords(signInWords);
  const { language, choose } = useLanguageChoice();
  const [hospital, setHospital] = useState(kept('hospital') ?? FIRST_HOSPITAL);
  const { data: options } = useQuery(signInOptionsQuery(hospital));
  const providers = options?.providers ?? [];
  const enter = (): void => {
    keep('hospital', hospital);
    onSignedIn();
  };
  return (
    <main className="sign-in">
      <header>
        <h1>{options?.hospital ?? words.product}</h1>
        <p className="quiet">{words.byline}</p>
      </header>
      <div className="fields">
        <TextField
          label={words.hospital}
          help={words.hospitalHelp}
          autoComplete="organization"
          value={hospital}
          onValue={(value) => setHospital(value.trim().toLowerCase())}
        />
        <CredentialsForm hospital={hospital} submitText={words.submit} onSignedIn={enter} />
      </div>
      {options?.hasPeople === false && <Notice title={words.isEmpty}>{words.isEmptyHelp}</Notice>}
      {options?.demonstration && (
        <DemonstrationPeople hospital={hospital} demonstration={options.demonstration} onSignedIn={enter} />
      )}
      {providers.length > 0 && (
        <section className="sign-in-others" aria-label={words.or}>
          <p className="quiet small">{words.or}</p>
          {providers.map(({ code, name }) => (
            <a key={code} className="button button-plain" href={ssoAddress(hospital, code)}>
              {name}
            </a>
          ))}
        </section>
      )}
      <footer>
        <Button
          kind="quiet"
          lang={language === 'zh' ? 'en' : 'zh-CN'}
          onClick={() => choose(language === 'zh' ? 'en' : 'zh')}
        >
          {words.otherLanguage}
        </Button>
      </footer>
    </main>
  );
}
