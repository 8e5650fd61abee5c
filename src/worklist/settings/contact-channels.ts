/** The ways in which a ward tries to reach a patient, from the telephone to the police station of the address. */
export const CONTACT_CHANNELS = [
  'telephone',
  'message',
  'wechat',
  'relative',
  'general_practitioner',
  'letter',
  'home_visit',
  'street_committee',
  'police_station',
] as const;
export type ContactChannel = (typeof CONTACT_CHANNELS)[number];
