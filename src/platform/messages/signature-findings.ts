import { texts } from '../../guideline/message.js';

/** Why the signature of a message is or is not valid at its receiver. Each key is the code of the finding. */
export const SIGNATURE_FINDING_MESSAGES = texts({
  'signature-verifies': { en: 'The signature is right.', zh: '签名正确。' },
  'signature-malformed': {
    en: 'There is no signature in the header: it is "v1,…" or "v1a,…" in base64, several apart by spaces. Hand over the header webhook-signature as it came.',
    zh: '请求头中没有签名：签名形如“v1,…”或“v1a,…”（base64），多个以空格分隔。请原样提交收到的 webhook-signature 请求头。',
  },
  'other-scheme': {
    en: 'The header has signatures of another scheme only: this endpoint is signed for with {scheme}. Compare the entry that begins with it.',
    zh: '请求头中只有另一种方案的签名：该接收地址使用 {scheme} 签名。请比对以它开头的一项。',
  },
  'previous-secret': {
    en: 'It was made with the secret before the last rotation, which signs no more. Use the present one.',
    zh: '签名用的是上次轮换之前的密钥，该密钥已不再使用。请使用当前密钥。',
  },
  'unknown-id': {
    en: 'No message of this webhook-id was sent to this endpoint, or its text is kept no more: look whether it was meant for another one, or for another system.',
    zh: '没有向该接收地址发送过此 webhook-id 的消息，或其正文已不再保存：请查看它是否发给了另一个接收地址或另一套系统。',
  },
  'timestamp-malformed': {
    en: 'webhook-timestamp is no whole number of seconds since 1970. Use the header as it came.',
    zh: 'webhook-timestamp 不是自 1970 年起的整数秒。请使用收到的原始请求头。',
  },
  'timestamp-old': {
    en: 'webhook-timestamp is more than five minutes from now, by this clock: a receiver should refuse such. For a message kept from earlier that is no fault; otherwise set the clocks.',
    zh: '按本机时钟，webhook-timestamp 与现在相差超过五分钟，接收方应予拒绝。如为先前保存的消息则属正常；否则请校准时钟。',
  },
  'body-rewritten': {
    en: 'The body says the same as what was sent, in other bytes (order, white space, escapes, line ends or a byte order mark): it was parsed and written anew. Verify the raw bytes of the request, before anything parses them.',
    zh: '正文内容与发送的相同，但字节不同（顺序、空白、转义、换行或字节顺序标记）：它被解析后重新写出。请在解析之前，用请求的原始字节验签。',
  },
  'body-differs': {
    en: 'The body is not the one that was sent with this webhook-id.',
    zh: '正文不是以此 webhook-id 发送的正文。',
  },
  'without-id-and-time': {
    en: 'It was computed without webhook-id and webhook-timestamp. Sign webhook-id, webhook-timestamp and the body, joined by full stops.',
    zh: '计算签名时缺少 webhook-id 和 webhook-timestamp。请对“webhook-id.webhook-timestamp.正文”（以英文句点连接）计算签名。',
  },
  'secret-not-decoded': {
    en: 'It was computed with the text of the secret. The key is what follows "whsec_", decoded from base64.',
    zh: '计算签名时直接用了密钥的文字。密钥应为“whsec_”之后的部分经 base64 解码的结果。',
  },
  'other-encoding': {
    en: 'The digest is right, but written in another way: write it in base64, with + and / and padding.',
    zh: '摘要正确，但编码方式不同：请用标准 base64（含 +、/ 和填充）。',
  },
  'unknown-key': {
    en: 'No secret of this endpoint made this signature for this message. Look whether the secret is that of another endpoint, or an older one.',
    zh: '该接收地址的任何密钥都不会对此消息得出这个签名。请查看所用的是否为另一个接收地址的密钥，或更早的密钥。',
  },
});
