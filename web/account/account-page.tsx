import { useQueryClient } from '@tanstack/react-query';
import { chooseLanguage } from '../calls/account.js';
import { useChange } from '../calls/change.js';
import { Failure } from '../calls/failure.js';
import { useMe } from '../calls/me.js';
import { Choices } from '../parts/choices.js';
import { SectionHead, SectionPart } from '../parts/section-page.js';
import { textOf } from '../words/dictionary.js';
import { type Language, useLanguageChoice } from '../words/language.js';
import { useJoined } from '../words/lists.js';
import { roleWords } from '../words/role-words.js';
import { useWords } from '../words/use-words.js';
import { accountWords } from './account-words.js';
import { OwnSessions } from './own-sessions.js';
import { PasswordForm } from './password-form.js';
import { SecondFactor } from './second-factor.js';
import './account.css';

/** What people do with their own account: password, second factor, devices, language. */
export default function AccountPage() {
  const words = useWords(accountWords);
  const isPerson = useMe().kind === 'person';
  return (
    <div className="account">
      <title>{words.title}</title>
      <SectionHead title={words.title} />
      <Facts />
      {isPerson && (
        <>
          <SectionPart title={words.password}>
            <PasswordForm />
          </SectionPart>
          <SectionPart title={words.secondFactor}>
            <SecondFactor />
          </SectionPart>
          <SectionPart title={words.sessions}>
            <OwnSessions />
          </SectionPart>
        </>
      )}
    </div>
  );
}

function Facts() {
  const words = useWords(accountWords);
  const roleNames = useWords(roleWords);
  const joined = useJoined();
  const me = useMe();
  const facts: readonly (readonly [string, string])[] = [
    [words.name, me.name],
    [words.login, me.login ?? ''],
    [words.roles, joined(me.roles.map((role) => textOf(roleNames, role)))],
    [words.departments, me.departments === null ? words.allDepartments : joined(me.departments)],
  ];
  return (
    <SectionPart title={words.facts}>
      <dl className="account-facts">
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <p className="quiet small">{words.askAdministrator}</p>
      {me.kind === 'person' && <LanguageField />}
    </SectionPart>
  );
}

/** Kept in this browser and in the account. */
function LanguageField() {
  const words = useWords(accountWords);
  const { language, choose } = useLanguageChoice();
  const queries = useQueryClient();
  const choosing = useChange(chooseLanguage, {
    reads: [],
    done: words.languageSaved,
    onDone: (me) => queries.setQueryData(['me'], me),
  });
  const pick = (chosen: Language): void => {
    choose(chosen);
    choosing.mutate(chosen);
  };
  return (
    <>
      <Choices
        label={words.language}
        options={[
          { value: 'zh', text: words.chinese },
          { value: 'en', text: words.english },
        ]}
        value={language}
        onValue={(value) => pick(value === 'en' ? 'en' : 'zh')}
      />
      <Failure error={choosing.error} />
    </>
  );
}
