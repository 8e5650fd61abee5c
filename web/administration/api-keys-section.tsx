import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { type ApiKey, apiKeysQuery, revokeApiKey } from '../calls/access.js';
import { useChange } from '../calls/change.js';
import { Failure } from '../calls/failure.js';
import { FormDialog } from '../calls/form-dialog.js';
import { useInstant } from '../calls/instants.js';
import { useMe, useToday } from '../calls/me.js';
import { useCommands } from '../commands/commands.js';
import { Busy } from '../parts/busy.js';
import { Button } from '../parts/button.js';
import { CheckList } from '../parts/check-list.js';
import { Chip } from '../parts/chip.js';
import { DataTable } from '../parts/data-table.js';
import { EmptyState } from '../parts/empty-state.js';
import { SectionHead } from '../parts/section-page.js';
import { textOf } from '../words/dictionary.js';
import { useJoined } from '../words/lists.js';
import { roleWords } from '../words/role-words.js';
import { useWords } from '../words/use-words.js';
import { accessWords } from './access-words.js';
import { administrationWords } from './administration-words.js';
import { ApiKeyDialog } from './api-key-dialog.js';
import { ClientDialog } from './client-dialog.js';

/** The keys by which other systems call the API. */
export default function ApiKeysSection() {
  const frame = useWords(administrationWords);
  const words = useWords(accessWords);
  const mayChange = useMe().roles.includes('hospital_admin');
  const { data, error, refetch } = useQuery(apiKeysQuery);
  const [showsEnded, setShowsEnded] = useState(false);
  const [made, setMade] = useState<'key' | 'client'>();
  const [ending, setEnding] = useState<ApiKey>();
  const isEnded = useIsEnded();
  useCommands(
    mayChange
      ? [
          {
            ...{ id: 'new-key', title: words.newKey, group: frame.title, keys: ['n'] },
            run: () => setMade('key'),
          },
          {
            ...{ id: 'new-client', title: words.newClient, group: frame.title, keys: ['m'] },
            run: () => setMade('client'),
          },
        ]
      : [],
  );
  const shown = data?.filter((key) => showsEnded || !isEnded(key));
  return (
    <>
      <SectionHead title={frame['api-keys']} intro={words.keysIntro}>
        {mayChange && (
          <>
            <Button kind="main" hint="n" onClick={() => setMade('key')}>
              {words.newKey}
            </Button>
            <Button hint="m" onClick={() => setMade('client')}>
              {words.newClient}
            </Button>
          </>
        )}
      </SectionHead>
      <Failure error={error} onRetry={() => void refetch()} />
      {data === undefined && !error && <Busy text={frame.loading} />}
      {data !== undefined && data.some(isEnded) && (
        <CheckList
          label={words.state}
          entries={[{ id: 'ended', text: words.showEnded }]}
          chosen={showsEnded ? ['ended'] : []}
          onChosen={(chosen) => setShowsEnded(chosen.length > 0)}
        />
      )}
      {shown?.length === 0 && <EmptyState title={words.noKeys}>{words.noKeysHelp}</EmptyState>}
      {shown !== undefined && shown.length > 0 && (
        <DataTable
          label={frame['api-keys']}
          head={[
            ...[words.keyName, words.signIn, words.roles, words.scopes],
            ...[words.created, words.expires, words.used, ''],
          ]}
        >
          {shown.map((key) => (
            <KeyRow
              key={key.id}
              apiKey={key}
              isEnded={isEnded(key)}
              onEnd={mayChange ? () => setEnding(key) : undefined}
            />
          ))}
        </DataTable>
      )}
      {made === 'key' && <ApiKeyDialog onClose={() => setMade(undefined)} />}
      {made === 'client' && <ClientDialog onClose={() => setMade(undefined)} />}
      {ending && <RevokeDialog apiKey={ending} onClose={() => setEnding(undefined)} />}
    </>
  );
}

/** A key counts until the end of its day here; the server knows the minute. */
function useIsEnded(): (key: ApiKey) => boolean {
  const today = useToday();
  const instant = useInstant();
  return ({ revokedAt, expiresAt }) =>
    revokedAt !== null || (expiresAt !== null && instant(expiresAt).slice(0, 10) < today);
}

function KeyRow({
  apiKey,
  isEnded,
  onEnd,
}: {
  readonly apiKey: ApiKey;
  readonly isEnded: boolean;
  readonly onEnd: (() => void) | undefined;
}) {
  const words = useWords(accessWords);
  const roleNames = useWords(roleWords);
  const joined = useJoined();
  const instant = useInstant();
  const { id, name, lastFour, keySet, roles, scopes } = apiKey;
  const { createdBy, createdAt, expiresAt, lastUsedAt, revokedAt } = apiKey;
  return (
    <tr className={isEnded ? 'is-ended' : undefined}>
      <th scope="row">{name}</th>
      <td className="small">
        {keySet === null ? (
          <>
            {words.byKey} {lastFour !== null && <span className="quiet">…{lastFour}</span>}
          </>
        ) : (
          <>
            {words.byPrivateKey}
            <div className="quiet key-set">{keySet.url ?? joined(keySet.keyIds)}</div>
            <code className="quiet">{id}</code>
          </>
        )}
      </td>
      <td>{joined(roles.map((role) => textOf(roleNames, role)))}</td>
      <td className="small">
        {scopes === null ? words.allScopes : joined(scopes.map((scope) => textOf(words.scopeTexts, scope)))}
      </td>
      <td>
        {instant(createdAt).slice(0, 10)}
        <div className="quiet small">{createdBy ?? words.fromStart}</div>
      </td>
      <td>
        {revokedAt !== null ? (
          <Chip>{words.revoked}</Chip>
        ) : isEnded ? (
          <Chip>{words.expired}</Chip>
        ) : expiresAt === null ? (
          <Chip tone="warning">{words.never}</Chip>
        ) : (
          instant(expiresAt).slice(0, 10)
        )}
      </td>
      <td>{lastUsedAt === null ? <span className="quiet">{words.neverUsed}</span> : instant(lastUsedAt)}</td>
      <td>{!isEnded && onEnd && <Button onClick={onEnd}>{words.revoke}</Button>}</td>
    </tr>
  );
}

function RevokeDialog({ apiKey, onClose }: { readonly apiKey: ApiKey; readonly onClose: () => void }) {
  const frame = useWords(administrationWords);
  const words = useWords(accessWords);
  const revoking = useChange(() => revokeApiKey(apiKey.id), {
    ...{ reads: [['api-keys']], done: words.revokedDone, onDone: onClose },
  });
  return (
    <FormDialog
      title={`${words.revokeTitle} · ${apiKey.name}`}
      closeLabel={frame.cancel}
      submitText={words.revoke}
      isRisky
      error={revoking.error}
      isSending={revoking.isPending}
      onClose={onClose}
      onSubmit={() => revoking.mutate(undefined)}
    >
      <p>{words.revokeHelp}</p>
    </FormDialog>
  );
}
