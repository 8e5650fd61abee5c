import { texts } from '../../guideline/message.js';

/** Attempts to reach patients, their relatives, and calls. */
export const CONTACT_MESSAGES = texts({
  'ladder-channel-twice': {
    en: 'Each channel stands in the ladder once: say in attempts how often it is tried.',
    zh: '联系阶梯中每种方式只能出现一次：请在 attempts 中填写尝试次数。',
  },
  'script-placeholders': {
    en: 'A text may contain these words in braces, and no others: {known}.',
    zh: '文本中只能使用以下花括号占位符：{known}。',
  },

  'call-not-possible': {
    en: 'This patient cannot be called now: no number is known, calls were refused, or another person is calling.',
    zh: '现在不能给该患者打电话：没有电话号码、患者拒绝来电，或他人正在联系。',
  },

  'cause-without-failure': {
    en: 'A cause belongs to an attempt that failed: leave it out, or give the outcome failed.',
    zh: '只有失败的联系才填写原因：请去掉原因，或将结果改为 failed。',
  },
  'only-written-is-sent': {
    en: 'Only a message or a letter is sent or not delivered: give reached, or failed with its cause.',
    zh: '只有短信、微信或信件才有已发送或未送达：请填写 reached，或 failed 及原因。',
  },
  'alive-without-answer': {
    en: 'Only a person who was reached can say that the patient lives: leave confirmsAlive out.',
    zh: '只有联系到人才能确认患者在世：请勿填写 confirmsAlive。',
  },
  'unknown-relative': {
    en: 'This patient has no such relative: see GET /patients/{id}/relatives.',
    zh: '该患者没有此联系人：请查看 GET /patients/{id}/relatives。',
  },
  'contact-in-future': {
    en: '{date} lies after {today}: an attempt is recorded once it was made.',
    zh: '{date} 晚于今天（{today}）：联系之后才能登记。',
  },
  'next-action-outside': {
    en: 'Choose a day from {first} to {last}. A longer break is a deferral of the items, which has a reason.',
    zh: '请选择 {first} 至 {last} 之间的日期。更长时间请推迟随访项目，并填写原因。',
  },
  'too-many-contacts': {
    en: 'This patient has {limit} recorded attempts, and a patient can have no more.',
    zh: '该患者已登记 {limit} 次联系，不能再添加。',
  },
  'too-many-relatives': {
    en: 'This patient has {limit} relatives, and a patient can have no more. Remove those who are no longer called.',
    zh: '该患者已有 {limit} 位联系人，不能再添加。请删除不再使用的联系人。',
  },

  'relation-spouse': { en: 'husband or wife', zh: '爱人' },
  'relation-son': { en: 'son', zh: '儿子' },
  'relation-daughter': { en: 'daughter', zh: '女儿' },
  'relation-son_in_law': { en: 'son-in-law', zh: '女婿' },
  'relation-daughter_in_law': { en: 'daughter-in-law', zh: '儿媳' },
  'relation-father': { en: 'father', zh: '父亲' },
  'relation-mother': { en: 'mother', zh: '母亲' },
  'relation-brother': { en: 'brother', zh: '兄弟' },
  'relation-sister': { en: 'sister', zh: '姐妹' },
  'relation-grandchild': { en: 'grandchild', zh: '孙辈' },
  'relation-other_relative': { en: 'relative', zh: '亲属' },
  'relation-friend': { en: 'friend', zh: '朋友' },
  'relation-neighbour': { en: 'neighbour', zh: '邻居' },
  'relation-carer': { en: 'carer', zh: '照护者' },
  'relation-general_practitioner': { en: 'general practitioner', zh: '家庭医生' },
  'relation-village_doctor': { en: 'village doctor', zh: '村医' },
  'relation-other': { en: 'contact', zh: '联系人' },

  'script-first': {
    en: 'Hello, this is {caller} of {hospital}. Am I speaking with {patient}? (Once that is clear:) You are due for: {examinations}. When could you come? I will book it with you and tell you how to prepare.',
    zh: '您好，我是{hospital}的{caller}，请问是{patient}吗？（确认是本人后）您近期需要复查：{examinations}。您什么时候方便来？我帮您预约，并说明检查前的准备。',
  },
  'script-second': {
    en: 'Hello, this is {caller} of {hospital}; we have tried to reach {patient} before. Am I speaking with {patient}? (Once that is clear:) Still to be done: {examinations}. Is anything in the way of coming: distance, cost, illness? Let us find a day.',
    zh: '您好，我是{hospital}的{caller}，之前联系过{patient}一次。请问是{patient}吗？（确认是本人后）还需要复查：{examinations}。是否有不便之处（路远、费用、身体不适）？我们一起定个日子。',
  },
  'script-third': {
    en: 'Hello, this is {caller} of {hospital}; we have tried to reach {patient} several times. Am I speaking with {patient}? (Once that is clear:) These examinations are important and still to be done: {examinations}. If they are done elsewhere, tell me where and when; if you do not want them, I will note it and your doctor will talk with you.',
    zh: '您好，我是{hospital}的{caller}，已多次联系{patient}。请问是{patient}吗？（确认是本人后）以下复查很重要，尚未完成：{examinations}。如已在外院检查，请告诉我时间和地点；如不愿检查，我会记录并请医生与您沟通。',
  },
  'script-relative': {
    en: 'Hello, this is {caller} of {hospital}. Are you the {relation} of {patient}? We would like to know how {patient} is doing, and have not reached {patient} ourselves. Could you ask {patient} to call us, or tell us how to reach {patient}?',
    zh: '您好，我是{hospital}的{caller}，请问您是{patient}的{relation}吗？我们想了解{patient}的近况，但一直没有联系上本人。能否请{patient}与我们联系，或告诉我们怎样联系？',
  },
  'script-gentle': {
    en: 'Hello, this is {caller} of {hospital}. We have not heard from {patient} for a long time and would like to ask how {patient} is. (Listen first. If {patient} has died, express your sympathy, ask for the date, and end the call; mention no examination.)',
    zh: '您好，我是{hospital}的{caller}。很久没有{patient}的消息，想问候一下{patient}的近况。（请先倾听。若得知{patient}已去世，请表示慰问，记下日期后结束通话，不再提复查。）',
  },
});
