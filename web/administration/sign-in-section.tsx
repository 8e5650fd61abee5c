import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import {
  changeProvider,
  type Provider,
  providersQuery,
  requireSecondFactor,
  secondFactorQuery,
} from '../calls/access.js';
import { useChange } from '../calls/change.js';
import { Failure } from '../calls/failure.js';
import { useMe } from '../calls/me.js';
import type { Role } from '../calls/people.js';
import { Busy } from '../parts/busy.js';
import { Button } from '../parts/button.js';
import { CheckList } from '../parts/check-list.js';
import { Chip } from '../parts/chip.js';
import { DataTable } from '../parts/data-table.js';
import { EmptyState } from '../parts/empty-state.js';
import { SectionHead, SectionPart } from '../parts/section-page.js';
import { HOSPITAL_ROLES, roleWords } from '../words/role-words.js';
import { useWords } from '../words/use-words.js';
import { accessWords } from './access-words.js';
import { administrationWords } from './administration-words.js';
import { ProviderDialog } from './provider-dialog.js';
import { ProviderTestDialog } from './provider-test-dialog.js';

/** Whose sign-in needs a second factor, and the systems by which people sign in. */
export default function SignInSection() {
  const frame = useWords(administrationWords);
  const words = useWords(accessWords);
  const mayChange = useMe().roles.includes('hospital_admin');
  return (
    <>
      <SectionHead title={frame['sign-in']} intro={words.signInIntro} />
      <SectionPart title={words.secondFactor}>
        <SecondFactor mayChange={mayChange} />
      </SectionPart>
      <SectionPart title={words.providers}>
        <Providers mayChange={mayChange} />
      </SectionPart>
    </>
  );
}

function SecondFactor({ mayChange }: { readonly mayChange: boolean }) {
  const frame = useWords(administrationWords);
  const words = useWords(accessWords);
  const roleNames = useWords(roleWords);
  const { data, error } = useQuery(secondFactorQuery);
  const [changed, setChanged] = useState<readonly string[]>();
  const saving = useChange((roles: readonly string[]) => requireSecondFactor(roles as readonly Role[]), {
    reads: [['second-factor-requirement']],
    done: words.secondFactorSaved,
    onDone: () => setChanged(undefined),
  });
  const chosen = changed ?? data?.roles ?? [];
  if (data === undefined) return error ? <Failure error={error} /> : <Busy text={frame.loading} />;
  return (
    <div className="fields">
      <p className="quiet">{words.secondFactorHelp}</p>
      <CheckList
        label={words.roles}
        entries={HOSPITAL_ROLES.map((role) => ({
          ...{ id: role, text: roleNames[role], isFixed: !mayChange },
        }))}
        chosen={chosen}
        onChosen={setChanged}
      />
      <Failure error={saving.error} />
      {mayChange && (
        <div className="form-actions">
          <Button
            kind="main"
            busy={saving.isPending}
            disabled={changed === undefined}
            onClick={() => saving.mutate(chosen)}
          >
            {frame.save}
          </Button>
        </div>
      )}
    </div>
  );
}

function Providers({ mayChange }: { readonly mayChange: boolean }) {
  const frame = useWords(administrationWords);
  const words = useWords(accessWords);
  const { data, error } = useQuery(providersQuery);
  const [edited, setEdited] = useState<Provider | 'new'>();
  const [tested, setTested] = useState<Provider>();
  const switching = useChange(({ id, enabled }: Provider) => changeProvider(id, { enabled: !enabled }), {
    reads: [['sso-providers']],
    done: frame.saved,
  });
  return (
    <>
      {mayChange && (
        <div className="toolbar">
          <Button onClick={() => setEdited('new')}>{words.newProvider}</Button>
        </div>
      )}
      <Failure error={error ?? switching.error} />
      {data?.length === 0 && <EmptyState title={words.noProviders}>{words.noProvidersHelp}</EmptyState>}
      {data !== undefined && data.length > 0 && (
        <DataTable label={words.providers} head={[words.providerName, words.issuer, words.state, '']}>
          {data.map((provider) => (
            <tr key={provider.id} className={provider.enabled ? undefined : 'is-ended'}>
              <th scope="row">
                {provider.name} <span className="quiet small">{provider.code}</span>
              </th>
              <td>{provider.issuer}</td>
              <td>
                <Chip tone={provider.enabled ? 'done' : 'plain'}>
                  {provider.enabled ? words.enabled : words.disabled}
                </Chip>
              </td>
              <td className="row-acts">
                {mayChange && (
                  <>
                    <Button onClick={() => setTested(provider)}>{words.test}</Button>
                    <Button onClick={() => setEdited(provider)}>{frame.edit}</Button>
                    <Button title={words.disableHelp} onClick={() => switching.mutate(provider)}>
                      {provider.enabled ? words.disableProvider : words.enableProvider}
                    </Button>
                  </>
                )}
              </td>
            </tr>
          ))}
        </DataTable>
      )}
      {edited !== undefined && (
        <ProviderDialog
          {...(edited !== 'new' && { provider: edited })}
          onClose={() => setEdited(undefined)}
        />
      )}
      {tested && <ProviderTestDialog provider={tested} onClose={() => setTested(undefined)} />}
    </>
  );
}
