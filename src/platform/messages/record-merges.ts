import { texts } from '../../guideline/message.js';

/** Two records of one person: merging, undoing, suspected duplicates. */
export const RECORD_MERGE_MESSAGES = texts({
  'patient-merged': {
    en: 'This record was merged into another record of the same person: use that one (mergedInto).',
    zh: '该档案已合并到同一患者的另一份档案，请使用那一份（mergedInto）。',
  },
  'merged-record': {
    en: 'The record {mrn} was merged into {target}: write {target}, or undo the merge first.',
    zh: '档案 {mrn} 已合并到 {target}：请填写 {target}，或先撤销合并。',
  },
  'merged-record-not-shown': {
    en: 'The record {mrn} was merged into another record, which you do not see: ask the head nurse for its number.',
    zh: '档案 {mrn} 已合并到您无权查看的另一份档案：请向护士长询问其病案号。',
  },
  'same-record': {
    en: 'A record cannot be merged into itself: name the other record of this person.',
    zh: '档案不能与自身合并：请指定该患者的另一份档案。',
  },
  'records-contradict': {
    en: 'The records contradict each other. Settle this first, then merge: {faults}',
    zh: '两份档案互相矛盾。请先解决以下问题，再合并：{faults}',
  },
  'birth-dates-differ': {
    en: 'The birth dates are {target} and {source}: correct the wrong one, or these are two people.',
    zh: '出生日期分别为 {target} 和 {source}：请更正错误的一个，否则可能是两个人。',
  },
  'sexes-differ': {
    en: 'The sexes are {target} and {source}: correct the wrong one, or these are two people.',
    zh: '性别分别为 {target} 和 {source}：请更正错误的一个，否则可能是两个人。',
  },
  'identity-numbers-differ': {
    en: 'The identity numbers differ: correct the wrong one, or these are two people.',
    zh: '证件号码不同：请更正错误的一个，否则可能是两个人。',
  },
  'deaths-differ': {
    en: 'The deaths are dated {target} and {source}: void the wrong one.',
    zh: '死亡日期分别为 {target} 和 {source}：请作废错误的一个。',
  },
  'after-death-in-other': {
    en: '{event} of {date} lies after the death of {diedOn} in the other record: void the wrong one.',
    zh: '{date} 的{event}晚于另一份档案中的死亡日期 {diedOn}：请作废错误的一个。',
  },
  'events-differ': {
    en: 'Both records have {event} on {date}, with different {fields}: void the wrong one.',
    zh: '两份档案在 {date} 都有{event}，但{fields}不同：请作废错误的一个。',
  },
  'decisions-differ': {
    en: 'Both records have a decision about the same thing ({kind}): revoke the one that shall not hold.',
    zh: '两份档案对同一事项（{kind}）都有决定：请撤销不应生效的一个。',
  },
  'decision-kind-profile': { en: 'follow-up profile', zh: '随访方案' },
  'decision-kind-liver_imaging': { en: 'liver imaging', zh: '肝脏影像' },
  'decision-kind-interval': { en: 'interval', zh: '间隔' },
  'decision-kind-rule_off': { en: 'rule switched off', zh: '停用规则' },
  'decision-kind-added_item': { en: 'added item', zh: '另加项目' },
  'decision-kind-assignment': { en: 'exam assigned to an item', zh: '检查归入项目' },
  'later-merge': {
    en: 'Another record was merged into this patient later: undo the merge {id} first.',
    zh: '之后又有另一份档案合并到该患者：请先撤销合并 {id}。',
  },
  'merge-taken-back': {
    en: 'The merge of two records was undone.',
    zh: '两份档案的合并已撤销。',
  },
});
