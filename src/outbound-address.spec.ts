import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Agent, request } from 'undici';
import { AddressNotAllowed, checkUrl, isAllowedAddress, vettedConnector } from './outbound-address.js';

const FORBIDDEN = [
  '127.0.0.1',
  'localhost',
  '[::1]',
  '[::ffff:127.0.0.1]',
  '[0:0:0:0:0:ffff:7f00:1]',
  '2130706433',
  '0x7f.1',
  '0177.0.0.1',
  '0.0.0.0',
  '[::]',
  '169.254.169.254',
  '[::ffff:169.254.169.254]',
  '[fe80::1]',
  '[fd00:ec2::254]',
  '100.100.100.200',
  '224.0.0.1',
  '[ff02::1]',
  '255.255.255.255',
  '[64:ff9b::7f00:1]',
  '[2002:7f00:1::]',
];

describe('addresses that webhooks may not go to', () => {
  let server: Server;
  let port: number;
  let reached = 0;
  beforeAll(async () => {
    server = createServer((_, response) => {
      reached += 1;
      response.end();
    });
    await new Promise<void>((listening) => server.listen(0, listening));
    port = (server.address() as AddressInfo).port;
  });
  afterAll(() => new Promise((closed) => server.close(closed)));

  test.each(FORBIDDEN)('%s is refused when it is saved', async (host) => {
    await expect(checkUrl(`http://${host}:${port}/`, false)).rejects.toThrow(AddressNotAllowed);
  });

  test.each(FORBIDDEN)('%s is refused when the connection is made, and nothing arrives', async (host) => {
    const agent = new Agent({ connect: vettedConnector(false) });

    await expect(request(`http://${host}:${port}/`, { dispatcher: agent })).rejects.toThrow(
      AddressNotAllowed,
    );
    expect(reached).toBe(0);
    await agent.close();
  });

  test.each(['127.0.0.1', 'localhost'])('%s is reached when loopback is allowed', async (host) => {
    const agent = new Agent({ connect: vettedConnector(true) });
    await checkUrl(`http://${host}:${port}/`, true);

    const { statusCode, body } = await request(`http://${host}:${port}/`, { dispatcher: agent });
    await body.dump();

    expect(statusCode).toBe(200);
    await agent.close();
  });
});

test.each(['10.20.30.40', '172.16.0.9', '192.168.1.20', 'fd12:3456:789a::1', '8.8.8.8', '2606:4700::1111'])(
  '%s may be told',
  (address) => {
    expect(isAllowedAddress(address, false)).toBe(true);
  },
);

test('allowing loopback allows no other address', () => {
  const others = ['169.254.169.254', '0.0.0.0', '100.100.100.200', 'fe80::1', '224.0.0.1', '::'];

  expect(others.filter((address) => isAllowedAddress(address, true))).toEqual([]);
});

test('a name that does not resolve may be saved', async () => {
  await expect(checkUrl('https://his.hospital.invalid/hook', false)).resolves.toBeUndefined();
});
