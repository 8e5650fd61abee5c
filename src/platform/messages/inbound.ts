import { texts } from '../../guideline/message.js';

/** What systems of the hospital send, in HL7 v2 or FHIR. */
export const INBOUND_MESSAGES = texts({
  'inbox-entry-not-found': {
    en: 'There is no inbox entry {id} in this hospital.',
    zh: '本院收件箱中没有条目 {id}。',
  },
  'inbox-entry-closed': {
    en: 'This entry was closed by {author}: read it again.',
    zh: '该条目已由{author}关闭：请重新读取。',
  },
  'inbox-appointment': {
    en: 'An appointment is no event: book it with POST /appointments, then dismiss the entry.',
    zh: '预约不是事件：请用 POST /appointments 预约，然后关闭该条目。',
  },
  'inbox-full': {
    en: 'The inbox has {limit} open entries, which is the limit. Add the missing codes to the mapping, or enter or dismiss some of them; then send the message again.',
    zh: '收件箱已有 {limit} 个待处理条目，达到上限。请在对照表中补充代码，或先录入、关闭部分条目，然后重新发送消息。',
  },
  'kept-in-inbox': {
    en: 'It could not be interpreted and waits in the inbox for a person.',
    zh: '无法自动判读，已放入收件箱等待人工处理。',
  },
  'report-day-required': {
    en: 'Send the day on which the examination was done.',
    zh: '请发送检查日期。',
  },
  'report-entered-by-person': {
    en: 'A person has entered the result of this report: read the new version, too.',
    zh: '该报告的结果此前由人工录入：新版本也请人工判读。',
  },
  'event-day-required': {
    en: 'Send the day of the procedure or diagnosis.',
    zh: '请发送操作或诊断的日期。',
  },
  'event-lacks': {
    en: 'Something is missing or not right for this event: {fields}. Add it to the mapping, or enter the event by hand.',
    zh: '该事件缺少或不符的内容：{fields}。请在对照表中补充，或人工录入。',
  },
  'event-recorded-before': {
    en: 'The event that {code} means is recorded for another day. A second one is recorded only by a person.',
    zh: '{code} 所对应的事件已在另一日期有记录。第二次只能由人工录入。',
  },
  'appointment-superseded': {
    en: 'A later message about this appointment was received before; nothing changed.',
    zh: '此前已收到关于该预约的更新消息；未作更改。',
  },
  'appointment-same-again': {
    en: 'The appointment is as the message says already; nothing changed.',
    zh: '该预约已与消息一致；未作更改。',
  },
  'appointment-never-booked': {
    en: 'No open appointment fits this one, so there was nothing to end.',
    zh: '没有与之对应的未结束预约，无需处理。',
  },
  'appointment-of-other-patient': {
    en: 'The number of this appointment belongs to another patient: check the number, or the merge of the two records.',
    zh: '该预约编号属于另一位患者：请核对编号，或两条记录是否应合并。',
  },
  'appointment-day-required': {
    en: 'Send the day on which the appointment begins.',
    zh: '请发送预约开始的日期。',
  },
  'appointment-without-item': {
    en: 'The plan of the patient has no open item of {activities} that can be booked.',
    zh: '该患者的随访计划中没有可预约的项目：{activities}。',
  },
  'nothing-to-void': {
    en: 'The message recorded no event and no appointment. Data of a person are corrected by the next message, or by hand; a merge is undone at the patient.',
    zh: '该消息没有记录事件或预约。个人信息由后续消息或人工更正；合并请在患者处撤销。',
  },
  'fhir-not-replayed': {
    en: 'A FHIR request is not applied again from here. Let its system send the resources again: what is recorded stays as it is.',
    zh: 'FHIR 请求不能在此重新处理。请由原系统重新发送这些资源：已记录的内容保持不变。',
  },
  'message-voided': {
    en: '{author} has voided this message already.',
    zh: '该消息已由{author}撤回。',
  },
  'changed-since-message': {
    en: 'What the message did was changed since: {reasons}',
    zh: '该消息所作的更改此后又有变动：{reasons}',
  },
  'report-has-later-version': {
    en: 'a later version of the report was recorded; void that one first',
    zh: '该报告已有更新版本；请先撤回更新版本',
  },
  'event-voided-since': { en: 'the event of {date} was voided', zh: '{date} 的事件已被撤销' },
  'event-judged-since': {
    en: 'a clinician has judged the result of {date}',
    zh: '{date} 的结果已由医生判定',
  },
  'appointment-changed-by': {
    en: '{author} has changed the appointment of {date}',
    zh: '{author}已更改 {date} 的预约',
  },
  'appointment-outcome-stays': {
    en: 'the appointment of {date} has an outcome; undo it in the worklist',
    zh: '{date} 的预约已有结果；请在工作清单中撤销',
  },
  'appointment-day-passed': {
    en: 'the day to which the appointment would go back has passed',
    zh: '预约原来的日期已过',
  },
});
