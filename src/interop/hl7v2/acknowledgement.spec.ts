import { expect, test } from '@jest/globals';
import { acknowledge } from './acknowledgement.js';
import { parseMessage } from './er7.js';

const headerOf = (text: string) => parseMessage(text).message.header;
const ACCEPTED = { code: 'AA', controlId: 'N1', time: '20261102083016+0800' } as const;

test('sender and receiver are exchanged, and the control id of the message is named', () => {
  const header = headerOf(
    'MSH|^~\\&|HIS|WARD|NEDWATCH|CITY|20261102083015||ADT^A08^ADT_A01|M 7|P|2.4||||||GB 18030-2000',
  );
  expect(acknowledge(header, ACCEPTED)).toBe(
    'MSH|^~\\&|NEDWATCH|CITY|HIS|WARD|20261102083016+0800||ACK^A08^ACK|N1|P|2.4||||||GB 18030-2000\rMSA|AA|M 7\r',
  );
});

test('the delimiters of the sender are used, and its text escaped', () => {
  const header = headerOf('MSH#^~*@#HIS#WARD###20261102##ADT^A08#7#P#2.5');
  const text = acknowledge(header, {
    ...ACCEPTED,
    code: 'AE',
    text: 'PID#3 @ 7',
    error: { code: '101', location: 'PID^1^3' },
  });
  expect(text.split('\r')[1]).toBe('MSA#AE#7#PID*F*3 *T* 7');
  expect(text.split('\r')[2]).toBe('ERR##PID^1^3#101#E####PID*F*3 *T* 7');
});

test('without a header the answer has the usual delimiters and names no message', () => {
  expect(acknowledge(undefined, { ...ACCEPTED, code: 'AR' })).toContain('\rMSA|AR\r');
});
