import type { SealContext } from '../../encryption/hospital-keys.js';

const ofEndpoint =
  (column: string) =>
  (row: string): SealContext => ({ table: 'webhook_endpoint', column, row });

/** Where an endpoint's secret stands, the present one and the one before. */
export const secretOf = ofEndpoint('secret');

/** Where a robot's address stands; another endpoint's is in clear. */
export const urlOf = ofEndpoint('url');

/** Certificates, keys and credentials. */
export const transportOf = ofEndpoint('transport');

/** The key that encrypts messages to the endpoint. */
export const payloadKeyOf = ofEndpoint('payload_key');

/** A message with names in it; others are in clear. */
export const bodyOf = (row: string): SealContext => ({ table: 'delivery', column: 'body', row });
