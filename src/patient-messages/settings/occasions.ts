/** The occasions of messages to patients. */
export const OCCASIONS = [
  'appointment_tomorrow',
  'due_soon',
  'overdue',
  'not_attended',
  'result_in_range',
  'call_announced',
] as const;
export type Occasion = (typeof OCCASIONS)[number];

const EVERYWHERE = ['patient', 'hospital', 'phone', 'examinations'] as const;

/** The words in braces that the text of each occasion may contain. */
export const PLACEHOLDERS = {
  appointment_tomorrow: [...EVERYWHERE, 'date', 'time', 'place'],
  due_soon: [...EVERYWHERE, 'date'],
  overdue: [...EVERYWHERE, 'date'],
  not_attended: [...EVERYWHERE, 'date'],
  result_in_range: [...EVERYWHERE, 'date'],
  call_announced: [...EVERYWHERE, 'caller'],
} as const satisfies Readonly<Record<Occasion, readonly string[]>>;

/** Further words in the text for a relative. */
export const RELATIVE_PLACEHOLDERS = ['relative', 'relation'] as const;

/** All placeholders, which a gateway's request may contain too. */
export const ALL_PLACEHOLDERS = [
  ...EVERYWHERE,
  ...['date', 'time', 'place', 'caller'],
  ...RELATIVE_PLACEHOLDERS,
] as const;
export type Placeholder = (typeof ALL_PLACEHOLDERS)[number] | (typeof PLACEHOLDERS)[Occasion][number];

/** What fills the placeholders of one message. */
export type MessageWords = Readonly<Record<Placeholder, string>>;
