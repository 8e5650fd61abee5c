/** Who the people around a patient are. */
export const RELATIONS = [
  'spouse',
  'son',
  'daughter',
  'son_in_law',
  'daughter_in_law',
  'father',
  'mother',
  'brother',
  'sister',
  'grandchild',
  'other_relative',
  'friend',
  'neighbour',
  'carer',
  'general_practitioner',
  'village_doctor',
  'other',
] as const;
export type Relation = (typeof RELATIONS)[number];

/** Doctors near the patient's home, whom the ladder tries in a step of their own. */
export const isDoctor = (relation: Relation): boolean =>
  relation === 'general_practitioner' || relation === 'village_doctor';
