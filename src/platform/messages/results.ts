import { texts } from '../../guideline/message.js';

/** Results of exams: seen, judged, followed up. */
export const RESULT_MESSAGES = texts({
  'result-not-found': { en: 'There is no result {id} in this hospital.', zh: '本院没有检查结果 {id}。' },
  'review-not-found': {
    en: 'There is nothing to be judged under {id} in this hospital.',
    zh: '本院没有待判断的结果 {id}。',
  },
  'clinician-sees': {
    en: 'A clinician has to judge this result, and so has to see it: leave it to them. They find it under GET /reviews.',
    zh: '此结果须由医生判断，因此须由医生查看，请留给医生处理（GET /reviews）。',
  },
  'recorder-sees': {
    en: 'You recorded this result yourself. Another nurse or a clinician has to see it.',
    zh: '此结果由您本人录入，须由另一名护士或医生查看。',
  },
  'people-see-results': {
    en: 'Results are seen by nurses, head nurses and clinicians.',
    zh: '结果须由护士、护士长或医生查看。',
  },
  'only-clinicians-see': {
    en: 'In this hospital clinicians alone see results (setting results.nursesSee).',
    zh: '本院规定只有医生可标记结果为已阅（设置项 results.nursesSee）。',
  },
  'result-voided': {
    en: 'The exam was voided on {at}; nothing is to be seen or judged any more.',
    zh: '该检查已于 {at} 作废，无需再查看或判断。',
  },
  'already-judged': {
    en: '{author} judged this result on {at}: {judgement}. Undo that judgement first if it is wrong.',
    zh: '{author} 已于 {at} 判断此结果：{judgement}。如有误，请先撤销该判断。',
  },
  'follow-up-not-allowed': {
    en: 'The judgement {judgement} has no {field}; it takes {fields}.',
    zh: '判断 {judgement} 没有字段 {field}；可填：{fields}。',
  },
  'follow-up-none': { en: 'nothing', zh: '无' },
  'repeat-weeks-required': {
    en: 'Say in how many weeks the exam is to be repeated, 1 to 104.',
    zh: '请填写几周后复查，1 至 104。',
  },
  'follow-up-in-future': {
    en: '{date} lies after today, {today}: an event is recorded once it has happened.',
    zh: '{date} 晚于今天（{today}）：事件须在发生后登记。',
  },
  'no-exam-after-finding': {
    en: 'The guideline {guideline} asks for no exam after a finding. Add the exam by a decision (added_item), and judge with no_action.',
    zh: '指南 {guideline} 没有规定发现异常后的检查。请以决定（added_item）追加检查，并判断为 no_action。',
  },
  'judgement-too-old': {
    en: 'A judgement can be undone for {minutes} minutes; that time is over. Void the event or revoke the decision that followed from it.',
    zh: '判断只能在 {minutes} 分钟内撤销，现已超过。请作废由其产生的事件或撤销由其产生的决定。',
  },
  'not-judged': {
    en: 'This result is not judged: there is nothing to undo.',
    zh: '此结果尚未判断，无可撤销。',
  },
  'judgement-undone': { en: 'The judgement was undone.', zh: '该判断已撤销。' },
  'repeat-ordered': {
    en: 'Repeat in {weeks} weeks after {activity} of {date}.',
    zh: '{date} 的{activity}之后 {weeks} 周复查。',
  },
  'finding-clarified': {
    en: 'To clarify the finding of {activity} on {date}.',
    zh: '进一步明确 {date} {activity}的发现。',
  },
  'mark-above-limit': {
    en: '{code} {value} is not within the reference limit of {limit} {unit}.',
    zh: '{code} {value}，不在参考上限 {limit} {unit} 以内。',
  },
  'mark-rise-percent': {
    en: '{code} {value} has risen from {from} {unit}, by the rule of the hospital (the guideline gives no number).',
    zh: '{code} {value}，由 {from} {unit} 升高，达到本院规定的判断标准（指南未给出数值）。',
  },
  'mark-rise-successive': {
    en: '{code} {value} has risen several times in a row, from {from} {unit}, by the rule of the hospital (the guideline gives no number).',
    zh: '{code} {value}，自 {from} {unit} 起连续升高，达到本院规定的判断标准（指南未给出数值）。',
  },
  'mark-outcome': { en: 'The outcome is {outcome}.', zh: '结论：{outcome}。' },
  'mark-finding': { en: 'Found: {finding}.', zh: '所见：{finding}。' },

  'too-many-laboratories': {
    en: 'At most {limit} laboratories can be listed. Remove those that measure no more.',
    zh: '最多可列 {limit} 家实验室。请删除不再使用的。',
  },
  'laboratory-twice': {
    en: '{name} is the same laboratory as {other}: capitals and spaces do not count.',
    zh: '{name} 与 {other} 为同一实验室：不区分大小写与空格。',
  },
});
