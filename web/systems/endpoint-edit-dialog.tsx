import { useState } from 'react';
import { useChange } from '../calls/change.js';
import { FormDialog } from '../calls/form-dialog.js';
import { changeEndpoint, type Endpoint, systemsKey } from '../calls/systems.js';
import { useWords } from '../words/use-words.js';
import { EndpointFields, type EndpointSettings, settingsOf } from './endpoint-fields.js';
import { systemsWords } from './systems-words.js';
import { transportDraft, transportIn } from './transport.js';
import { TransportFields } from './transport-fields.js';

/** Changes what an endpoint gets and how fast. Its address never changes: another receiver is another endpoint. */
export function EndpointEditDialog({
  endpoint,
  onClose,
}: {
  readonly endpoint: Endpoint;
  readonly onClose: () => void;
}) {
  const words = useWords(systemsWords);
  const { id, kind, eventTypes, rateLimit, heartbeatMinutes, filter } = endpoint;
  const [settings, setSettings] = useState<EndpointSettings>(() => ({
    eventTypes: eventTypes as EndpointSettings['eventTypes'],
    rateLimit: rateLimit?.perMinute.toString() ?? '',
    heartbeat: heartbeatMinutes?.toString() ?? '',
    activities: filter?.activities ?? [],
    departments: filter?.departments ?? [],
  }));
  const [transport, setTransport] = useState(() => transportDraft(endpoint.transport));
  const saving = useChange(
    () => {
      const { heartbeatMinutes: heartbeat, ...change } = settingsOf(settings);
      const isSameSubscription =
        eventTypes.length === change.eventTypes.length &&
        change.eventTypes.every((type) => eventTypes.includes(type));
      return changeEndpoint(id, {
        ...change,
        ...(isSameSubscription && { eventTypes: undefined }),
        ...(kind === 'webhook' && {
          heartbeatMinutes: heartbeat,
          ...transportIn(transport, endpoint.transport),
        }),
      });
    },
    { reads: [systemsKey], done: words.saved, onDone: onClose },
  );
  return (
    <FormDialog
      title={words.edit}
      closeLabel={words.cancel}
      submitText={words.save}
      wide
      error={saving.error}
      isSending={saving.isPending}
      isDisabled={settings.eventTypes.length === 0}
      onClose={onClose}
      onSubmit={() => saving.mutate(undefined)}
    >
      <EndpointFields settings={settings} isRobot={kind !== 'webhook'} onSettings={setSettings} />
      {kind === 'webhook' && (
        <TransportFields
          draft={transport}
          stored={endpoint.transport}
          error={saving.error}
          onDraft={setTransport}
        />
      )}
    </FormDialog>
  );
}
