import { useState } from 'react';
import { addProvider, changeProvider, type NewProvider, type Provider } from '../calls/access.js';
import { useChange } from '../calls/change.js';
import { FormDialog } from '../calls/form-dialog.js';
import { errorOf } from '../calls/problem.js';
import { CheckList } from '../parts/check-list.js';
import { TextField } from '../parts/field.js';
import { useWords } from '../words/use-words.js';
import { accessWords } from './access-words.js';
import { administrationWords } from './administration-words.js';
import { linesOf, type RoleLine, roleMapOf } from './role-lines.js';
import { RoleMapField } from './role-map-field.js';

interface Form {
  readonly code: string;
  readonly name: string;
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly roleClaim: string;
  readonly lines: readonly RoleLine[];
  readonly ticked: readonly string[];
}

const formOf = (provider: Provider | undefined): Form => ({
  code: provider?.code ?? '',
  name: provider?.name ?? '',
  issuer: provider?.issuer ?? '',
  clientId: provider?.clientId ?? '',
  clientSecret: '',
  roleClaim: provider?.roleClaim ?? 'groups',
  lines: linesOf(provider?.roleMap ?? {}),
  ticked: [
    ...(provider?.autoCreate === true ? ['autoCreate'] : []),
    ...(provider?.secondFactorTrusted === true ? ['secondFactorTrusted'] : []),
  ],
});

/** Another system by which people of the hospital sign in. Its code and issuer never change. */
export function ProviderDialog({
  provider,
  onClose,
}: {
  /** Left out: a new one. */
  readonly provider?: Provider;
  readonly onClose: () => void;
}) {
  const frame = useWords(administrationWords);
  const words = useWords(accessWords);
  const [form, setForm] = useState(() => formOf(provider));
  const saving = useChange(
    () => {
      const { code, issuer, clientSecret, lines, ticked, ...texts } = form;
      const settings = {
        ...texts,
        ...(clientSecret !== '' && { clientSecret }),
        roleMap: roleMapOf(lines) as NonNullable<NewProvider['roleMap']>,
        autoCreate: ticked.includes('autoCreate'),
        secondFactorTrusted: ticked.includes('secondFactorTrusted'),
      };
      return provider
        ? changeProvider(provider.id, settings)
        : addProvider({ ...settings, code: code.trim(), issuer: issuer.trim() });
    },
    { reads: [['sso-providers']], done: frame.saved, onDone: onClose },
  );
  const change = (part: Partial<Form>): void => setForm({ ...form, ...part });
  const text = (field: 'code' | 'name' | 'issuer' | 'clientId' | 'roleClaim', help?: string) => (
    <TextField
      label={field === 'name' ? words.providerName : words[field]}
      help={help}
      required
      value={form[field]}
      error={errorOf(saving.error, field)}
      onValue={(value) => change({ [field]: value })}
    />
  );
  return (
    <FormDialog
      title={provider ? `${frame.edit} · ${provider.name}` : words.newProvider}
      closeLabel={frame.cancel}
      submitText={frame.save}
      wide
      error={saving.error}
      isSending={saving.isPending}
      onClose={onClose}
      onSubmit={() => saving.mutate(undefined)}
    >
      <div className="fields-row">
        {text('name', words.providerNameHelp)}
        {!provider && text('code', words.codeHelp)}
      </div>
      {!provider && text('issuer', words.issuerHelp)}
      <div className="fields-row">
        {text('clientId')}
        <TextField
          label={words.clientSecret}
          help={words.clientSecretHelp}
          type="password"
          autoComplete="off"
          value={form.clientSecret}
          error={errorOf(saving.error, 'clientSecret')}
          onValue={(clientSecret) => change({ clientSecret })}
        />
      </div>
      {text('roleClaim')}
      <RoleMapField lines={form.lines} onLines={(lines) => change({ lines })} />
      <CheckList
        label={words.autoCreate}
        entries={[
          { id: 'autoCreate', text: words.autoCreateHelp },
          { id: 'secondFactorTrusted', text: words.trustedHelp },
        ]}
        chosen={form.ticked}
        onChosen={(ticked) => change({ ticked })}
      />
    </FormDialog>
  );
}
