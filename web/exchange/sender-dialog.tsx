import { useState } from 'react';
import { useChange } from '../calls/change.js';
import { FormDialog } from '../calls/form-dialog.js';
import { errorOf } from '../calls/problem.js';
import { addSender, changeSender, type Sender, sendersQuery } from '../calls/received-messages.js';
import { TextArea, TextField } from '../parts/field.js';
import { useWords } from '../words/use-words.js';
import { senderWords } from './sender-words.js';

const linesIn = (typed: string): string[] => typed.split(/[\s,，;；]+/).filter((line) => line !== '');

/** Registers a sender, or changes one. Its facility stays: another one is another sender. */
export function SenderDialog({
  sender,
  onClose,
}: {
  readonly sender: Sender | undefined;
  readonly onClose: () => void;
}) {
  const words = useWords(senderWords);
  const [name, setName] = useState(sender?.name ?? '');
  const [facility, setFacility] = useState(sender?.facility ?? '');
  const [addresses, setAddresses] = useState(sender?.addresses.join('\n') ?? '');
  const [certificate, setCertificate] = useState(sender?.certificateFingerprint ?? '');
  const saving = useChange(
    () => {
      const settings = {
        name: name.trim(),
        addresses: linesIn(addresses),
        certificateFingerprint: certificate.trim() === '' ? null : certificate.trim(),
      };
      return sender === undefined
        ? addSender({ ...settings, facility: facility.trim() })
        : changeSender(sender.id, settings);
    },
    {
      reads: [sendersQuery.queryKey],
      done: sender === undefined ? words.added(name.trim()) : words.saved,
      onDone: onClose,
    },
  );
  const errorFor = (field: string): string | undefined => errorOf(saving.error, field);
  return (
    <FormDialog
      title={sender === undefined ? words.add : `${words.edit} · ${sender.name}`}
      closeLabel={words.cancel}
      submitText={sender === undefined ? words.add : words.save}
      error={saving.error}
      isSending={saving.isPending}
      onClose={onClose}
      onSubmit={() => saving.mutate(undefined)}
    >
      <TextField
        label={words.name}
        help={words.nameHelp}
        required
        autoFocus
        maxLength={100}
        value={name}
        error={errorFor('name')}
        onValue={setName}
      />
      {sender === undefined && (
        <TextField
          label={words.facility}
          help={words.facilityHelp}
          required
          maxLength={200}
          value={facility}
          error={errorFor('facility')}
          onValue={setFacility}
        />
      )}
      <TextArea
        label={words.addresses}
        help={words.addressesHelp}
        required
        value={addresses}
        error={errorFor('addresses') ?? errorFor('addresses/0')}
        onValue={setAddresses}
      />
      <TextField
        label={words.certificate}
        help={words.certificateHelp}
        maxLength={100}
        value={certificate}
        error={errorFor('certificateFingerprint')}
        onValue={setCertificate}
      />
    </FormDialog>
  );
}
