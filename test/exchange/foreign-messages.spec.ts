import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { divideBatch } from '../../src/interop/hl7v2/batch.js';
import { textOf, UndecodableBytes } from '../../src/interop/hl7v2/character-set.js';
import { type Hl7Message, NotHl7, parseMessage } from '../../src/interop/hl7v2/er7.js';
import { readHeader } from '../../src/exchange/hl7/reading/header.js';
import {
  type Name,
  type PersonFacts,
  readMerges,
  readPerson,
  recordNumber,
} from '../../src/exchange/hl7/reading/person.js';
import { type Coded, readReports } from '../../src/exchange/hl7/reading/report.js';
import { readAppointment } from '../../src/exchange/hl7/reading/scheduling.js';
import { EXCHANGE_DATA } from '../support/exchange-data.js';
import { describeWhere } from '../support/where-present.js';

// Messages of many systems, each with what an independent reader found in it. They are not part of the repository.

const MESSAGES = join(EXCHANGE_DATA, 'hl7v2');

/* oxlint-disable typescript/no-explicit-any -- as the index has it */
type Indexed = Record<string, any>;
const files: readonly Indexed[] = existsSync(MESSAGES)
  ? JSON.parse(readFileSync(join(MESSAGES, 'index.json'), 'utf8')).files
  : [];

/** Where our reading differs from that of the index, and why. */
const DIFFERENCES: Readonly<Record<string, string>> = {
  'adt-a01-hapi-damaged-msh2.hl7':
    'its repetition separator is damaged; the authority is cut at "&" nevertheless',
  'oru-r01-cosyte-formatting.hl7': 'formatting commands other than .br are not shown to a reader',
  'batch-ruby-realm.hl7': 'OBR-22 has the hour 30, which is no time',
};

const messagesOf = (file: string): readonly Buffer[] =>
  divideBatch(readFileSync(join(MESSAGES, file))).messages;
const parsed = (text: string): Hl7Message => parseMessage(text).message;

/** A time as the index shows it: null where the field is no HL7 time. */
const timeOf = (expected: string | { raw: string } | undefined): string | undefined =>
  typeof expected === 'object' ? undefined : expected;

const nameOf = (name: Indexed | undefined): Name | undefined =>
  name &&
  (name['family'] ?? name['given']) && {
    ...pick(name, 'family'),
    ...pick(name, 'given'),
    ...pick(name, 'type'),
  };
const pick = (from: Indexed, key: string): Record<string, string> =>
  from[key] === undefined ? {} : { [key]: from[key] };

const codeOf = (code: Indexed | undefined): Coded | undefined => {
  if (code === undefined) return undefined;
  const { altCode, altText, altSystem } = code;
  return {
    ...{ code: code['code'], text: code['text'], system: code['system'] },
    alternate:
      altCode === undefined
        ? undefined
        : { code: altCode, ...pick({ text: altText }, 'text'), ...pick({ system: altSystem }, 'system') },
  };
};

const personOf = (person: PersonFacts): Indexed => ({
  mrn: recordNumber(person.identifiers),
  identifiers: person.identifiers,
  name: person.names[0],
  otherNames: person.names.slice(1),
  birthDate: person.birthDate?.text,
  sex: person.sex,
  deathTime: person.deathTime?.text,
  isDead: person.isDead,
});

const indexedPerson = (person: Indexed): Indexed => ({
  mrn: person['mrn'],
  identifiers:
    person['identifiers'] ??
    [person['pid2'], person['pid4']].flatMap((value) => (value === undefined ? [] : { value })),
  name: nameOf(person['name']),
  otherNames: (person['otherNames'] ?? []).map(nameOf),
  birthDate: timeOf(person['birthDate']),
  sex: person['sex'],
  deathTime: timeOf(person['deathTime']),
  isDead: person['deceased'] === 'Y',
});

describeWhere(files.length > 0, 'messages of other systems')('messages of other systems', () => {
  const withMessages = files.filter(
    ({ messages, file }) =>
      messages !== undefined && file !== 'volume-simhospital.hl7' && !(file in DIFFERENCES),
  );

  test.each(Object.keys(DIFFERENCES))('%s differs from its index in one place only', (file) => {
    const { messages } = files.find((one) => one['file'] === file)!;
    for (const [place, bytes] of messagesOf(file).entries()) {
      const message = parsed(textOf(bytes).text);
      expect(readHeader(message.header).controlId).toBe(messages[place].controlId);
      expect(recordNumber(readPerson(message.first('PID')!).identifiers)).toBe(
        messages[place].patients[0].mrn,
      );
    }
  });

  test.each(withMessages.map(({ file, messages, batch }) => ({ file, messages, batch })))(
    '$file is read as its index says',
    ({ file, messages }) => {
      const found = messagesOf(file);
      expect(found).toHaveLength(messages.length);
      for (const [place, expected] of messages.entries())
        if (expected['decodable'] === false) expect(() => textOf(found[place]!)).toThrow(UndecodableBytes);
        else expectAsIndexed(textOf(found[place]!).text, expected);
    },
  );

  test('a thousand messages of a simulated hospital are distinguished', () => {
    const events: Record<string, number> = {};
    const controlIds = new Set<string>();
    let observations = 0;
    for (const bytes of messagesOf('volume-simhospital.hl7')) {
      const message = parsed(textOf(bytes).text);
      const { type, event, controlId } = readHeader(message.header);
      events[`${type}^${event}`] = (events[`${type}^${event}`] ?? 0) + 1;
      controlIds.add(controlId ?? '');
      for (const report of readReports(message)) observations += report.observations.length;
    }
    expect(events).toEqual({ 'ADT^A01': 400, 'ADT^A34': 1, 'MDM^T02': 2, 'ORU^R01': 610 });
    expect(controlIds.size).toBe(1013);
    expect(observations).toBe(3413);
  });
});

