import { dictionary } from '../words/dictionary.js';
import type { ActKind } from './act.js';

const zh: Record<ActKind, string> = {
  book: '预约',
  complete: '录入结果',
  defer: '延期',
  decline: '患者拒绝',
  contact: '联系',
  owner: '交给',
};
const en: Record<ActKind, string> = {
  book: 'Book',
  complete: 'Result',
  defer: 'Defer',
  decline: 'Declined',
  contact: 'Contact',
  owner: 'Hand over',
};

/** The names of the acts, which every list shows. The words of their dialogs are loaded with the dialogs. */
export const actWords = dictionary(zh, en);
