import { useQuery } from '@tanstack/react-query';
import { Suspense, useState } from 'react';
import { Failure } from '../calls/failure.js';
import { useInstant } from '../calls/instants.js';
import { type Endpoint, endpointsQuery, type Status, statusQuery } from '../calls/systems.js';
import { type Command, useCommands } from '../commands/commands.js';
import { Busy } from '../parts/busy.js';
import { Button } from '../parts/button.js';
import { DataTable } from '../parts/data-table.js';
import { EmptyState } from '../parts/empty-state.js';
import { SectionHead } from '../parts/section-page.js';
import { Link } from '../routing/link.js';
import { onDemand } from '../routing/on-demand.js';
import { goTo } from '../routing/place.js';
import { textOf } from '../words/dictionary.js';
import { useJoined } from '../words/lists.js';
import { useWords } from '../words/use-words.js';
import { StateChip } from './endpoint-state.js';
import { eventTypeWords } from './event-type-words.js';
import { endpointAddress } from './systems-address.js';
import { systemsWords } from './systems-words.js';

const RegisterDialog = onDemand(() => import('./register-dialog.js'));

/** The addresses to which messages go, with what waits there. */
export function EndpointsSection() {
  const words = useWords(systemsWords);
  const { data, error, refetch } = useQuery(endpointsQuery);
  const figures = useQuery(statusQuery).data?.endpoints;
  const [isRegistering, setIsRegistering] = useState(false);
  const register: Command = {
    id: 'register-endpoint',
    title: words.newEndpoint,
    group: words.title,
    keys: ['n'],
    run: () => setIsRegistering(true),
  };
  useCommands([register]);
  return (
    <>
      <SectionHead title={words.endpoints} intro={words.endpointsIntro}>
        <Button kind="main" hint="n" onClick={register.run}>
          {words.newEndpoint}
        </Button>
      </SectionHead>
      <Failure error={error} onRetry={() => void refetch()} />
      {data === undefined && !error && <Busy text={words.loading} />}
      {data?.length === 0 && <EmptyState title={words.noEndpoints}>{words.noEndpointsHelp}</EmptyState>}
      {data !== undefined && data.length > 0 && (
        <DataTable
          label={words.endpoints}
          head={[
            ...[words.address, words.state, words.subscribed],
            ...[words.waiting, words.failedLately, words.lastDelivered],
          ]}
        >
          {data.map((endpoint) => (
            <EndpointRow
              key={endpoint.id}
              endpoint={endpoint}
              figures={figures?.find(({ id }) => id === endpoint.id)}
            />
          ))}
        </DataTable>
      )}
      <Suspense>
        {isRegistering && (
          <RegisterDialog
            onClose={() => setIsRegistering(false)}
            onRegistered={(id) => goTo(endpointAddress(id))}
          />
        )}
      </Suspense>
    </>
  );
}

function EndpointRow({
  endpoint,
  figures,
}: {
  readonly endpoint: Endpoint;
  readonly figures: Status['endpoints'][number] | undefined;
}) {
  const words = useWords(systemsWords);
  const types = useWords(eventTypeWords);
  const joined = useJoined();
  const instant = useInstant();
  const { id, url, kind, eventTypes } = endpoint;
  const titleOf = (type: string): string => (type in types ? types[type as keyof typeof types].title : type);
  return (
    <tr>
      <th scope="row" className="endpoint-address">
        <Link to={endpointAddress(id)}>{url}</Link>
        {kind !== 'webhook' && <div className="quiet small">{textOf(words.kinds, kind)}</div>}
      </th>
      <td>
        <StateChip {...endpoint} />
      </td>
      <td>{eventTypes.includes('*') ? words.everything : joined(eventTypes.map(titleOf))}</td>
      <td>{figures?.pending ?? ''}</td>
      <td>{figures?.failedLately ?? ''}</td>
      <td>
        {figures?.lastDeliveredAt == null ? (
          <span className="quiet">{words.never}</span>
        ) : (
          instant(figures.lastDeliveredAt)
        )}
      </td>
    </tr>
  );
}
