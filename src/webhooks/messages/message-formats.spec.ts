import { WANG, written } from '../../../test/support/outgoing-messages.js';
import { shownAnswer } from './message-formats.js';

describe('of an answer is kept', () => {
  const echoed = written('hl7-v2', 'surveillance.item.due', { patient: WANG });
  test.each([
    [
      'hl7-v2',
      'MSH|^~\\&|HIS\rMSA|AE|1|no\rPID|1||D100||王建国\rERR||PID^1\r',
      'MSH|^~\\&|HIS\nMSA|AE|1|no\nERR||PID^1',
    ],
    ['hl7-v2', 'MSA|AE|1|no<br>PID|1||D100||王建国', 'MSA|AE|1|no<br>'],
    ['hl7-v2', 'ERROR "王建国"', ''],
    ['hl7-v2', '502 Bad Gateway', '502 Bad Gateway'],
    ['fhir-r4', written('fhir-r4', 'surveillance.item.due', { patient: WANG }), ''],
    ['fhir-r4', '\uFEFF{"name":[{"text":"王建国"}]}', ''],
    ['fhir-r4', '{"name":[{"text":"王建国', ''],
    ['fhir-r4', '"王建国"', ''],
    ['fhir-r4', '{"resourceType":"OperationOutcome","issue":[null]}', ''],
    [
      'fhir-r4',
      '{"resourceType":"OperationOutcome","issue":[{"severity":"error","code":"x","diagnostics":{"name":"王建国"}}]}',
      '',
    ],
    [
      'fhir-r4',
      '{"resourceType":"OperationOutcome","text":{"div":"王建国"},"issue":[{"severity":"error","code":"invalid","diagnostics":"Task.for","expression":["王建国"]}]}',
      '{"resourceType":"OperationOutcome","issue":[{"severity":"error","code":"invalid","diagnostics":"Task.for"}]}',
    ],
    ['fhir-r4', '<Patient xmlns="http://hl7.org/fhir"><name><text value="王建国"/></name></Patient>', ''],
    ['fhir-r4', '502 Bad Gateway', '502 Bad Gateway'],
    ['fhir-r4', 'null', 'null'],
    ['json', '{"ok":true}', '{"ok":true}'],
  ] as const)('%s: %s', (format, answer, kept) => {
    expect(shownAnswer(format, answer)).toBe(kept);
  });

  test('of an order that is sent back, no name', () => {
    expect(shownAnswer('hl7-v2', echoed)).not.toContain('王建国');
  });
});
