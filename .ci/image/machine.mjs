// What stands outside the containers, on the machine that runs them.
import { createServer as createHttpServer } from 'node:http';
import { connect, createServer } from 'node:net';

/**
 * Publishes a container's port on a loopback port, as Docker does: to the container every connection comes from the
 * gateway of its network.
 */
export function publish(port, container) {
  const server = createServer((client) => {
    const inside = connect({ ...container, localAddress: '172.29.213.1' });
    const end = () => {
      client.destroy();
      inside.destroy();
    };
    client.on('error', end).on('close', end).pipe(inside);
    inside.on('error', end).on('close', end).pipe(client);
  });
  return new Promise((resolve) => server.listen(port, '127.0.0.1', resolve));
}

/** A system of the hospital that takes every message; `messages` are those that have come. */
export async function startReceiver(address, port) {
  const messages = [];
  const server = createHttpServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => (body += chunk));
    request.on('end', () => {
      messages.push({ headers: request.headers, body });
      response.end();
    });
  });
  await new Promise((resolve) => server.listen(port, address, resolve));
  return messages;
}
