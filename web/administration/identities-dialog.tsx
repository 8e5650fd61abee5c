import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { identitiesQuery, linkIdentity, providersQuery, unlinkIdentity } from '../calls/access.js';
import { useChange } from '../calls/change.js';
import { Failure } from '../calls/failure.js';
import { FormDialog } from '../calls/form-dialog.js';
import type { Person } from '../calls/people.js';
import { errorOf } from '../calls/problem.js';
import { Busy } from '../parts/busy.js';
import { Button } from '../parts/button.js';
import { Chip } from '../parts/chip.js';
import { DataTable } from '../parts/data-table.js';
import { Dialog, DialogActions } from '../parts/dialog.js';
import { SelectField, TextField } from '../parts/field.js';
import { useWords } from '../words/use-words.js';
import { administrationWords } from './administration-words.js';
import { identityWords } from './identity-words.js';

interface IdentitiesProps {
  readonly person: Person;
  readonly onClose: () => void;
}

/** Who a person is at the sign-on providers: links that administrators make and end. */
export function IdentitiesDialog({ person, onClose }: IdentitiesProps) {
  const frame = useWords(administrationWords);
  const words = useWords(identityWords);
  const { data: providers, error } = useQuery(providersQuery);
  if (providers !== undefined && providers.length > 0)
    return <LinkDialog {...{ person, onClose }} providers={providers} />;
  return (
    <Dialog title={words.titleOf(person.name)} closeLabel={frame.close} onClose={onClose}>
      <Failure error={error} />
      {providers === undefined && !error && <Busy text={frame.loading} />}
      {providers !== undefined && <p>{words.noProvider}</p>}
      <DialogActions>
        <Button kind="main" onClick={onClose}>
          {frame.close}
        </Button>
      </DialogActions>
    </Dialog>
  );
}

function LinkDialog({
  person,
  providers,
  onClose,
}: IdentitiesProps & {
  readonly providers: readonly { readonly code: string; readonly name: string }[];
}) {
  const frame = useWords(administrationWords);
  const words = useWords(identityWords);
  const [provider, setProvider] = useState(providers[0]?.code ?? '');
  const [subject, setSubject] = useState('');
  const linking = useChange(() => linkIdentity(person.id, provider, subject.trim()), {
    ...{ reads: [['people', person.id, 'identities']], done: words.linked },
    onDone: () => setSubject(''),
  });
  return (
    <FormDialog
      title={words.titleOf(person.name)}
      closeLabel={frame.close}
      submitText={words.link}
      wide
      error={linking.error}
      isSending={linking.isPending}
      isDisabled={subject.trim() === ''}
      onClose={onClose}
      onSubmit={() => linking.mutate(undefined)}
    >
      <p className="quiet">{words.help}</p>
      <Identities personId={person.id} />
      <div className="fields-row">
        <SelectField
          label={words.provider}
          options={providers.map(({ code, name }) => ({ value: code, text: name }))}
          value={provider}
          error={errorOf(linking.error, 'provider')}
          onValue={setProvider}
        />
        <TextField
          label={words.subject}
          help={words.subjectHelp}
          maxLength={255}
          value={subject}
          error={errorOf(linking.error, 'subject')}
          onValue={setSubject}
        />
      </div>
    </FormDialog>
  );
}

function Identities({ personId }: { readonly personId: string }) {
  const frame = useWords(administrationWords);
  const words = useWords(identityWords);
  const { data, error } = useQuery(identitiesQuery(personId));
  const unlinking = useChange(
    ({ provider, subject }: { readonly provider: string; readonly subject: string }) =>
      unlinkIdentity(personId, provider, subject),
    { reads: [['people', personId]], done: words.unlinked },
  );
  if (data === undefined && !error) return <Busy text={frame.loading} />;
  return (
    <>
      <Failure error={error ?? unlinking.error} />
      {data?.length === 0 && <p>{words.none}</p>}
      {data !== undefined && data.length > 0 && (
        <DataTable label={words.identities} head={[words.provider, words.subject, '']}>
          {data.map(({ provider, providerName, subject, createdByProvider }) => (
            <tr key={`${provider} ${subject}`}>
              <td>{providerName}</td>
              <td className="wraps">{subject}</td>
              <td>
                {createdByProvider ? (
                  <Chip title={words.createdThereHelp}>{words.createdThere}</Chip>
                ) : (
                  <Button
                    aria-label={words.unlinkOf(subject)}
                    busy={unlinking.isPending}
                    onClick={() => unlinking.mutate({ provider, subject })}
                  >
                    {words.unlink}
                  </Button>
                )}
              </td>
            </tr>
          ))}
        </DataTable>
      )}
    </>
  );
}
