/**
 * Attacks the started program with independent tools: sqlmap over every parameter of every list and search,
 * slowhttptest and oversized bodies while a user continues to work; and every call with its worst input from one
 * hospital while another continues to work. About twenty minutes, on loopback only; `.ci/run` includes the short form
 * of the last part. Exit code 1 where a problem was found. Run: npm run attack [-- injection | slow | tenant [short |
 * WORDS OF A CALL]]
 */
import type { HostileCall } from './hostile-calls.js';
import { hostileTenant, SHORT_FORM } from './hostile-tenant.js';
import { injection } from './injection.js';
import { slowClients } from './slow-clients.js';

const [which = 'all', words = ''] = process.argv.slice(2);
const parts = ['injection', 'slow', 'tenant'].filter((part) => which === 'all' || which === part);
let found = 0;
if (parts.includes('injection')) {
  const open = await injection();
  if (open !== undefined)
    console.log(open === 0 ? 'sqlmap: nothing found' : `sqlmap: ${open} calls to look at`);
  found += open ?? 0;
}
if (parts.includes('slow')) {
  const starved = await slowClients();
  if (starved !== undefined)
    console.log(
      starved === 0 ? 'slow clients: the user was served throughout' : `slow clients: ${starved} attacks`,
    );
  found += starved ?? 0;
}
if (parts.includes('tenant')) {
  const longForm = {
    milliseconds: 5000,
    which: ({ call, input }: HostileCall) => `${call}: ${input}`.includes(words),
    p99Bound: (idleMs: number) => Math.min(500, 20 * idleMs),
  };
  const violations = await hostileTenant({
    ...(words === 'short' ? SHORT_FORM : longForm),
    onCall: (line) => console.log(line),
  });
  console.log(['hostile tenant: what another hospital noticed', ...violations].join('\n    '));
  found += violations.length;
}
process.exitCode = found > 0 ? 1 : 0;
