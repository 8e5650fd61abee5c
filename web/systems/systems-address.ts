import type { DeliveryFilter, DeliveryState, EventType } from '../calls/systems.js';
import { writeAddress } from '../routing/address.js';
import { ALL_EVENT_TYPES } from './event-type-words.js';

const STATES: readonly DeliveryState[] = ['pending', 'delivered', 'cancelled', 'exhausted'];

/** The filter of deliveries in the address; leaves out what is not understood. */
export function readDeliveryFilter(parameters: Readonly<Record<string, string>>): DeliveryFilter {
  return {
    state: STATES.find((state) => state === parameters['state']),
    eventType: ALL_EVENT_TYPES.find((type): type is EventType => type === parameters['type']),
  };
}

export const endpointAddress = (id: string, { state, eventType }: DeliveryFilter = {}): string =>
  writeAddress(`/systems/endpoints/${id}`, { state, type: eventType });

export const DELIVERY_STATES = STATES;
