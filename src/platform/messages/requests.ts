import { texts } from '../../guideline/message.js';

/** Errors of a request before its call is known. */
export const REQUEST_MESSAGES = texts({
  'no-such-call': {
    en: 'There is no such call. See /api/docs.',
    zh: '没有这个接口，请查阅 /api/docs。',
  },
  'wrong-parameters': {
    en: 'The query parameters are not right: {faults}',
    zh: '查询参数有误：{faults}',
  },
  'unknown-parameter': {
    en: 'There is no query parameter {name}. This call takes {taken}.',
    zh: '没有查询参数 {name}。此接口可用的参数：{taken}。',
  },
  'no-parameters-taken': {
    en: 'There is no query parameter {name}. This call takes none.',
    zh: '没有查询参数 {name}。此接口不接受任何查询参数。',
  },
  'repeated-parameter': {
    en: '{name} stands {times} times in the address: give it once.',
    zh: '{name} 在地址中出现了 {times} 次：只能给出一次。',
  },
  'body-too-large': {
    en: 'The body is larger than this call takes.',
    zh: '请求正文超过了此接口允许的大小。',
  },
  'open-body-too-large': {
    en: 'The body has more than the {limit} bytes that a call without a credential takes.',
    zh: '请求正文超过无需凭据的接口所允许的 {limit} 字节。',
  },
  'too-many-values-in-body': {
    en: 'The body has more than {values} values, or one object in it more than {fields} fields: send several requests.',
    zh: '请求正文超过 {values} 个值，或其中一个对象超过 {fields} 个字段：请分多次提交。',
  },
  'unsupported-media-type': {
    en: 'Send application/json, or multipart/form-data for an import.',
    zh: '请发送 application/json；导入请用 multipart/form-data。',
  },
  'json-required': { en: 'Send application/json.', zh: '请发送 application/json。' },
  'not-json-utf8': { en: 'The body is not JSON in UTF-8.', zh: '请求正文不是 UTF-8 编码的 JSON。' },
  'not-json': { en: 'The body is not JSON.', zh: '请求正文不是 JSON。' },
  'empty-body': {
    en: 'The body is empty where JSON is expected.',
    zh: '请求正文为空，此处需要 JSON。',
  },
  'wrong-content-length': {
    en: 'The body is not as long as its Content-Length says.',
    zh: '请求正文的长度与 Content-Length 不符。',
  },
  'not-utf8': {
    en: 'The body is not UTF-8 (GBK?): send JSON in UTF-8.',
    zh: '请求正文不是 UTF-8 编码（可能是 GBK）：请发送 UTF-8 编码的 JSON。',
  },
  malformed: { en: 'The request is malformed: {detail}', zh: '请求格式有误：{detail}' },
  busy: {
    en: 'The database was too busy to answer in time. Nothing was changed; repeat the request in a few seconds.',
    zh: '数据库繁忙，未能及时应答。未作任何更改，请几秒后重新提交。',
  },
  'outcome-unknown': {
    en: 'The connection to the database was lost while the change was being saved. It may be saved. Repeat the request with the same Idempotency-Key, or read first what it was about.',
    zh: '保存更改时与数据库的连接中断，更改可能已经保存。请用相同的 Idempotency-Key 重新提交，或先查看相关数据。',
  },
  'hospital-moving': {
    en: 'This hospital is being moved to another database, or has been. Nothing was changed; repeat the request in a few seconds. If this answer stays, ask the operator for the new address.',
    zh: '本医院的数据正在迁往另一数据库，或已迁走。未作任何更改，请几秒后重新提交；若持续出现此提示，请向运维人员询问新地址。',
  },
  'busy-hospital': {
    en: 'Too many requests of this hospital came before this one. Nothing was changed; repeat the request in a few seconds.',
    zh: '本院排在前面的请求过多。未作任何更改，请几秒后重新提交。',
  },
  'too-many-waiting': {
    en: 'Too many requests of this key, person, address or hospital wait already: send fewer at a time, and this one again in a few seconds.',
    zh: '同一密钥、人员、地址或医院已有过多请求在排队：请减少同时发送的请求，几秒后重新提交本请求。',
  },
  'changed-meanwhile': {
    en: 'Somebody else changed the same thing at the same moment. Nothing was changed; repeat the request.',
    zh: '同一时刻有他人修改了同一内容。本次未作任何更改，请重新提交。',
  },
  'changed-since-read': {
    en: 'It was changed after you read it. Nothing was changed now: read it again, and repeat your change if it is still right.',
    zh: '您读取之后内容已被修改。本次未作任何更改：请重新读取，如仍需修改再提交。',
  },
  internal: {
    en: 'Something went wrong in nedwatch. Nothing was changed; the log has the cause.',
    zh: 'nedwatch 内部出错。未作任何更改，原因见日志。',
  },
  'address-too-long': {
    en: 'The address has more than {limit} characters.',
    zh: '请求地址超过 {limit} 个字符。',
  },
  'address-part-too-long': {
    en: 'A part of the address is too long.',
    zh: '请求地址中有一段过长。',
  },
  'address-malformed': {
    en: 'The address is not well-formed: look at its % signs.',
    zh: '请求地址格式有误：请检查其中的 % 编码。',
  },
  'too-many-headers': {
    en: 'There are more than {limit} header lines.',
    zh: '请求头超过 {limit} 行。',
  },
  'request-too-slow': {
    en: 'The request did not arrive in time.',
    zh: '请求未在规定时间内传完。',
  },
  'headers-too-large': {
    en: 'The header has more than {limit} bytes.',
    zh: '请求头超过 {limit} 字节。',
  },
  'not-audited': {
    en: 'What you asked for could not be put on record, so it is not answered. Try again.',
    zh: '本次请求未能写入审计记录，因此不予答复，请重试。',
  },
  'unknown-purpose': {
    en: 'X-Purpose says none of {purposes}. Without the header it is TREAT.',
    zh: 'X-Purpose 只能是 {purposes} 之一；不带此请求头时按 TREAT 处理。',
  },
  'not-http': { en: 'This is not HTTP.', zh: '这不是 HTTP 请求。' },
});
