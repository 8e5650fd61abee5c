import { existsSync } from 'node:fs';
import { get as getHttp } from 'node:http';
import { get as getHttps } from 'node:https';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

// Ends with 0 as soon as the installed program says that it is ready, and with 1 when it does not in time.

const settings = join(import.meta.dirname, '../.env');
if (existsSync(settings)) process.loadEnvFile(settings);
const { NEDWATCH_HOST, NEDWATCH_PORT, NEDWATCH_TLS_CERT } = process.env;
const everywhere = { '0.0.0.0': '127.0.0.1', '::': '::1' };
const address = {
  host: everywhere[NEDWATCH_HOST] ?? (NEDWATCH_HOST || '127.0.0.1'),
  port: Number(NEDWATCH_PORT || 3000),
  path: '/health/ready',
  timeout: 5000,
  rejectUnauthorized: false, // it is asked whether it is ready, not who it is
};
const get = NEDWATCH_TLS_CERT ? getHttps : getHttp;

const ask = () =>
  new Promise((resolve) => {
    const request = get(address, (answer) => {
      answer.resume();
      resolve(answer.statusCode === 200);
    });
    request.on('timeout', () => request.destroy()).on('error', () => resolve(false));
  });

for (let left = Number(process.argv[2]); left > 0; left--) {
  if (await ask()) process.exit(0);
  await sleep(1000);
}
process.stderr.write(`nothing is ready at ${address.host}, port ${address.port}\n`);
process.exit(1);
