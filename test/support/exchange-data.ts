import { join } from 'node:path';
import { CHECKOUT } from '../../src/platform/checkout.js';

/** Messages and resources of other systems, which are not part of the repository; tests read them where they are there. */
export const EXCHANGE_DATA =
  process.env['NEDWATCH_EXCHANGE_DATA'] ?? join(CHECKOUT, '..', 'shared', 'data', 'exchange');
