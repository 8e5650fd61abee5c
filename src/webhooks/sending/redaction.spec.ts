import fc from 'fast-check';
import { redacted } from './redaction.js';

test.each([
  [
    '{"error":"no bed","patientName":"张三","mrn":"D17"}',
    '{"error":"no bed","patientName":"•••","mrn":"D17"}',
  ],
  ['{"name": "Zhang San", "ok": false}', '{"name": "•••", "ok": false}'],
  ['<xm>李四</xm><code>7</code>', '<xm>•••</xm><code>7</code>'],
  ['姓名：王五，科室：肝胆外科', '姓名：•••'],
  ['no such person: 110101196104051234', 'no such person: •••'],
  ['call 138 0000 0000 or +86-138-0000-0000', 'call ••• or •••'],
  ['身份证号=11010119610405123X&x=1', '身份证号=•••&x=1'],
  [
    'hostname: db7, filename: a.txt, 2026-11-24T01:02:03.456Z',
    'hostname: db7, filename: a.txt, 2026-11-24T01:02:03.456Z',
  ],
  ['01a207e3-1ae6-76c7-853d-b3db7da07dd0 accepted', '01a207e3-1ae6-76c7-853d-b3db7da07dd0 accepted'],
])('%s is kept as %s', (answer, kept) => {
  expect(redacted(answer)).toBe(kept);
});

test('twice changes nothing more, and no phone number stays, whatever is around it', () => {
  fc.assert(
    fc.property(fc.string(), fc.stringMatching(/^1[3-9]\d{9}$/), fc.string(), (before, phone, after) => {
      const once = redacted(`${before} ${phone} ${after}`);
      expect(once).not.toContain(phone);
      expect(redacted(once)).toBe(once);
    }),
  );
});
