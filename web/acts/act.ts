import type { ItemOfRow, Row } from '../calls/lists.js';

/** What a nurse does about a patient, each by one key. */
export const ACT_KEYS = {
  book: 'b',
  complete: 'r',
  defer: 's',
  decline: 'd',
  contact: 'c',
  owner: 'a',
} as const;
export type ActKind = keyof typeof ACT_KEYS;
/** Acts that only clinicians do, from the page of a patient; lists do not offer them. */
export type ClinicalActKind = 'contraindicate';
export const ACT_KINDS = Object.keys(ACT_KEYS) as readonly ActKind[];

/** What an act needs to know of an item. */
export type ItemOfAct = Pick<ItemOfRow, 'id' | 'etag' | 'activity' | 'due' | 'inList'>;

/** A patient with the open items that an act can be about. */
export interface ActTarget {
  readonly patientId: string;
  readonly name: string | null;
  readonly mrn: string;
  readonly nurseId: string | null;
  readonly items: readonly ItemOfAct[];
}

export const targetOf = ({ patient, items }: Row): ActTarget => ({
  patientId: patient.id,
  name: patient.name,
  mrn: patient.mrn,
  nurseId: patient.nurse?.personId ?? null,
  items,
});

/** The items that an act is first proposed for: those that put the patient on the list. */
export const proposedItems = ({ items }: ActTarget): readonly ItemOfAct[] => {
  const inList = items.filter((item) => item.inList);
  return inList.length > 0 ? inList : items;
};

/** What was done, for the page that shows the patients. */
export interface ActDone {
  readonly patientIds: readonly string[];
  /** `已预约 2026-11-05` */
  readonly text: string;
  /** What the items are now, if the answer shows it: the next act concerns this state. */
  readonly items?: readonly ItemNow[] | undefined;
}

/** What an act changes of an item in a list. An act on many rows says no more than the `ETag` for the next act. */
export type ItemNow = Pick<ItemOfRow, 'id' | 'etag'> &
  Partial<Pick<ItemOfRow, 'step' | 'stepOn' | 'stepUntil'>>;
