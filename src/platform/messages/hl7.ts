import { texts } from '../../guideline/message.js';

/** HL7 v2 messages of the hospital's systems. */
export const HL7_MESSAGES = texts({
  'hl7-phone-left-out': {
    en: 'A phone number of PID-13 cannot be called, and was left out.',
    zh: 'PID-13 中有一个电话号码无法拨打，未录入。',
  },
  'hl7-identity-left-out': {
    en: 'An identity number of PID-3 is not valid, and was left out.',
    zh: 'PID-3 中有一个身份证件号码无效，未录入。',
  },
  'hl7-no-human': { en: 'PID-35 says that this is no human.', zh: 'PID-35 表明这不是人。' },
  'hl7-merged-record': {
    en: 'The record was merged into another one; nothing changed.',
    zh: '该记录已并入另一条记录；未作更改。',
  },
  'hl7-not-followed': {
    en: 'The patient is not in follow-up here. A patient is added by DG1 with a code of C18 to C20 and its date.',
    zh: '该患者不在本处随访。DG1 带有 C18 至 C20 的诊断代码及日期时，会加入随访。',
  },
  'hl7-nothing-followed': {
    en: 'The report has no value that the guideline of the hospital measures.',
    zh: '报告中没有本院指南所关注的检测值。',
  },
  'hl7-superseded': {
    en: 'A later version of this report was received before; nothing changed.',
    zh: '此前已收到该报告的更新版本；未作更改。',
  },
  'hl7-not-final': {
    en: 'The report has no final value yet.',
    zh: '报告尚无最终结果。',
  },
  'hl7-death-without-day': {
    en: 'The message says that the patient has died, but not on which day: record the death by hand.',
    zh: '消息称患者已去世，但没有日期：请人工录入死亡日期。',
  },
  'hl7-other-event': {
    en: 'Messages of this kind change nothing here.',
    zh: '此类消息在本系统中不产生更改。',
  },
  'hl7-number-required': {
    en: 'Send the number of the patient in PID-3.',
    zh: '请在 PID-3 中发送患者编号。',
  },
  'hl7-segment-required': { en: 'Send a segment {name}.', zh: '请发送 {name} 段。' },
  'hl7-day-required': {
    en: 'Send in OBR-7 the day on which the specimen was taken.',
    zh: '请在 OBR-7 中发送采样日期。',
  },
  'hl7-one-number': {
    en: 'OBX-5 of {code} has to be one number, with or without a comparator.',
    zh: '{code} 的 OBX-5 应为一个数值，可带比较符。',
  },
  'hl7-not-er7': {
    en: 'This is no HL7 v2 message: it has to begin with MSH and name its separators.',
    zh: '这不是 HL7 v2 消息：应以 MSH 开头并写明分隔符。',
  },
  'hl7-undecodable': {
    en: 'The text is not in the character set that MSH-18 names ({set}). Without MSH-18 it has to be UTF-8.',
    zh: '正文与 MSH-18 声明的字符集（{set}）不符。未声明时须为 UTF-8。',
  },
  'hl7-control-id-required': {
    en: 'Send a control id in MSH-10: without it a repeated message cannot be recognized.',
    zh: '请在 MSH-10 中发送消息控制号：没有它便无法识别重复消息。',
  },
  'hl7-type-required': {
    en: 'Send the type and event in MSH-9, such as ADT^A08.',
    zh: '请在 MSH-9 中发送消息类型和事件，如 ADT^A08。',
  },
  'hl7-too-long': { en: 'At most {limit} characters.', zh: '最多 {limit} 个字符。' },
  'hl7-control-id-reused': {
    en: 'Another message of this sender had the control id {controlId}: send each message with its own.',
    zh: '该发送方的另一条消息已使用控制号 {controlId}：每条消息须有各自的控制号。',
  },
  'hl7-whole-hospital-only': {
    en: 'HL7 messages concern the whole hospital: use a key that is not limited to departments or own patients.',
    zh: 'HL7 消息涉及全院：请使用不限科室、不限本人患者的密钥。',
  },
  'hl7-message-not-found': {
    en: 'There is no HL7 message {id}.',
    zh: '没有 HL7 消息 {id}。',
  },
  'hl7-sender-unknown': {
    en: 'No sender of the facility {facility} (MSH-6, else MSH-4) may send from this address with this certificate. Register it: POST /hl7v2-senders.',
    zh: '没有允许从此地址、以此证书发送的机构 {facility}（MSH-6，无则 MSH-4）的发送方。请登记：POST /hl7v2-senders。',
  },
  'hl7-frame-too-large': {
    en: 'The message is larger than {limit} bytes: send it without its document.',
    zh: '消息超过 {limit} 字节：请去掉其中的文档后发送。',
  },
  'hl7-facility-required': {
    en: 'Write the facility with visible characters, as MSH-6 has it.',
    zh: '请用可见字符填写机构，与 MSH-6 一致。',
  },
  'hl7-facility-taken': {
    en: 'The facility {facility} belongs to a sender already, perhaps a disabled one or one of another hospital. Choose another, and let the system write it in MSH-6.',
    zh: '机构 {facility} 已属于某个发送方（可能已停用，或属于其他医院）。请另选一个，并让该系统写入 MSH-6。',
  },
  'too-many-hl7-senders': {
    en: 'A hospital has at most {limit} senders, disabled ones included. Change one that exists.',
    zh: '每家医院最多 {limit} 个发送方（含已停用的）。请修改已有的发送方。',
  },
  'hl7-sender-not-found': { en: 'There is no HL7 sender {id}.', zh: '没有 HL7 发送方 {id}。' },
  'sha256-fingerprint': {
    en: 'Give the SHA-256 of the certificate as 64 hexadecimal digits, with or without colons: openssl x509 -noout -fingerprint -sha256 -in FILE',
    zh: '请以 64 位十六进制数（可含冒号）填写证书的 SHA-256：openssl x509 -noout -fingerprint -sha256 -in 文件',
  },
  'hl7-too-complex': {
    en: 'The message has too many segments (2,000), repetitions (10,000) or other separators (100,000): divide it.',
    zh: '消息的段（2,000）、重复（10,000）或其他分隔符（100,000）过多：请拆分后发送。',
  },
});
