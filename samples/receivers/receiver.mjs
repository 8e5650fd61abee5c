// A receiver of nedwatch's webhooks in Node.js alone: verifies, keeps, and answers only then.
// Run: WEBHOOK_SECRET=whsec_… node receiver.mjs 8080 received.ndjson
import { createHmac, timingSafeEqual } from 'node:crypto';
import { closeSync, existsSync, fsyncSync, openSync, readFileSync, writeSync } from 'node:fs';
import { createServer } from 'node:http';

const TOLERANCE_SECONDS = 300;
const LARGEST_BODY = 1_000_000;

const [port = '8080', file = 'received.ndjson'] = process.argv.slice(2);
const key = Buffer.from((process.env.WEBHOOK_SECRET ?? '').replace(/^whsec_/, ''), 'base64');
if (key.length < 24) throw new Error('Set WEBHOOK_SECRET to the secret that nedwatch showed: whsec_…');

/** Ids and numbers of what was kept before this program was started: it may be sent again. */
const known = new Set();
let highest = 0;
if (existsSync(file))
  for (const line of readFileSync(file, 'utf8').split('\n')) {
    try {
      const { id, sequence } = JSON.parse(line);
      known.add(id);
      highest = Math.max(highest, sequence);
    } catch {
      // the end of a line that a crash cut off: it was never answered, so it comes again
    }
  }
const log = openSync(file, 'a');

/** Whether it was signed with our secret (Standard Webhooks 1.0), lately. */
function isGenuine(headers, body) {
  const { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signatures } = headers;
  if (!id || !/^\d+$/.test(timestamp ?? '') || !signatures) return false;
  if (Math.abs(Date.now() / 1000 - Number(timestamp)) > TOLERANCE_SECONDS) return false;
  const expected = createHmac('sha256', key).update(`${id}.${timestamp}.`).update(body).digest();
  return signatures.split(' ').some((one) => {
    const [version, text = ''] = one.split(',');
    const given = Buffer.from(text, 'base64');
    return version === 'v1' && given.length === expected.length && timingSafeEqual(given, expected);
  });
}

/** On the disk before it is answered: a 2xx says that we have it. */
function keep(message) {
  writeSync(log, `\n${JSON.stringify(message)}`);
  fsyncSync(log);
  known.add(message.id);
  if (message.sequence > highest + 1)
    console.log(`waiting for ${highest + 1} to ${message.sequence - 1}: they are still being tried`);
  highest = Math.max(highest, message.sequence);
}

const server = createServer((request, response) => {
  const chunks = [];
  let size = 0;
  request.on('data', (chunk) => {
    size += chunk.length;
    if (size > LARGEST_BODY) request.destroy();
    else chunks.push(chunk);
  });
  request.on('end', () => {
    const body = Buffer.concat(chunks); // the bytes as they came: what is signed
    if (request.method !== 'POST' || !isGenuine(request.headers, body)) {
      response.writeHead(401).end();
      return;
    }
    const message = JSON.parse(body.toString('utf8'));
    if (known.has(message.id)) console.log(`again ${message.id}`);
    else {
      keep(message);
      console.log(`${message.sequence} ${message.type}`);
      // Here: hand it to whoever acts on it. What takes long is done after the answer.
    }
    response.writeHead(204).end();
  });
});
server.listen(Number(port), '127.0.0.1', () => console.log(`listening on ${server.address().port}`));
process.on('SIGTERM', () =>
  server.close(() => {
    closeSync(log);
    process.exit(0);
  }),
);
