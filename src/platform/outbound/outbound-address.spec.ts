import fc from 'fast-check';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Agent, request } from 'undici';
import {
  AddressNotAllowed,
  checkUrl,
  isAllowedAddress,
  isPrivateRange,
  type Lookup,
  type Opened,
} from './outbound-address.js';
import { vettedConnector } from './vetted-agents.js';

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
  '[::127.0.0.1]',
  '[::a9fe:a9fe]',
  '[2001:0:7f00:1::1]',
  '168.63.129.16',
  '[::ffff:168.63.129.16]',
  '192.0.0.192',
];

const CLOSED: Opened = { loopback: false, networks: [] };
const LOOPBACK: Opened = { loopback: true, networks: [] };

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
    await expect(checkUrl(`http://${host}:${port}/`, CLOSED)).rejects.toThrow(AddressNotAllowed);
  });

  test.each(FORBIDDEN)('%s is refused when the connection is made, and nothing arrives', async (host) => {
    const agent = new Agent({ connect: vettedConnector(CLOSED) });

    await expect(request(`http://${host}:${port}/`, { dispatcher: agent })).rejects.toThrow(
      AddressNotAllowed,
    );
    expect(reached).toBe(0);
    await agent.close();
  });

  test('a name whose address changes between the check and the connection leads nowhere', async () => {
    const answers = ['8.8.8.8', '127.0.0.1', '169.254.169.254'];
    const changing = ((_: string, __: object, callback: (error: null, found: object[]) => void) =>
      callback(null, [{ address: answers.shift() ?? '127.0.0.1', family: 4 }])) as unknown as Lookup;
    const agent = new Agent({ connect: vettedConnector(CLOSED, { lookup: changing }) });
    const url = `http://his.hospital.example:${port}/`;
    await checkUrl(url, CLOSED, changing);
    for (let turn = 0; turn < 3; turn++)
      await expect(request(url, { dispatcher: agent })).rejects.toThrow(AddressNotAllowed);
    expect(reached).toBe(0);
    await agent.close();
  });

  test('of a name with a forbidden and an allowed address the allowed one is gone to', async () => {
    const both = ((_: string, __: object, callback: (error: null, found: object[]) => void) =>
      callback(null, [
        { address: '169.254.169.254', family: 4 },
        { address: '127.0.0.1', family: 4 },
      ])) as unknown as Lookup;
    const before = reached;
    const agent = new Agent({ connect: vettedConnector(LOOPBACK, { lookup: both }) });
    const { body } = await request(`http://his.hospital.example:${port}/`, { dispatcher: agent });
    await body.dump();
    expect(reached).toBe(before + 1);
    await agent.close();
    reached = before;
  });

  test.each(['127.0.0.1', 'localhost'])('%s is reached when loopback is allowed', async (host) => {
    const agent = new Agent({ connect: vettedConnector(LOOPBACK) });
    await checkUrl(`http://${host}:${port}/`, LOOPBACK);

    const { statusCode, body } = await request(`http://${host}:${port}/`, { dispatcher: agent });
    await body.dump();

    expect(statusCode).toBe(200);
    await agent.close();
  });
});

const INTERNET = [
  '8.8.8.8',
  '168.63.129.15',
  '2606:4700::1111',
  '2001:200::1',
  '2a00:1450::1',
  '2400:3200::1',
];
const PRIVATE = ['10.20.30.40', '172.16.0.9', '192.168.1.20', 'fd12:3456:789a::1', '::ffff:10.20.30.40'];

test.each(INTERNET)('webhooks may go to %s', (address) => {
  expect(isAllowedAddress(address, 443, CLOSED)).toBe(true);
});

test.each(PRIVATE)('webhooks may go to %s at the port that the operator has opened', (address) => {
  const ranges = ['10.20.0.0/16', '172.16.0.9/32', '192.168.1.0/24', 'fd12:3456::/32'];
  const opened = { loopback: false, networks: ranges.map((range) => ({ range, port: 8443 })) };
  expect(isAllowedAddress(address, 8443, CLOSED)).toBe(false);
  expect(isAllowedAddress(address, 8443, opened)).toBe(true);
  expect(isAllowedAddress(address, 443, opened)).toBe(false);
});

