import { Hl7Message } from '@medplum/core';
import fc from 'fast-check';
import { v7 as uuid } from 'uuid';
import { colonoscopy, ID, of, PATIENT, WANG, written } from '../../../test/support/outgoing-messages.js';
import { EVENT_TYPES, type EventType } from './event-types.js';
import { controlIdOf, hl7Refusal } from './hl7-message.js';
import { canExpress } from './message-formats.js';
import type { DisclosedPatient } from './message-payload.js';

const HEAD =
  'MSH|^~\\&|NEDWATCH|^01a207e2-0000-7000-8000-000000000001^UUID|||20261031083000.000+0800||OMG^O19^OMG_O19|';
const CONTROL = controlIdOf(ID);
const PID = 'PID|1||D100^^^&01a207e2-0000-7000-8000-000000000001&UUID^MR||';
const ORDER = '01a207e2-a7d4-7507-b0af-67bf22c94fcc^NEDWATCH';

describe('HL7 v2', () => {
  const lines = (type: EventType, patient?: DisclosedPatient): string[] =>
    written('hl7-v2', type, { patient }).split('\r').slice(0, -1);

  test('a due examination, to whom may not know who the patient is', () => {
    expect(lines('surveillance.item.due')).toEqual([
      `${HEAD}${CONTROL}|P|2.5.1||||||UNICODE UTF-8`,
      `${PID}~^^^^^^S`,
      `ORC|SC||${ORDER}||||||20261031083000.000+0800`,
      `OBR|1||${ORDER}|colonoscopy^结肠镜^99NEDWATCH`,
      'OBX|1|CWE|status^^99NEDWATCH||due^^99NEDWATCH||||||F',
      'OBX|2|DT|due^^99NEDWATCH||20261031||||||F',
      'OBX|3|DT|overdue^^99NEDWATCH||20261101||||||F',
      `ZNW|583|surveillance.item.due|${ID}|${PATIENT}`,
    ]);
  });

  test('a late one that the head nurse has to see to, with who the patient is', () => {
    expect(lines('surveillance.item.overdue', WANG).slice(1)).toEqual([
      `${PID}王建国^^^^^^L||19600102|M|||||13800000000`,
      `ORC|SC||${ORDER}||||||20261031083000.000+0800`,
      `OBR|1||${ORDER}|colonoscopy^结肠镜^99NEDWATCH`,
      'CTD|O^Responsible nurse|李护士',
      'OBX|1|CWE|status^^99NEDWATCH||overdue^^99NEDWATCH||||||F',
      'OBX|2|DT|due^^99NEDWATCH||20261031||||||F',
      'OBX|3|DT|overdue^^99NEDWATCH||20261101||||||F',
      'OBX|4|CWE|escalated-to^^99NEDWATCH||head_nurse^^99NEDWATCH||||||F',
      'OBX|5|ST|department^^99NEDWATCH||肝胆外科||||||F',
      `ZNW|583|surveillance.item.overdue|${ID}|${PATIENT}`,
    ]);
  });

  test.each<[EventType, string[]]>([
    ['surveillance.item.upcoming', ['ORC|SC', '|CWE|late^^99NEDWATCH||Y^^HL70136|']],
    ['surveillance.item.completed', [`ORC|SC||${ORDER}||CM`, '^99NEDWATCH|||20261029\r']],
    ['surveillance.item.rescheduled', [`ORC|XX||${ORDER}||||`, '|DT|previous-due^^99NEDWATCH||20260930|']],
    ['surveillance.item.cancelled', [`ORC|OC||${ORDER}||CA`]],
  ])('%s says what has become of the order', (type, observed) => {
    const message = lines(type).join('\r');
    for (const part of observed) expect(message).toContain(part);
  });

  test('the control id has 20 characters, and no two messages share one', () => {
    const ids = Array.from({ length: 10_000 }, () => controlIdOf(uuid()));
    expect(new Set(ids).size).toBe(10_000);
    expect(ids.filter((id) => !/^[0-9A-Z]{20}$/.test(id))).toEqual([]);
  });

  test('there is none for a whole plan', () => {
    expect(canExpress('hl7-v2', 'surveillance.plan.changed')).toBe(false);
    expect(() => written('hl7-v2', 'surveillance.plan.changed')).toThrow();
  });

  test('several examinations of one patient are several orders of one message', () => {
    const orders = lines('surveillance.patient.digest').filter((line) => /^OBR/.test(line));
    expect(orders.map((line) => line.split('|').slice(0, 5))).toEqual([
      [
        'OBR',
        '1',
        '',
        '01a207e2-a7d4-7507-b0af-67bf22c94fcd^NEDWATCH',
        'tumour_markers^肿瘤标志物^99NEDWATCH',
      ],
      ['OBR', '2', '', ORDER, 'colonoscopy^结肠镜^99NEDWATCH'],
    ]);
  });

  test('nothing is ever a new order', () => {
    const types = EVENT_TYPES.filter((type) => canExpress('hl7-v2', type));
    expect(types).toHaveLength(EVENT_TYPES.length - 2);
    for (const type of types) expect(lines(type).join('\r')).not.toMatch(/\rORC\|NW/);
  });

  test.each<EventType>(['endpoint.test', 'endpoint.heartbeat', 'endpoint.verification'])(
    '%s is a clock',
    (type) => {
      expect(lines(type)).toEqual([
        `${HEAD.replace('OMG^O19^OMG_O19', 'NMD^N02^NMD_N02')}${CONTROL}|P|2.5.1||||||UNICODE UTF-8`,
        'NCK|20261031083000.000+0800',
        `ZNW|583|${type}|${ID}`,
      ]);
    },
  );

  test('the number of open items is in a note after the clock', () => {
    expect(lines('endpoint.backlog').slice(1)).toEqual([
      'NCK|20261031083000.000+0800',
      'NTE|1||open: 808, overdue: 112, due: 96, upcoming: 600, patients: 405',
      `ZNW|583|endpoint.backlog|${ID}`,
    ]);
  });

  test('what people wrote is never taken for structure, and is read as it was written', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 1 }), (word) => {
        const patient = { ...WANG, name: word, department: word };
        const data = { ...of, ...colonoscopy, status: 'due', mrn: word };
        const plain = Hl7Message.parse(written('hl7-v2', 'surveillance.item.due', { patient: WANG }));
        const message = Hl7Message.parse(written('hl7-v2', 'surveillance.item.due', { patient, data }));
        expect(message.segments.map(({ name, fields }) => [name, fields.length])).toEqual(
          plain.segments.map(({ name, fields }) => [name, fields.length]),
        );
        expect(unescaped(message.getSegment('PID')?.getComponent(3, 1))).toBe(word);
        expect(unescaped(message.getSegment('PID')?.getComponent(5, 1))).toBe(word);
        const department = message.segments.find((one) => one.getComponent(3, 1) === 'department');
        expect(unescaped(department?.getComponent(5, 1))).toBe(word);
      }),
    );
  });

  const ack = (code: string, id: string, rest = ''): string =>
    `MSH|^~\\&|HIS|WARD|NEDWATCH||20261031083001||ACK^O19^ACK|1|P|2.5.1\rMSA|${code}|${id}${rest}\r`;
  test.each([
    ['AA', ack('AA', CONTROL), null],
    ['framed as for MLLP, and padded', `\u000b${ack('AA', `${CONTROL} `)}\u001c\r`, null],
    ['CA, in lines of text', ack('CA', CONTROL).replaceAll('\r', '\n'), null],
    ['with another separator', ack('AA', CONTROL).replaceAll('|', '#'), null],
    ['AE', ack('AE', CONTROL, '|no such patient'), 'with MSA-1 AE: no such patient'],
    ['AR', ack('AR', CONTROL), 'with MSA-1 AR'],
    [
      'AE with its reason in ERR',
      `${ack('AE', CONTROL)}ERR||PID^1|204^Unknown key identifier|E||||no such patient\r`,
      'with MSA-1 AE: no such patient',
    ],
    ['of another message', ack('AA', 'x'), 'with the acknowledgement of another message, x'],
    ['nothing', '', 'without MSA: this is no acknowledgement of HL7 v2'],
    ['a page', '<html>', 'without MSA: this is no acknowledgement of HL7 v2'],
    [
      'built by another program',
      Hl7Message.parse(written('hl7-v2', 'endpoint.test')).buildAck().toString(),
      null,
    ],
  ])('an answer: %s', (_, answer, refusal) => {
    expect(hl7Refusal(answer, ID)).toBe(refusal);
  });
});

/** Parses by chapter 2.7, independently of the code that writes. */
const unescaped = (field = ''): string =>
  field.replace(/\\([EFSTR]|X[0-9A-F]+)\\/g, (_, code: string) =>
    code.startsWith('X')
      ? Buffer.from(code.slice(1), 'hex').toString()
      : ({ E: '\\', F: '|', S: '^', T: '&', R: '~' }[code] ?? ''),
  );
