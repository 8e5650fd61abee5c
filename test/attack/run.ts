/**
 * Attacks on the really started program with tools that are not ours: sqlmap over every parameter of every list and
 * search, slowhttptest and oversized bodies while a user goes on working. A few minutes, on loopback only, never part
 * of the tests. Ends with 1 where something was found.
 * Run: npm run attack [-- injection | slow]
 */
import { injection } from './injection.js';
import { slowClients } from './slow-clients.js';

const [which = 'all'] = process.argv.slice(2);
let found = 0;
if (which !== 'slow') {
  const open = await injection();
  if (open !== undefined)
    console.log(open === 0 ? 'sqlmap: nothing found' : `sqlmap: ${open} calls to look at`);
  found += open ?? 0;
}
if (which !== 'injection') {
  const starved = await slowClients();
  if (starved !== undefined)
    console.log(
      starved === 0 ? 'slow clients: the user was served throughout' : `slow clients: ${starved} attacks`,
    );
  found += starved ?? 0;
}
process.exitCode = found > 0 ? 1 : 0;
