import { texts } from '../../guideline/message.js';

/** Exports of all FHIR resources of a hospital. */
export const BULK_EXPORT_MESSAGES = texts({
  'bulk-export-not-found': {
    en: 'There is no export {id} of this caller: it was deleted, its time is over, or another caller began it. Begin one by GET /fhir/$export.',
    zh: '此调用方没有导出 {id}：可能已被删除、已过期，或由其他调用方发起。请用 GET /fhir/$export 重新开始。',
  },
  'bulk-export-in-progress': {
    en: 'An export of the hospital is running: wait until it has finished, or end it by DELETE at its Content-Location.',
    zh: '本院已有一项导出正在进行：请等待其完成，或对其 Content-Location 发送 DELETE 以终止。',
  },
  'too-many-bulk-exports': {
    en: '{limit} exports of the hospital wait to be fetched: delete one by DELETE at its Content-Location, or wait until its time is over.',
    zh: '本院已有 {limit} 项导出待取回：请对其中一项的 Content-Location 发送 DELETE，或等待其过期。',
  },
  'too-many-downloads': {
    en: 'The hospital fetches {limit} files at this moment: wait until one has ended.',
    zh: '本院正在取回 {limit} 个文件：请等待其中一个完成。',
  },
  'bulk-export-failed': {
    en: 'The export failed again and again, and has ended. Delete it and begin a new one; if it fails once more, inform the operator of the program.',
    zh: '此导出多次失败，已终止。请删除后重新开始；若再次失败，请联系程序运营者。',
  },
  'bulk-export-outdated': {
    en: 'A patient was erased since, so the content of this export was deleted. Delete the export and begin a new one.',
    zh: '导出后有患者的数据被删除，因此该导出的内容已清除。请删除此导出并重新开始。',
  },
  'type-not-allowed': {
    en: 'This caller may not read {types}. It may read: {readable}.',
    zh: '此调用方无权读取 {types}。可以读取：{readable}。',
  },
});
