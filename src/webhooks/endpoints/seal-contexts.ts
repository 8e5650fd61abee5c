import type { SealContext } from '../../encryption/hospital-keys.js';

const ofEndpoint =
  (column: string) =>
  (row: string): SealContext => ({ table: 'webhook_endpoint', column, row });

/** The context of an endpoint's secret, the current and the previous one. */
export const secretOf = ofEndpoint('secret');

/** The context of a robot's address; other addresses are in clear text. */
export const urlOf = ofEndpoint('url');

/** Certificates, keys and credentials. */
export const transportOf = ofEndpoint('transport');

/** The key that encrypts messages to the endpoint. */
export const payloadKeyOf = ofEndpoint('payload_key');

/** A message that contains names; others are in clear text. */
export const bodyOf = (row: string): SealContext => ({ table: 'delivery', column: 'body', row });
