/** A text of the hospital in both languages. */
export interface Both {
  readonly zh: string;
  readonly en: string;
}

export const EMPTY: Both = { zh: '', en: '' };

/** What is sent: null where both are empty. */
export const bothOrNull = ({ zh, en }: Both): Both | null =>
  zh.trim() === '' && en.trim() === '' ? null : { zh: zh.trim(), en: en.trim() };

/** Whether one language is missing: a reader of that language would see nothing. */
export const isHalf = ({ zh, en }: Both): boolean => (zh.trim() === '') !== (en.trim() === '');
