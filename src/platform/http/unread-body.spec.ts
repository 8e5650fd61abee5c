import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { expect, test } from '@jest/globals';
import { readSlowly } from './unread-body.js';

const OVER = -1;

test('a body that takes too long ends its connection', () => {
  const socket = new Socket();
  readSlowly(new IncomingMessage(socket), OVER);
  expect(socket.destroyed).toBe(true);
});

test.each([null, undefined])('a body whose connection is gone (%s) is left as it is', (gone) => {
  const body = new IncomingMessage(new Socket());
  Object.assign(body, { socket: gone });
  expect(() => readSlowly(body, OVER)).not.toThrow();
});
