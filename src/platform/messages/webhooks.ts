import { texts } from '../../guideline/message.js';

/** Webhook endpoints and their deliveries. */
export const WEBHOOK_MESSAGES = texts({
  'unverified-endpoint': {
    en: 'Nothing is sent there before POST /webhook-endpoints/{id}/verify has shown that the receiver understands.',
    zh: '在 POST /webhook-endpoints/{id}/verify 验证接收方之前，不向该地址发送任何内容。',
  },
  'paused-endpoint': {
    en: 'The endpoint is paused: its messages wait. Resume it first.',
    zh: '该接收地址已暂停，其消息在等待。请先恢复发送。',
  },
  'never-sent': {
    en: 'The newest message has the number {number}.',
    zh: '最新消息的序号为 {number}。',
  },
  'delivery-outdated': {
    en: 'This message no longer stands: {reason}.',
    zh: '此消息已不再有效：{reason}。',
  },
  'robot-without-signature': {
    en: 'A robot verifies no signature: try it with POST …/test.',
    zh: '群机器人不验签：请用 POST …/test 试发。',
  },
  'robot-without-challenge': {
    en: 'A robot cannot answer a challenge: try it with POST …/test.',
    zh: '群机器人无法应答质询：请用 POST …/test 试发。',
  },
  'not-verified': {
    en: 'The receiver could not be verified: {why}.',
    zh: '未能验证接收方：{why}。',
  },
  'challenge-not-repeated': {
    en: 'The receiver could not be verified: the answer does not repeat the challenge; a JSON object with it as the field challenge is awaited.',
    zh: '未能验证接收方：应答没有原样返回质询；应为含 challenge 字段的 JSON 对象。',
  },
  'not-a-bearer-token': { en: 'is not a Bearer token', zh: '不是 Bearer 令牌' },
  'thin-endpoint': {
    en: 'What it is told says nothing of who the patients are: register one with payload full or encrypted.',
    zh: '发往该地址的内容不含患者身份：请另行登记 payload 为 full 或 encrypted 的接收地址。',
  },
  'endpoint-beyond-limits': {
    en: 'This endpoint is told of patients whom you may not see: a caller who sees them has to do this.',
    zh: '该接收地址会收到您无权查看的患者的消息：须由有权查看这些患者的人员操作。',
  },
  'endpoint-limits-not-yours': {
    en: 'You see only your own patients: leave limits out, and the endpoint is told of them.',
    zh: '您只能查看自己负责的患者：请省略 limits，该接收地址即只收到这些患者的消息。',
  },
  'rotation-in-progress': {
    en: "The last rotation's old secret is valid until {until}: rotate after that.",
    zh: '上次轮换的旧密钥在 {until} 之前仍然有效：请在此之后再轮换。',
  },
  'secret-of-robot': {
    en: 'A robot has the secret that its vendor gave it: delete the endpoint and register it anew.',
    zh: '群机器人的密钥由其厂商给出：请删除该接收地址后重新登记。',
  },
  'too-many-endpoints': {
    en: 'The hospital has {limit} endpoints already: delete one that is no longer used.',
    zh: '本院已有 {limit} 个接收地址：请删除不再使用的。',
  },
  'address-not-allowed': {
    en: 'This address may not be told.',
    zh: '不允许向此地址发送。',
  },
  'private-address': {
    en: '{address} lies in a private network: the operator has to open it, with port {port}, by PATCH /hospitals/{id} first.',
    zh: '{address} 位于内网：须先由平台运营者用 PATCH /hospitals/{id} 开放该地址和端口 {port}。',
  },
  'forbidden-address': {
    en: 'Requests may not be sent to {address}.',
    zh: '不允许向 {address} 发送请求。',
  },
  'http-address': {
    en: 'must be an http:// or https:// address',
    zh: '须为 http:// 或 https:// 地址',
  },
  'endpoint-address': {
    en: 'must be an http:// or https:// address, or mllp:// or mllps:// for HL7 v2',
    zh: '须为 http:// 或 https:// 地址；HL7 v2 也可为 mllp:// 或 mllps://',
  },
  'mllp-address': {
    en: 'must be mllp://HOST:PORT or mllps://HOST:PORT',
    zh: '须为 mllp://主机:端口 或 mllps://主机:端口',
  },
  'mllp-needs-hl7': {
    en: 'Only HL7 v2 is sent over MLLP: give "format":"hl7-v2", or an https address.',
    zh: '只有 HL7 v2 经 MLLP 发送：请设 "format":"hl7-v2"，或填写 https 地址。',
  },
  'mllp-without-oauth2': {
    en: 'MLLP carries no token: show a certificate instead (tls).',
    zh: 'MLLP 不能携带令牌：请改用证书（tls）。',
  },
  'address-with-login': {
    en: 'must not carry a user name or password',
    zh: '不得含用户名或密码',
  },

  'robot-payload': {
    en: 'A robot says in a group what it is sent: thin.',
    zh: '群机器人会在群里说出收到的内容：只能用 thin。',
  },
  'robot-format': {
    en: 'A robot is sent words, in the way of its vendor.',
    zh: '发给群机器人的是文字，格式由其厂商规定。',
  },
  'robot-heartbeat': { en: 'A robot would say it in the group.', zh: '群机器人会把心跳说到群里。' },
  'robot-oauth2': { en: "A robot has its vendor's way.", zh: '群机器人使用其厂商规定的方式。' },
  'robot-rate': {
    en: 'A {kind} robot takes {limit} messages a minute.',
    zh: '{kind} 群机器人每分钟最多接收 {limit} 条消息。',
  },
  'robot-secret': {
    en: 'Only dingtalk and feishu have a signing secret.',
    zh: '只有 dingtalk（钉钉）和 feishu（飞书）有加签密钥。',
  },
  'robot-signature': {
    en: 'What a robot is sent is signed as its vendor says, or not at all.',
    zh: '发给群机器人的消息按其厂商的规定签名，或不签名。',
  },
  'not-sayable': {
    en: 'HL7 v2 has no message for a whole plan: leave it out, and read GET /events.',
    zh: 'HL7 v2 没有表示整份计划的消息：请去掉此项，改为读取 GET /events。',
  },
  'encrypted-json-only': {
    en: 'Only messages of format json can be encrypted.',
    zh: '只有 json 格式的消息可以加密。',
  },
  'full-needs-https': {
    en: 'Who the patients are is never sent unencrypted: give an https address, or choose encrypted.',
    zh: '患者身份绝不以明文发送：请填写 https 地址，或选择 encrypted。',
  },
  'tls-needs-https': {
    en: 'Nothing is encrypted at this address. Give an https or mllps address.',
    zh: '此地址不加密：请填写 https 或 mllps 地址。',
  },
  'certificate-and-key': { en: 'Certificate and key go together.', zh: '证书和私钥须一并提供。' },
  'not-a-certificate': {
    en: 'Not a certificate in PEM: {detail}.',
    zh: '不是 PEM 格式的证书：{detail}。',
  },
  'not-a-private-key': {
    en: 'Not a private key in PEM, or one with a passphrase: {detail}.',
    zh: '不是 PEM 格式的私钥，或私钥带有口令：{detail}。',
  },
  'key-mismatch': {
    en: 'This is not the key of the certificate.',
    zh: '私钥与证书不匹配。',
  },
  'certificate-expired': {
    en: 'The certificate ended on {date}.',
    zh: '证书已于 {date} 到期。',
  },
});
