import { expect, test } from '@jest/globals';
import { acknowledgeBatch } from './batch-acknowledgement.js';

const answers = [Buffer.from('MSH|1\rMSA|AA|A\r'), Buffer.from('MSH|2\rMSA|AE|B\r')];

test('a file is answered by a file, which refers to it and goes back to its sender', () => {
  const headers = [
    Buffer.from('FHS|^~\\&|HIS|WARD|NEDWATCH|SLZL|20261110||||F7'),
    Buffer.from('BHS|^~\\&|HIS|WARD|NEDWATCH|SLZL|20261110||||B7'),
  ];
  expect(acknowledgeBatch({ headers, answers, controlId: 'N1' }).toString().split('\r')).toEqual([
    'FHS|^~\\&|NEDWATCH|SLZL|HIS|WARD|||||N1|F7',
    'BHS|^~\\&|NEDWATCH|SLZL|HIS|WARD|||||N1|B7',
    ...['MSH|1', 'MSA|AA|A', 'MSH|2', 'MSA|AE|B'],
    ...['BTS|2', 'FTS|1', ''],
  ]);
});

test('messages without an envelope are answered without one', () => {
  expect(acknowledgeBatch({ headers: [], answers, controlId: 'N1' })).toEqual(Buffer.concat([...answers]));
});

test('a header that cannot be read is answered in the usual delimiters', () => {
  const read = acknowledgeBatch({
    headers: [Buffer.from('BHS')],
    answers: [],
    controlId: 'N1',
    comment: 'none came',
  });
  expect(read.toString()).toBe('BHS|^~\\&|||||||||N1\rBTS|0|none came\r');
});
