import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { FormDialog } from '../calls/form-dialog.js';
import { errorOf } from '../calls/problem.js';
import {
  type EndpointInput,
  type NewEndpoint,
  previewEndpoint,
  registerEndpoint,
  systemsKey,
} from '../calls/systems.js';
import { CheckList } from '../parts/check-list.js';
import { Choices } from '../parts/choices.js';
import { SelectField, TextField } from '../parts/field.js';
import { Notice } from '../parts/notice.js';
import { useWords } from '../words/use-words.js';
import { EndpointFields, NEW_SETTINGS, settingsOf } from './endpoint-fields.js';
import { SecretDialog } from './secret-dialog.js';
import { systemsWords } from './systems-words.js';
import { newTransport, transportDraft } from './transport.js';
import { TransportFields } from './transport-fields.js';

type Kind = NonNullable<EndpointInput['kind']>;
type Backlog = NonNullable<EndpointInput['backlog']>;
type Ways = Pick<EndpointInput, 'format' | 'payload' | 'signature' | 'verify'>;

const FEW = 20;

/** Registers an endpoint in two steps: its settings, then what to do with what is open already. */
export default function RegisterDialog({
  onClose,
  onRegistered,
}: {
  readonly onClose: () => void;
  readonly onRegistered: (id: string) => void;
}) {
  const words = useWords(systemsWords);
  const queries = useQueryClient();
  const [kind, setKind] = useState<Kind>('webhook');
  const [url, setUrl] = useState('');
  const [robotSecret, setRobotSecret] = useState('');
  const [ways, setWays] = useState<Ways>({
    ...{ format: 'json', payload: 'thin', signature: 'hmac', verify: false },
  });
  const [settings, setSettings] = useState(NEW_SETTINGS);
  const [transport, setTransport] = useState(transportDraft());
  const [backlog, setBacklog] = useState<Backlog>();
  const [registered, setRegistered] = useState<NewEndpoint>();
  const isRobot = kind !== 'webhook';
  const input = (): EndpointInput => {
    const { rateLimit, heartbeatMinutes, filter, eventTypes } = settingsOf(settings);
    return {
      ...{ kind, url: url.trim(), eventTypes },
      ...(isRobot ? robotSecret !== '' && { robotSecret } : { ...ways, ...newTransport(transport) }),
      ...(rateLimit && { rateLimit }),
      ...(heartbeatMinutes !== null && !isRobot && { heartbeatMinutes }),
      ...(filter && { filter }),
      ...(backlog && { backlog }),
    };
  };
  const preview = useMutation({
    mutationFn: () => previewEndpoint(input()),
    onSuccess: ({ backlog: { open } }) => setBacklog(open <= FEW ? 'all' : 'digest'),
  });
  const registering = useMutation({
    mutationFn: () => registerEndpoint(input()),
    onSuccess: (endpoint) => {
      void queries.invalidateQueries({ queryKey: systemsKey });
      if (endpoint.secret === undefined && endpoint.payloadKey === undefined) onRegistered(endpoint.id);
      else setRegistered(endpoint);
    },
  });
  const error = registering.error ?? preview.error;
  if (registered) return <SecretDialog {...registered} onClose={() => onRegistered(registered.id)} />;
  if (backlog !== undefined && preview.data)
    return (
      <BacklogStep
        url={url}
        open={preview.data.backlog}
        value={backlog}
        error={registering.error}
        isSending={registering.isPending}
        onValue={setBacklog}
        onBack={() => setBacklog(undefined)}
        onRegister={() => registering.mutate()}
      />
    );
  return (
    <FormDialog
      key="settings"
      title={words.newEndpoint}
      closeLabel={words.cancel}
      submitText={words.next}
      wide
      error={error}
      isSending={preview.isPending}
      isDisabled={settings.eventTypes.length === 0}
      onClose={onClose}
      onSubmit={() => preview.mutate()}
    >
      <Choices
        label={words.kind}
        options={Object.entries(words.kinds).map(([value, text]) => ({ value, text }))}
        value={kind}
        onValue={(value) => setKind(value as Kind)}
      />
      <TextField
        label={words.address}
        type="url"
        placeholder={words.addressExample}
        required
        autoFocus
        value={url}
        error={errorOf(error, 'url')}
        onValue={setUrl}
      />
      {isRobot ? (
        kind !== 'wecom' && (
          <TextField
            label={words.robotSecret}
            value={robotSecret}
            error={errorOf(error, 'robotSecret')}
            onValue={setRobotSecret}
          />
        )
      ) : (
        <WaysFields ways={ways} onWays={setWays} />
      )}
      <EndpointFields settings={settings} isRobot={isRobot} onSettings={setSettings} />
      {!isRobot && <TransportFields draft={transport} error={error} onDraft={setTransport} />}
    </FormDialog>
  );
}

/** What the receiver gets of the examinations that are open already. Closing it leads back to the settings. */
function BacklogStep({
  url,
  open,
  value,
  error,
  isSending,
  onValue,
  onBack,
  onRegister,
}: {
  readonly url: string;
  readonly open: NewEndpoint['backlog'];
  readonly value: Backlog;
  readonly error: unknown;
  readonly isSending: boolean;
  readonly onValue: (value: Backlog) => void;
  readonly onBack: () => void;
  readonly onRegister: () => void;
}) {
  const words = useWords(systemsWords);
  return (
    <FormDialog
      key="backlog"
      title={words.newEndpoint}
      closeLabel={words.back}
      submitText={words.register}
      wide
      error={error}
      isSending={isSending}
      onClose={onBack}
      onSubmit={onRegister}
    >
      <p>
        <strong>{url}</strong>
      </p>
      <Notice title={words.backlogOf(open.open, open.patients)} />
      <Choices
        label={words.backlogTitle}
        options={Object.entries(words.backlogs).map(([choice, text]) => ({ value: choice, text }))}
        value={value}
        onValue={(choice) => onValue(choice as Backlog)}
      />
    </FormDialog>
  );
}

/** How messages to a system are written, signed and begun. */
function WaysFields({ ways, onWays }: { readonly ways: Ways; readonly onWays: (ways: Ways) => void }) {
  const words = useWords(systemsWords);
  const { hmac, ed25519 } = words.signatures;
  const optionsOf = (texts: Readonly<Record<string, string>>) =>
    Object.entries(texts).map(([value, text]) => ({ value, text }));
  return (
    <>
      <div className="fields-row">
        <SelectField
          label={words.format}
          options={optionsOf(words.formats)}
          value={ways.format ?? 'json'}
          onValue={(value) => onWays({ ...ways, format: value as Ways['format'] })}
        />
        <SelectField
          label={words.payload}
          help={words.payloadHelp}
          options={optionsOf(words.payloads)}
          value={ways.payload ?? 'thin'}
          onValue={(value) => onWays({ ...ways, payload: value as Ways['payload'] })}
        />
        <SelectField
          label={words.signature}
          options={optionsOf({ hmac, ed25519 })}
          value={ways.signature ?? 'hmac'}
          onValue={(value) => onWays({ ...ways, signature: value as Ways['signature'] })}
        />
      </div>
      <CheckList
        label={words.verifyFirst}
        entries={[{ id: 'verify', text: words.verifyFirstHelp }]}
        chosen={ways.verify === true ? ['verify'] : []}
        onChosen={(chosen) => onWays({ ...ways, verify: chosen.length > 0 })}
      />
    </>
  );
}