test('what is no private network cannot be opened, and opening more than that opens no metadata', () => {
  for (const range of ['10.0.0.0/8', '10.1.2.3/32', '172.16.0.0/12', '192.168.0.0/24', 'fd00::/8'])
    expect([range, isPrivateRange(range)]).toEqual([range, true]);
  for (const range of [
    '0.0.0.0/0',
    '8.0.0.0/7',
    '169.254.0.0/16',
    '127.0.0.0/8',
    '100.64.0.0/10',
    '::/0',
    'fe80::/10',
  ])
    expect([range, isPrivateRange(range)]).toEqual([range, false]);
  const all = { loopback: false, networks: ['0.0.0.0/0', '::/0'].map((range) => ({ range, port: 80 })) };
  for (const address of [...METADATA, '127.0.0.1', '0.0.0.0', 'fe80::1'])
    expect([address, isAllowedAddress(address, 80, all)]).toEqual([address, false]);
});

const METADATA = [
  ...['169.254.169.254', '169.254.170.2', '169.254.0.23', '168.63.129.16', '100.100.100.200', '192.0.0.192'],
  ...[
    'fd00:ec2::254',
    'fd00:ec2::23',
    'fd20:ce::254',
    'fd00:c1::a9fe:a9fe',
    'fd00:42::42',
    'fe80::a9fe:a9fe',
  ],
  ...['::ffff:169.254.169.254', '::ffff:a83f:8110', 'fd00:ec2::254%eth0', 'FD00:0EC2:0::0:254'],
];

const NOT_PUBLIC_IPV6 = [
  ...['::', '::1', '::8.8.8.8', '::808:808', '::ffff:0:808:808', '64:ff9b::808:808', '64:ff9b:1::808:808'],
  ...['100::1', '2001::1', '2001:0:808:808::1', '2001:2::1', '2001:10::1', '2001:20::1', '2001:db8::1'],
  ...[
    '2002:808:808::1',
    '3ffe::1',
    '3fff::1',
    '4000::1',
    '5f00::1',
    'fc00::1',
    'fdff::1',
    'fec0::1',
    'ff02::1',
  ],
  ...['1fff::1', '2620:4f:8000::1', '8000::1', 'e000::1'],
];

test.each(NOT_PUBLIC_IPV6)('%s is no public address of IPv6', (address) => {
  expect(isAllowedAddress(address, 443, CLOSED)).toBe(false);
});

describe('any address', () => {
  const v4 = fc.ipV4();
  const v6 = fc
    .array(fc.nat(0xffff), { minLength: 8, maxLength: 8 })
    .map((parts) => parts.map(hex).join(':'));
  const hex = (part: number): string => part.toString(16);
  const pair = (address: string): string => {
    const [a, b, c, d] = address.split('.').map(Number) as [number, number, number, number];
    return `${hex(a * 256 + b)}:${hex(c * 256 + d)}`;
  };
  const networks = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7'].map((range) => ({
    range,
    port: 443,
  }));
  const OPENED: Opened = { loopback: false, networks };

  test('of IPv4 inside a form of IPv6 is as allowed as its own when it is mapped, and never otherwise', () => {
    fc.assert(
      fc.property(v4, (address) => {
        for (const opened of [CLOSED, OPENED, LOOPBACK])
          expect(isAllowedAddress(`::ffff:${address}`, 443, opened)).toBe(
            isAllowedAddress(address, 443, opened),
          );
        for (const form of [
          `::${address}`,
          `64:ff9b::${address}`,
          `2002:${pair(address)}::1`,
          `2001:0:${pair(address)}::1`,
        ])
          if (form !== '::0.0.0.1')
            expect([form, isAllowedAddress(form, 443, OPENED)]).toEqual([form, false]);
      }),
    );
  });

  test('of IPv6 is allowed within 2000::/3, or where the operator opened its private range, at that port', () => {
    fc.assert(
      fc.property(v6, (address) => {
        const first = parseInt(address, 16);
        const isGlobal = first >= 0x2000 && first < 0x4000;
        if (isAllowedAddress(address, 443, CLOSED)) expect(isGlobal).toBe(true);
        if (isAllowedAddress(address, 443, OPENED)) expect(isGlobal || first >>> 9 === 0xfc >>> 1).toBe(true);
        if (first >>> 9 === 0xfc >>> 1) expect(isAllowedAddress(address, 80, OPENED)).toBe(false);
      }),
    );
  });
});

test('allowing loopback allows no other address', () => {
  const others = ['169.254.169.254', '0.0.0.0', '100.100.100.200', 'fe80::1', '224.0.0.1', '::'];

  expect(others.filter((address) => isAllowedAddress(address, 443, LOOPBACK))).toEqual([]);
});

test('a name that does not resolve may be saved', async () => {
  await expect(checkUrl('https://his.hospital.invalid/hook', CLOSED)).resolves.toBeUndefined();
});
