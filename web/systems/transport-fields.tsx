import type { ReactNode } from 'react';
import { errorOf } from '../calls/problem.js';
import type { Endpoint } from '../calls/systems.js';
import { Choices } from '../parts/choices.js';
import { TextArea, TextField } from '../parts/field.js';
import { useWords } from '../words/use-words.js';
import { type Choice, hasTls, type TransportDraft } from './transport.js';
import { transportWords } from './transport-words.js';
import './transport-fields.css';

interface TransportFieldsProps {
  readonly draft: TransportDraft;
  /** What the endpoint has now. */
  readonly stored?: Endpoint['transport'];
  readonly error: unknown;
  readonly onDraft: (draft: TransportDraft) => void;
}

/** How a system is reached that wants more than an address: its certificates, and tokens. */
export function TransportFields({ draft, stored, error, onDraft }: TransportFieldsProps) {
  const words = useWords(transportWords);
  const change = (part: Partial<TransportDraft>): void => onDraft({ ...draft, ...part });
  const isStored = { tls: stored !== undefined && hasTls(stored), oauth2: Boolean(stored?.oauth2) };
  const area = (name: 'ca' | 'certificate' | 'key', help: string) => (
    <TextArea
      label={words[name]}
      help={help}
      rows={3}
      maxLength={100_000}
      spellCheck={false}
      autoComplete="off"
      value={draft[name]}
      error={errorOf(error, `tls/${name}`)}
      onValue={(value) => change({ [name]: value })}
    />
  );
  return (
    <>
      <Part
        name="tls"
        choice={draft.tls}
        isStored={isStored.tls}
        error={errorOf(error, 'tls')}
        onChoice={(tls) => change({ tls })}
      >
        {isStored.tls && <p className="quiet">{words.replaces}</p>}
        {area('ca', words.caHelp)}
        {area('certificate', words.certificateHelp)}
        {area('key', words.keyHelp)}
      </Part>
      <Part
        name="oauth2"
        choice={draft.oauth2}
        isStored={isStored.oauth2}
        error={errorOf(error, 'oauth2')}
        onChoice={(oauth2) => change({ oauth2 })}
      >
        <CredentialFields {...{ draft, error }} onChange={change} />
      </Part>
    </>
  );
}

/** One part of it, folded until it is used. */
function Part({
  name,
  choice,
  isStored,
  error,
  onChoice,
  children,
}: {
  readonly name: 'tls' | 'oauth2';
  readonly choice: Choice;
  readonly isStored: boolean;
  readonly error: string | undefined;
  readonly onChoice: (choice: Choice) => void;
  readonly children: ReactNode;
}) {
  const words = useWords(transportWords);
  const choices: readonly Choice[] = isStored ? ['keep', 'new', 'none'] : ['none', 'new'];
  return (
    <details className="transport" open={choice !== 'none'}>
      <summary>
        {words[name]} <span className="quiet small">{words[`${name}Help`]}</span>
      </summary>
      <div className="fields">
        <Choices
          label={`${words[name]} · ${words.choice}`}
          options={choices.map((value) => ({ value, text: words.choices[value] }))}
          value={choice}
          onValue={(value) => onChoice(value as Choice)}
        />
        {error !== undefined && <p className="field-error">{error}</p>}
        {choice === 'new' && children}
      </div>
    </details>
  );
}

function CredentialFields({
  draft,
  error,
  onChange,
}: Pick<TransportFieldsProps, 'draft' | 'error'> & {
  readonly onChange: (part: Partial<TransportDraft>) => void;
}) {
  const words = useWords(transportWords);
  return (
    <>
      <TextField
        label={words.tokenUrl}
        type="url"
        required
        value={draft.tokenUrl}
        error={errorOf(error, 'oauth2/tokenUrl')}
        onValue={(tokenUrl) => onChange({ tokenUrl })}
      />
      <div className="fields-row">
        <TextField
          label={words.clientId}
          required
          maxLength={500}
          value={draft.clientId}
          error={errorOf(error, 'oauth2/clientId')}
          onValue={(clientId) => onChange({ clientId })}
        />
        <TextField
          label={words.clientSecret}
          help={words.secretHelp}
          type="password"
          autoComplete="new-password"
          required
          maxLength={2000}
          value={draft.clientSecret}
          error={errorOf(error, 'oauth2/clientSecret')}
          onValue={(clientSecret) => onChange({ clientSecret })}
        />
        <TextField
          label={words.scope}
          help={words.scopeHelp}
          maxLength={1000}
          value={draft.scope}
          error={errorOf(error, 'oauth2/scope')}
          onValue={(scope) => onChange({ scope })}
        />
      </div>
    </>
  );
}
