import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { CHECKOUT } from '../checkout.js';

// Session state that outlives a transaction. A pooler in transaction mode lends the session to another client after
// each transaction.
const SESSION_STATE: Readonly<Record<string, RegExp>> = {
  'session lock': /pg_(try_)?advisory_(un)?lock(_shared|_all)?\(/,
  notification: /\b(LISTEN|UNLISTEN|NOTIFY)\b|pg_notify/,
  'temporary table': /\bTEMP(ORARY)? (TABLE|VIEW|SEQUENCE)\b/,
  'prepared statement': /\b(PREPARE|DEALLOCATE)\b/,
  cursor: /\bDECLARE \w+ |WITH HOLD/,
  // A statement of its own, not the SET of an UPDATE.
  setting: /['"`]\s*(SET (?!LOCAL\b)|RESET )|^\s*SET (?!LOCAL\b)\w+ (=|TO) .*;$|set_config\([^)]*, false\)/m,
  'start-up option': /-c [a-z_.]+=/,
  'process id': /pg_backend_pid|processID|pg_(cancel|terminate)_backend/,
};

/** Each use of session state, and why a pooler does not break it. */
const KNOWN: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'app/data-source.ts': { 'start-up option': 'left out through a pooler' },
  'backup/hospital-moves/copied-rows.ts': {
    setting: 'of a transaction',
    'temporary table': 'NEDWATCH_OWNER_URL and NEDWATCH_MOVE_TO_URL: a session',
  },
  'backup/hospital-moves/freezing.ts': { 'process id': 'of the statement itself' },
  'backup/hospital-moves/move-hospital.ts': {
    'session lock': 'NEDWATCH_OWNER_URL or NEDWATCH_DIRECT_URL: a session',
  },
  'backup/owner-session.ts': { setting: 'NEDWATCH_OWNER_URL or NEDWATCH_DIRECT_URL: a session' },
  'backup/restore-backup.ts': { 'session lock': 'the same' },
  'platform/database/clock.ts': {
    'session lock':
      'taken by restores on a session, and by programs where there is one; a lease row tells the rest',
  },
  'platform/database/enduring-connection.ts': {
    'process id': 'or the name of the connection, which a pooler passes on',
  },
  'app/migration.ts': {
    'session lock': 'requireSession comes before it',
    'start-up option': 'requireSession comes before it',
  },
  'platform/database/lease-renewal.ts': { 'session lock': 'where there is a session' },
  'platform/database/roles.ts': { 'start-up option': 'left out through a pooler' },
  'platform/database/session.ts': { 'start-up option': 'by which a pooler is found out' },
  'platform/queues/queue-on-postgres.ts': {
    'start-up option': 'NEDWATCH_DIRECT_URL: a session; BullMQ listens there',
  },
};

test('every piece of session state is known, with the reason why a pooler does not harm it', () => {
  const source = join(CHECKOUT, 'src');
  const files = readdirSync(source, { recursive: true, encoding: 'utf8' });
  const found: Record<string, string[]> = {};
  const isCode = (name: string): boolean =>
    name.endsWith('.ts') && !/\.spec\.ts$|^platform\/messages\//.test(name);
  for (const file of files.filter(isCode)) {
    const text = readFileSync(join(source, file), 'utf8');
    const kinds = Object.keys(SESSION_STATE).filter((kind) => SESSION_STATE[kind]?.test(text));
    if (kinds.length > 0) found[file] = kinds.sort();
  }
  const known = Object.entries(KNOWN).map(([file, why]) => [file, Object.keys(why).sort()]);
  expect(found).toEqual(Object.fromEntries(known));
});