function expectAsIndexed(text: string, expected: Indexed): void {
  if (!expected['readable'] || expected['encodingCharacters'] === undefined) {
    expect(() => parsed(text)).toThrow(NotHl7);
    return;
  }
  const message = parsed(text);
  const header = readHeader(message.header);
  expect({
    ...{ type: header.type, event: header.event, controlId: header.controlId, version: header.version },
    sentAt: header.sentAt?.text,
  }).toEqual({
    ...{ type: expected['messageType'], event: expected['event'], controlId: expected['controlId'] },
    ...{ version: expected['version'], sentAt: timeOf(expected['messageTime']) },
  });
  if (expected['disposition'] === 'refuse' && expected['patients'] === undefined) return;
  expect(message.segments.map(({ name }) => name).join(' ')).toBe(expected['segments'] ?? '');
  const people = message.segments.filter(({ name }) => name === 'PID').map(readPerson);
  expect(people.map(personOf)).toEqual((expected['patients'] ?? []).map(indexedPerson));
  expect(
    readMerges(message).map(({ survivor, prior }) => [
      recordNumber(survivor.identifiers),
      recordNumber(prior),
    ]),
  ).toEqual((expected['merges'] ?? []).map((one: Indexed) => [one['survivor'], one['prior']]));
  if (expected['reports'] !== undefined && header.type === 'ORU') expectReports(message, expected['reports']);
  if (expected['appointment'] !== undefined) expectAppointment(message, expected['appointment']);
}

function expectReports(message: Hl7Message, expected: readonly Indexed[]): void {
  expect(
    readReports(message).map((report) => ({
      ...{
        placer: report.placerNumber,
        filler: report.fillerNumber,
        service: report.service,
        status: report.status,
      },
      ...{ observedAt: report.observedAt?.text, reportedAt: report.reportedAt?.text, notes: report.notes },
      observations: report.observations.map(({ values, at, ...one }) => ({ ...one, at: at?.text, values })),
    })),
  ).toEqual(
    expected.map((report) => ({
      ...{ placer: report['placer'], filler: report['filler'], service: codeOf(report['service']) },
      ...{ status: report['status'], observedAt: timeOf(report['observedAt']) },
      ...{ reportedAt: timeOf(report['reportedAt']), notes: report['notes'] ?? [] },
      observations: (report['observations'] ?? []).map((one: Indexed) => ({
        ...{ type: one['type'], code: codeOf(one['code']), units: one['units'], range: one['range'] },
        ...{
          flag: one['flag']?.split('^')[0],
          status: one['status'],
          at: timeOf(one['at']),
          notes: one['notes'] ?? [],
        },
        values: expect.anything(),
      })),
    })),
  );
  for (const [place, report] of readReports(message).entries())
    for (const [number, { values }] of report.observations.entries())
      for (const [repetition, one] of (expected[place]!['observations'][number]['values'] ?? []).entries()) {
        const value = values[repetition];
        if (one.number !== undefined && one.separator === undefined)
          expect(value?.measured).toEqual({ number: one.number, comparator: one.comparator });
        if (one.code !== undefined) expect(value?.coded).toEqual(codeOf(one));
        else if (one.text !== undefined && one.number === undefined) expect(value?.text).toBe(one.text);
      }
}

function expectAppointment(message: Hl7Message, expected: Indexed): void {
  const { placerId, fillerId, status, starts, services, eventReason } = readAppointment(message)!;
  const byPlace: Record<string, string[]> = {};
  for (const { place, at } of starts) (byPlace[place] ??= []).push(at.text);
  expect({ placerId, fillerId, status, starts: byPlace, services, eventReason }).toEqual({
    ...{ placerId: expected['placerId'], fillerId: expected['fillerId'], status: expected['status'] },
    starts: expected['starts'] ?? {},
    services: (expected['services'] ?? []).map(codeOf),
    eventReason: codeOf(expected['eventReason']),
  });
}
