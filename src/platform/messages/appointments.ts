import { texts } from '../../guideline/message.js';

/** Appointments: booking, moving, outcomes, and undoing them. */
export const APPOINTMENT_MESSAGES = texts({
  'outside-window': {
    en: 'The day lies outside the window of the examination. Give a reason, or another day. {consequences}',
    zh: '所选日期超出检查的时间窗。请填写原因，或另选日期。{consequences}',
  },
  'outside-window-of': { en: '{activity}: {consequence}', zh: '{activity}：{consequence}' },
  'reason-needed-outside': {
    en: 'Required, because the day lies outside the window.',
    zh: '日期超出时间窗，必须填写原因。',
  },
  'already-booked': {
    en: 'The item has an open appointment on {date} ({id}). Move it, or record its outcome, first.',
    zh: '此项目在 {date} 已有未结束的预约（{id}）。请先改约或登记其结果。',
  },
  'appointment-closed': {
    en: 'The appointment has ended: {outcome}. Undo that first, or book another one.',
    zh: '此预约已结束：{outcome}。请先撤销该登记，或另行预约。',
  },
  'appointment-outcome-attended': { en: 'attended', zh: '已到检' },
  'appointment-outcome-not_attended': { en: 'not attended', zh: '爽约' },
  'appointment-outcome-cancelled_by_patient': { en: 'cancelled by the patient', zh: '患者取消' },
  'appointment-outcome-cancelled_by_hospital': { en: 'cancelled by the hospital', zh: '医院取消' },
  'appointment-outcome-withdrawn': { en: 'the booking was undone', zh: '预约已撤销' },
  'appointment-not-yet': {
    en: 'The appointment is on {date}. Until then it can be moved or cancelled.',
    zh: '预约日期为 {date}。在此之前只能改约或取消。',
  },
  'time-or-half-day': {
    en: 'Give either a time or a half-day.',
    zh: '时刻（time）与上午/下午（halfDay）只能填写其一。',
  },
  'item-of-other-patient': { en: 'The item belongs to another patient.', zh: '此项目属于另一名患者。' },
  'item-named-twice': { en: 'The item is named twice.', zh: '此项目重复。' },
  'appointment-changed-since': {
    en: 'The appointment has changed since you read it, last by {author}, {at}. Read it again.',
    zh: '您读取之后此预约已被更改（最近：{author}，{at}）。请重新读取。',
  },

  'nothing-to-undo': {
    en: 'No step of people about this item can be undone.',
    zh: '此项目没有可以撤销的操作。',
  },
  'undo-too-late': {
    en: 'Too late to undo this: {step}. It can be undone for {minutes} minutes, by a head nurse or clinician for 24 hours.',
    zh: '已不能撤销“{step}”：{minutes} 分钟内可撤销，护士长或医生可在 24 小时内撤销。',
  },
  'undo-not-yours': {
    en: 'This was done by {author}: {step}. Only callers who may take that step can undo it.',
    zh: '“{step}”由 {author} 完成：只有有权进行该操作的人员才能撤销。',
  },
  'undo-not-possible': {
    en: 'More has happened since this step, to the item or to others of its appointment. Undo that first.',
    zh: '此操作之后，该项目或同一预约的其他项目又有变化。请先撤销后来的操作。',
  },
  'undone-void-reason': { en: 'Undone by {author}', zh: '由 {author} 撤销' },
});
