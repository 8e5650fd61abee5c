import { texts } from '../../guideline/message.js';

/** Results of the verification of the audit trail. */
export const AUDIT_TRAIL_MESSAGES = texts({
  'audit-usage': {
    en: 'audit: verify, export or reseal?',
    zh: 'audit：请用 verify、export 或 reseal。',
  },
  'not-an-instant-option': {
    en: '--{option}: {given} is no instant, such as 2026-11-01T00:00:00Z.',
    zh: '--{option}：{given} 不是时刻，例如 2026-11-01T00:00:00Z。',
  },
  'reseal-reason': { en: 'audit reseal: --reason?', zh: 'audit reseal：请用 --reason 写明理由。' },
  'anchored-only': {
    en: 'hospital {id}: anchored, but neither it nor its trail is in the database: it was removed, or another program wrote to the anchor file; "bin/nedwatch audit reseal" accepts that',
    zh: '医院 {id}：有锚定记录，但数据库中没有该医院及其审计记录：已被移除，或别的程序写入了锚文件；可用 bin/nedwatch audit reseal 予以接受',
  },
  'trail-whole': {
    en: 'hospital {id}: {rows} rows in {batches} batches, {waiting} not sealed yet: whole',
    zh: '医院 {id}：{batches} 批共 {rows} 条，{waiting} 条尚未封存：完整',
  },
  'trail-not-whole': {
    en: 'hospital {id}: {rows} rows in {batches} batches, {waiting} not sealed yet: NOT WHOLE',
    zh: '医院 {id}：{batches} 批共 {rows} 条，{waiting} 条尚未封存：不完整！',
  },
  'anchor-empty': {
    en: 'anchor: {lines} lines, nothing is anchored yet; public key (ed25519) {key}',
    zh: '锚文件：{lines} 行，尚无锚定；公钥（ed25519）{key}',
  },
  'anchor-newest': {
    en: 'anchor: {lines} lines, newest {newest}; public key (ed25519) {key}',
    zh: '锚文件：{lines} 行，最近一次 {newest}；公钥（ed25519）{key}',
  },
  'no-anchor-key': { en: 'none', zh: '无' },
  'begins-anew': {
    en: 'hospital {id}: begins anew after batch {batch}',
    zh: '医院 {id}：自第 {batch} 批之后重新开始',
  },
  'nothing-to-reseal': {
    en: 'Every trail is as it was anchored: there is nothing to reseal.',
    zh: '各医院的审计记录均与锚定时一致，无须重新接受。',
  },

  'and-more': { en: 'and {count} more', zh: '另有 {count} 处' },
  'batch-slipped-in': {
    en: 'batch {batch}: no batch has this number: it was slipped in',
    zh: '第 {batch} 批：不应有此编号，系插入',
  },
  'batches-missing': {
    en: 'batch {batch}: {count} batches before it are missing',
    zh: '第 {batch} 批：其前缺少 {count} 批',
  },
  'batch-does-not-follow': {
    en: 'batch {batch}: it does not follow from the batch before it, which was written anew',
    zh: '第 {batch} 批：与前一批不相衔接，前一批被重写',
  },
  'seal-changed': {
    en: 'batch {batch}: the seal itself was changed',
    zh: '第 {batch} 批：封印本身被改动',
  },
  'chain-rewritten': {
    en: 'batch {batch}: differs from what line {line} of the anchor file remembers: the chain was rewritten',
    zh: '第 {batch} 批：与锚文件第 {line} 行的记录不符，链条被重写',
  },
  'row-removed': {
    en: 'batch {batch}, row {id} of {at}: removed',
    zh: '第 {batch} 批，{at} 的条目 {id}：被删除',
  },
  'row-changed': {
    en: 'batch {batch}, row {id} of {at}: changed',
    zh: '第 {batch} 批，{at} 的条目 {id}：被改动',
  },
  'end-cut-off': {
    en: 'the trail ends with batch {end}, but line {line} of the anchor file remembers batch {remembered}: its end was cut off',
    zh: '审计记录止于第 {end} 批，但锚文件第 {line} 行记有第 {remembered} 批：末尾被截去',
  },
  'row-removed-unsealed': {
    en: 'row {id}: removed before it was sealed',
    zh: '条目 {id}：封存之前被删除',
  },
  'row-slipped-in': {
    en: 'row {id}: never sealed, and not waiting to be: it was slipped in',
    zh: '条目 {id}：从未封存，也不在待封存之列，系插入',
  },
  'anchor-not-signed': {
    en: 'anchor line {line}: its signature is not of this key',
    zh: '锚文件第 {line} 行：其签名不是用此密钥所作',
  },
  'anchor-line-before': {
    en: 'anchor line {line}: the line before it was changed or removed',
    zh: '锚文件第 {line} 行：其前一行被改动或删除',
  },
  'anchor-key-missing': {
    en: 'the key that signed the anchor file is missing: no line of it can be verified',
    zh: '缺少签署锚文件的密钥：其中任何一行都无法核验',
  },
  'anchor-broken-off': {
    en: 'anchor line {line}: broken off while it was written, or garbled since',
    zh: '锚文件第 {line} 行：写入时中断，或其后损坏',
  },
  'anchor-begins-anew': {
    en: 'anchor line {line}: hospital {id} begins anew after batch {batch}: {reason}',
    zh: '锚文件第 {line} 行：医院 {id} 自第 {batch} 批之后重新开始：{reason}',
  },
  'anchor-contradicted': {
    en: 'anchor line {line}: batch {batch} of hospital {id} is another one than in line {earlier}: the chain was rewritten in between',
    zh: '锚文件第 {line} 行：医院 {id} 的第 {batch} 批与第 {earlier} 行所记不同：其间链条被重写',
  },
  'anchor-accepted': {
    en: 'anchor line {line}: lines 1 to {lines} are accepted as they are: {reason}',
    zh: '锚文件第 {line} 行：第 1 至 {lines} 行按现状予以接受：{reason}',
  },
  'anchor-accepted-changed': {
    en: 'anchor line {line}: lines 1 to {lines} were changed since they were accepted here',
    zh: '锚文件第 {line} 行：第 1 至 {lines} 行在此处被接受之后又被改动',
  },
  'anchor-may-be-accepted': {
    en: 'anchor: once you know why, "bin/nedwatch audit reseal" accepts these lines as they are',
    zh: '锚文件：查明原因后，可用 bin/nedwatch audit reseal 按现状接受这些行',
  },
  'anchor-lines-accepted': {
    en: 'anchor: lines 1 to {lines} are accepted as they are',
    zh: '锚文件：第 1 至 {lines} 行按现状予以接受',
  },
  'foreign-trail': {
    en: 'hospital {id}: is not in the database; what was anchored of it counts no longer',
    zh: '医院 {id}：不在数据库中；其锚定记录不再计入',
  },
});
