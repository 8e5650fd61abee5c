import { expect, test } from '@jest/globals';
import { readColonoscopy, readLynch, readSite, readStage } from './roster-reading.js';

test.each([
  ['I', 'I'],
  ['Ⅰ期', 'I'],
  ['ⅡA期', 'II'],
  ['IIIB', 'III'],
  ['IIIb期', 'III'],
  ['Ⅲ b', 'III'],
  ['III期B', 'III'],
  ['3期', 'III'],
  ['4', 'IV'],
  ['三期', 'III'],
  ['Stage IIIC', 'III'],
  ['ⅣA', 'IV'],
  ['pT3N1M0', 'III'],
  ['ypT2N0M0', 'I'],
  ['T3 N0 M0', 'II'],
  ['pT3，N1a，M0', 'III'],
  ['pT3pN1pM0', 'III'],
  ['(p)T3N1M0', 'III'],
  ['ＰＴ４ａＮ０Ｍ０', 'II'],
  ['pT3N1cM0', 'III'],
  ['TxN2M0', 'III'],
  ['T4N0M1a', 'IV'],
  ['TxNxM1', 'IV'],
  ['pT3N1M0 IIIB期', 'III'],
  ['IIIB（pT3N1M0）', 'III'],
  ['pT3N1Mx III期', 'III'],
  ['pT3N1(2/15)M0', 'III'],
])('%s is stage %s', (written, value) => {
  expect(readStage(written)).toEqual({ value });
});

test.each([
  ['pT3NxM0', 'stage-n', ['II', 'III']],
  ['T2NxM0', 'stage-n', ['I', 'III']],
  ['T3N0', 'stage-m', ['II', 'IV']],
  ['pT3N1Mx', 'stage-m', ['III', 'IV']],
  ['TxN0M0', 'stage-t', ['I', 'II']],
  ['ypT0N0M0', 'stage-zero', undefined],
  ['pTisN0M0', 'stage-zero', undefined],
  ['0期', 'stage-zero', undefined],
  ['Ⅱ-Ⅲ期', 'stage-several', ['II', 'III']],
  ['II或III', 'stage-several', ['II', 'III']],
  ['pT3N1M0 II期', 'stage-several', undefined],
  ['cT3N1M0', 'stage-clinical', undefined],
  ['Dukes B', 'stage-old', undefined],
  ['中期', 'unclear', undefined],
  ['III?', 'unclear', undefined],
  ['', 'required', undefined],
  ['不详', 'required', undefined],
])('%s is a question', (written, doubt, options) => {
  expect(readStage(written)).toMatchObject(options ? { doubt, options } : { doubt });
});

test.each([
  ['结肠肝曲', 'colon'],
  ['回盲部', 'colon'],
  ['乙状结肠癌', 'colon'],
  ['升结肠、降结肠', 'colon'],
  ['C18.7 乙状结肠', 'colon'],
  ['直肠中段', 'rectum'],
  ['直肠（距肛缘5cm）', 'rectum'],
  ['C20', 'rectum'],
  ['Sigmoid colon', 'colon'],
  ['rectum', 'rectum'],
])('%s is %s', (written, value) => {
  expect(readSite(written)).toEqual({ value });
});

test.each([
  ['直乙交界', 'site-between'],
  ['C19', 'site-between'],
  ['结直肠', 'site-between'],
  ['乙状结肠直肠交界', 'site-between'],
  ['阑尾', 'site-other'],
  ['C18.1', 'site-other'],
  ['肛管', 'site-other'],
  ['C78.7', 'site-other'],
  ['升结肠、直肠', 'site-several'],
  ['1', 'unclear'],
  ['', 'required'],
])('%s is a question about the site', (written, doubt) => {
  expect(readSite(written)).toMatchObject({ doubt });
});

test('colonoscopy before the operation: complete, incomplete, or asked', () => {
  const read = (written: string, asks = false) => readColonoscopy(written, asks);
  for (const written of ['完整', '全结肠完成', '已完成', 'complete', '进镜至回盲部'])
    expect(read(written)).toEqual({ value: 'complete' });
  for (const written of ['未查', '未完成（梗阻）', '不完整', '否', 'incomplete', '肿瘤梗阻，无法通过'])
    expect(read(written)).toEqual({ value: 'incomplete' });
  expect(read('是', true)).toEqual({ value: 'complete' });
  for (const written of ['是', '不详', '', '已查']) expect(read(written)).toHaveProperty('doubt');
});

test('only a confirmed Lynch syndrome is one', () => {
  for (const written of ['是', '确诊', '阳性', 'yes']) expect(readLynch(written)).toEqual({ value: 'yes' });
  for (const written of ['否', '未测', '排除', '', '阴性', 'no', '不详'])
    expect(readLynch(written)).toEqual({ value: undefined });
  for (const written of ['可疑', '疑似', '是?', 'dMMR'])
    expect(readLynch(written)).toMatchObject({ doubt: 'suspected' });
});
