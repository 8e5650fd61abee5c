import { texts } from '../../guideline/message.js';

/** What people do about items: where an item stands, what can be done next, and why something cannot. */
export const STEP_MESSAGES = texts({
  'item-position-to_book': { en: 'to be booked', zh: '待预约' },
  'item-position-booked': { en: 'booked', zh: '已预约' },
  'item-position-attended': { en: 'attended, waiting for the result', zh: '已检查，待结果' },
  'item-position-not_attended': { en: 'not attended', zh: '爽约未检' },
  'item-position-deferred': { en: 'deferred', zh: '已延期' },
  'item-position-declined': { en: 'declined by the patient', zh: '患者拒绝' },
  'item-position-contraindicated': { en: 'contraindicated', zh: '有禁忌' },
  'item-position-completed': { en: 'completed', zh: '已完成' },
  'item-position-cancelled': { en: 'cancelled by the plan', zh: '已从计划中取消' },

  'item-step-book': { en: 'book', zh: '预约' },
  'item-step-move': { en: 'move the appointment', zh: '改约' },
  'item-step-attend': { en: 'record that the patient attended', zh: '登记已到检' },
  'item-step-not_attend': { en: 'record that the patient did not attend', zh: '登记爽约' },
  'item-step-cancel_appointment': { en: 'cancel the appointment', zh: '取消预约' },
  'item-step-defer': { en: 'defer', zh: '延期' },
  'item-step-decline': { en: 'record that the patient declines', zh: '登记患者拒绝' },
  'item-step-contraindicate': { en: 'record a contraindication', zh: '登记禁忌' },
  'item-step-reopen': { en: 'reopen', zh: '恢复为待预约' },
  'item-step-complete': { en: 'record the examination', zh: '登记检查结果' },
  'item-step-merge': { en: 'take over from a merged record', zh: '由合并的档案转入' },
  listed: { en: '{before}, {next}', zh: '{before}、{next}' },

  'step-reason-away': { en: 'away, travelling', zh: '外出、不在本地' },
  'step-reason-no_slot': { en: 'no slot or bed', zh: '号源或床位已满' },
  'step-reason-acute_illness': { en: 'acute illness', zh: '急性疾病' },
  'step-reason-under_treatment': { en: 'under treatment', zh: '正在治疗中' },
  'step-reason-family_matters': { en: 'family matters', zh: '家中有事' },
  'step-reason-cost': { en: 'cost', zh: '费用原因' },
  'step-reason-result_elsewhere_awaited': {
    en: 'done elsewhere, result awaited',
    zh: '外院已查，等待结果',
  },
  'step-reason-combined_visit': { en: 'together with another examination', zh: '与其他检查合并一次来院' },
  'step-reason-clinician_asked': { en: 'a clinician asked for it', zh: '医生要求' },
  'step-reason-hospital_system': { en: 'booked by a system of the hospital', zh: '由医院系统预约' },
  'step-reason-patient_wish': { en: 'wish of the patient', zh: '患者要求' },
  'step-reason-feels_well': { en: 'feels well', zh: '自觉良好，认为不必复查' },
  'step-reason-afraid': { en: 'afraid of the examination', zh: '惧怕检查' },
  'step-reason-too_far': { en: 'too far away', zh: '路途太远' },
  'step-reason-followed_up_elsewhere': { en: 'followed up elsewhere', zh: '在外院随访' },
  'step-reason-frail': { en: 'frail', zh: '年老体弱' },
  'step-reason-family_refuses': { en: 'the family refuses', zh: '家属不同意' },
  'step-reason-no_trust': { en: 'no trust in the hospital', zh: '对医院不信任' },
  'step-reason-contrast_allergy': { en: 'allergy to contrast medium', zh: '对比剂过敏' },
  'step-reason-renal_insufficiency': { en: 'renal insufficiency', zh: '肾功能不全' },
  'step-reason-implant': { en: 'implant', zh: '体内有植入物（如起搏器）' },
  'step-reason-claustrophobia': { en: 'claustrophobia', zh: '幽闭恐惧' },
  'step-reason-pregnancy': { en: 'pregnancy', zh: '妊娠' },
  'step-reason-bowel_obstruction': { en: 'bowel obstruction', zh: '肠梗阻' },
  'step-reason-bleeding_risk': { en: 'risk of bleeding', zh: '出血风险（如抗凝治疗）' },
  'step-reason-anaesthesia_risk': { en: 'risk of anaesthesia', zh: '麻醉风险' },
  'step-reason-poor_condition': { en: 'poor general condition', zh: '一般情况差' },
  'step-reason-other': { en: 'other', zh: '其他' },

  'step-not-possible': {
    en: 'Not possible for this item: {step}. It is {position}. Possible now: {possible}.',
    zh: '此项目当前为“{position}”，不能{step}。现在可以：{possible}。',
  },
  'step-not-yours': {
    en: 'Your roles do not include: {step}. The item is {position}. Possible for you now: {possible}.',
    zh: '您的角色不能{step}。此项目当前为“{position}”，您现在可以：{possible}。',
  },
  'follow-up-ended': {
    en: 'The follow-up of the patient ended on {date}: nothing can be planned. If that is wrong, void the event that ended it.',
    zh: '患者的随访已于 {date} 结束，不能再安排。如记录有误，请先作废结束随访的事件。',
  },
  'no-step-possible': {
    en: 'Not possible for this item: {step}. It is {position}, and nothing has to be done about it.',
    zh: '此项目当前为“{position}”，不能{step}，也无需再处理。',
  },
  'changed-since-by': {
    en: 'The item has changed since you read it. The newest change: {step}, by {author}, {at}. Read it again.',
    zh: '您读取之后此项目已被更改。最近一次：{author} 于 {at} {step}。请重新读取。',
  },
  'plan-changed-since': {
    en: 'The plan has moved the item since you read it. Read it again.',
    zh: '您读取之后计划调整了此项目的日期，请重新读取。',
  },
  'changed-since': {
    en: 'The item is no longer as you read it. Read it again.',
    zh: '此项目已与您读取时不同，请重新读取。',
  },
  'day-outside-range': {
    en: '{day} is not possible: give a day from {first} to {last}.',
    zh: '不能为 {day}：请填写 {first} 至 {last} 之间的日期。',
  },

  'early-after-last': {
    en: '{taken} after the last one on {from}; the plan asks for at least {least}, so not before {earliest}.',
    zh: '距上次检查（{from}）仅 {taken}；计划要求至少 {least}，即不早于 {earliest}。',
  },
  'early-after-start': {
    en: '{taken} after {from}, from which the date is counted; the plan asks for at least {least}, so not before {earliest}.',
    zh: '距起算日（{from}）仅 {taken}；计划要求至少 {least}，即不早于 {earliest}。',
  },
  'late-after-last': {
    en: '{taken} after the last one on {from}; the plan allows {allowed}, until {last}.',
    zh: '距上次检查（{from}）已 {taken}；计划最多允许 {allowed}，即不晚于 {last}。',
  },
  'late-after-start': {
    en: '{taken} after {from}, from which the date is counted; the plan allows {allowed}, until {last}.',
    zh: '距起算日（{from}）已 {taken}；计划最多允许 {allowed}，即不晚于 {last}。',
  },
});
