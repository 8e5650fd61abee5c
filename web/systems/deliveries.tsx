import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useChange } from '../calls/change.js';
import { Failure } from '../calls/failure.js';
import {
  deliveriesQuery,
  type Delivery,
  type DeliveryFilter,
  replayDelivery,
  systemsKey,
} from '../calls/systems.js';
import { Busy } from '../parts/busy.js';
import { Button } from '../parts/button.js';
import { DataTable } from '../parts/data-table.js';
import { EmptyState } from '../parts/empty-state.js';
import { SelectField } from '../parts/field.js';
import { useWords } from '../words/use-words.js';
import { BulkReplay } from './bulk-replay.js';
import { DeliveryRow } from './delivery-row.js';
import { deliveryWords } from './delivery-words.js';
import { ALL_EVENT_TYPES, eventTypeWords } from './event-type-words.js';
import { DELIVERY_STATES } from './systems-address.js';
import { systemsWords } from './systems-words.js';
import './deliveries.css';

/** A cancelled message is outdated, so it is not sent again. */
const isReplayable = ({ state }: Delivery): boolean => state !== 'cancelled';
const isUndelivered = ({ state }: Delivery): boolean => state === 'pending' || state === 'exhausted';

/** What was sent to an endpoint: filtered by the address, opened row by row, repeated one by one or many at once. */
export function Deliveries({
  endpointId,
  filter,
  onFilter,
}: {
  readonly endpointId: string;
  readonly filter: DeliveryFilter;
  readonly onFilter: (filter: DeliveryFilter) => void;
}) {
  const words = useWords(deliveryWords);
  const { loading } = useWords(systemsWords);
  const found = useInfiniteQuery(deliveriesQuery(endpointId, filter));
  const [opened, setOpened] = useState<string>();
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const replaying = useChange(replayDelivery, { reads: [systemsKey], done: words.replayed });
  const rows = found.data?.pages.flatMap(({ items }) => items);
  const toggle = (id: string): void =>
    setChosen(chosen.includes(id) ? chosen.filter((one) => one !== id) : [...chosen, id]);
  const undelivered = rows?.filter(isUndelivered) ?? [];
  return (
    <>
      <div className="delivery-filters not-printed">
        <FilterFields filter={filter} onFilter={onFilter} />
        {undelivered.length > 0 && (
          <Button kind="quiet" onClick={() => setChosen(undelivered.map(({ id }) => id))}>
            {words.selectUndelivered}
          </Button>
        )}
      </div>
      <BulkReplay ids={chosen} onDone={() => setChosen([])} />
      <Failure error={found.error ?? replaying.error} />
      {found.isPending && <Busy text={loading} />}
      {rows?.length === 0 && <EmptyState title={words.noDeliveries}>{words.noDeliveriesHelp}</EmptyState>}
      {rows !== undefined && rows.length > 0 && (
        <DataTable
          label={words.deliveries}
          head={['', words.type, words.created, words.attempts, words.lastAttempt, '']}
        >
          {rows.map((delivery) => (
            <DeliveryRow
              key={delivery.id}
              delivery={delivery}
              isOpen={delivery.id === opened}
              isChosen={chosen.includes(delivery.id)}
              isReplayable={isReplayable(delivery)}
              onOpen={() => setOpened(delivery.id === opened ? undefined : delivery.id)}
              onChoose={() => toggle(delivery.id)}
              onReplay={() => replaying.mutate(delivery.id)}
            />
          ))}
        </DataTable>
      )}
      {found.hasNextPage && (
        <p>
          <Button busy={found.isFetchingNextPage} onClick={() => void found.fetchNextPage()}>
            {words.more}
          </Button>
        </p>
      )}
    </>
  );
}

function FilterFields({
  filter,
  onFilter,
}: {
  readonly filter: DeliveryFilter;
  readonly onFilter: (filter: DeliveryFilter) => void;
}) {
  const words = useWords(deliveryWords);
  const types = useWords(eventTypeWords);
  return (
    <>
      <SelectField
        label={words.state}
        value={filter.state ?? ''}
        options={[
          { value: '', text: words.allStates },
          ...DELIVERY_STATES.map((state) => ({ value: state, text: words.deliveryStates[state] })),
        ]}
        onValue={(value) => onFilter({ ...filter, state: DELIVERY_STATES.find((state) => state === value) })}
      />
      <SelectField
        label={words.type}
        value={filter.eventType ?? ''}
        options={[
          { value: '', text: words.allTypes },
          ...ALL_EVENT_TYPES.map((type) => ({ value: type, text: types[type].title })),
        ]}
        onValue={(value) =>
          onFilter({ ...filter, eventType: ALL_EVENT_TYPES.find((type) => type === value) })
        }
      />
    </>
  );
}
