import { texts } from '../../guideline/message.js';

/** Messages to patients: templates, settings, the gateway and replies. */
export const PATIENT_MESSAGE_MESSAGES = texts({
  'template-placeholders': {
    en: 'The text of {occasion} may contain these words in braces, and no others: {known}.',
    zh: '“{occasion}”的文本中只能使用以下花括号占位符：{known}。',
  },
  'gateway-placeholders': {
    en: 'The request may contain these words in braces, and no others: {known}.',
    zh: '请求中只能使用以下花括号占位符：{known}。',
  },
  'gateway-needs-number-and-text': {
    en: 'Address and body together must contain {number} and one of {text}, {template}. Without them no message reaches the patient.',
    zh: '地址和正文合起来必须包含 {number}，以及 {text}、{template} 之一。否则消息无法送达患者。',
  },
  'gateway-needs-id': {
    en: 'Address, headers or body must contain {id}: by it the gateway recognises a repeated message.',
    zh: '地址、请求头或正文必须包含 {id}：网关据此识别重复的消息。',
  },
  'gateway-body-json': {
    en: 'The body is not JSON. Write each word in braces inside quotation marks, such as "{number}".',
    zh: '正文不是 JSON。请将每个花括号占位符放在引号内，例如 "{number}"。',
  },
  'gateway-path': {
    en: 'Name a field of the answer by its path, such as Code or Response.SendStatusSet[0].Code.',
    zh: '请用路径指明应答中的字段，例如 Code 或 Response.SendStatusSet[0].Code。',
  },
  'gateway-header': {
    en: 'The name of a header has letters, digits and hyphens; content-length, host and connection cannot be set.',
    zh: '请求头名称只能包含字母、数字和连字符；不能设置 content-length、host 和 connection。',
  },
  'gateway-get-body': {
    en: 'A GET request has no body: write the words in braces into the address, or use POST.',
    zh: 'GET 请求没有正文：请将占位符写入地址，或使用 POST。',
  },
  'messages-need-phone': {
    en: 'Give the number on which patients reach the ward: every message names it, so that patients can verify who writes.',
    zh: '请填写患者可以联系到科室的电话号码：每条消息都包含该号码，便于患者核实。',
  },
  'gateway-missing': {
    en: 'No gateway is set up. Call PUT /message-gateway first, or choose the route webhook.',
    zh: '尚未设置短信网关。请先调用 PUT /message-gateway，或选择 webhook 方式。',
  },
  'reply-in-future': {
    en: '{at} lies in the future. Check the clock of the sender.',
    zh: '{at} 晚于现在。请检查发送方的时钟。',
  },
  'message-not-found': { en: 'There is no message {id} in this hospital.', zh: '本院没有消息 {id}。' },
  'message-not-uncertain': {
    en: 'Only an uncertain message can be settled, and this one is {state}. Read it again: the gateway answered late, or another person settled it.',
    zh: '只能处理结果不明（uncertain）的消息，该消息的状态为 {state}。请重新读取：网关迟到应答，或已由他人处理。',
  },
  'reply-not-found': { en: 'There is no reply {id} in this hospital.', zh: '本院没有回复 {id}。' },
  'messages-not-sent': {
    en: 'Messages to patients are not sent: {detail}',
    zh: '发给患者的消息未能发送：{detail}',
  },

  'message-caller': { en: 'the follow-up nurse', zh: '随访护士' },
  'message-morning': { en: 'in the morning', zh: '上午' },
  'message-afternoon': { en: 'in the afternoon', zh: '下午' },
  'patient-message-appointment_tomorrow': {
    en: '{hospital}: {patient}, your appointment for {examinations} is tomorrow, {date} {time} {place}. Reply 1 to confirm, 2 to be called, TD to get no more messages. Tel. {phone}',
    zh: '【{hospital}】{patient}您好，您预约了明天（{date} {time}）在{place}做{examinations}。回复1确认，回复2请我们致电，回复TD退订。电话：{phone}',
  },
  'patient-message-due_soon': {
    en: '{hospital}: {patient}, your follow-up examination ({examinations}) is due on {date}. Reply 2 to be called for an appointment, TD to get no more messages. Tel. {phone}',
    zh: '【{hospital}】{patient}您好，您的复查（{examinations}）应于{date}进行。回复2我们将致电为您预约，回复TD退订。电话：{phone}',
  },
  'patient-message-overdue': {
    en: '{hospital}: {patient}, your follow-up examination ({examinations}) was due on {date} and is not recorded yet. Reply 2 to be called, TD to get no more messages. Tel. {phone}',
    zh: '【{hospital}】{patient}您好，您的复查（{examinations}）应于{date}进行，目前尚无记录。回复2我们将致电，回复TD退订。电话：{phone}',
  },
  'patient-message-not_attended': {
    en: '{hospital}: {patient}, we missed you at your appointment on {date} ({examinations}). Reply 2 to be called for another day, TD to get no more messages. Tel. {phone}',
    zh: '【{hospital}】{patient}您好，您{date}预约的{examinations}未到检。回复2我们将致电为您改约，回复TD退订。电话：{phone}',
  },
  'patient-message-result_in_range': {
    en: '{hospital}: {patient}, the values of your examination on {date} ({examinations}) are within the reference range. Please keep your next follow-up date. Tel. {phone}',
    zh: '【{hospital}】{patient}您好，您{date}的{examinations}结果均在参考范围内，请按计划进行下次复查。电话：{phone}',
  },
  'patient-message-call_announced': {
    en: '{hospital}: {patient}, {caller} will call you about your follow-up ({examinations}) from {phone}. Please take the call. Reply TD to get no more messages.',
    zh: '【{hospital}】{patient}您好，{caller}将用{phone}致电您，商量复查事宜（{examinations}），请您接听。回复TD退订。',
  },
  'relative-message-appointment_tomorrow': {
    en: '{hospital}: {relative}, {patient} (you are listed as {relation}) has an appointment for {examinations} tomorrow, {date} {time} {place}. Reply 1 to confirm, 2 to be called. Tel. {phone}',
    zh: '【{hospital}】{relative}您好，{patient}（您是其{relation}）预约了明天（{date} {time}）在{place}做{examinations}。回复1确认，回复2请我们致电。电话：{phone}',
  },
  'relative-message-due_soon': {
    en: '{hospital}: {relative}, the follow-up examination of {patient} ({examinations}) is due on {date}. You are listed as {relation}. Reply 2 to be called. Tel. {phone}',
    zh: '【{hospital}】{relative}您好，{patient}（您是其{relation}）的复查（{examinations}）应于{date}进行。回复2我们将致电。电话：{phone}',
  },
  'relative-message-overdue': {
    en: '{hospital}: {relative}, the follow-up examination of {patient} ({examinations}) was due on {date}. You are listed as {relation}. Reply 2 to be called. Tel. {phone}',
    zh: '【{hospital}】{relative}您好，{patient}（您是其{relation}）的复查（{examinations}）应于{date}进行，目前尚无记录。回复2我们将致电。电话：{phone}',
  },
  'relative-message-not_attended': {
    en: '{hospital}: {relative}, {patient} did not come to the appointment on {date} ({examinations}). You are listed as {relation}. Reply 2 to be called. Tel. {phone}',
    zh: '【{hospital}】{relative}您好，{patient}（您是其{relation}）{date}预约的{examinations}未到检。回复2我们将致电。电话：{phone}',
  },
  'relative-message-result_in_range': {
    en: '{hospital}: {relative}, the values of the examination of {patient} on {date} ({examinations}) are within the reference range. You are listed as {relation}. Tel. {phone}',
    zh: '【{hospital}】{relative}您好，{patient}（您是其{relation}）{date}的{examinations}结果均在参考范围内。电话：{phone}',
  },
  'relative-message-call_announced': {
    en: '{hospital}: {relative}, {caller} will call about the follow-up of {patient} ({examinations}) from {phone}. You are listed as {relation}. Please take the call.',
    zh: '【{hospital}】{relative}您好，{caller}将用{phone}致电您，商量{patient}（您是其{relation}）的复查事宜（{examinations}），请您接听。',
  },
});
