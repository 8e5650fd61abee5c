/** Longer than an attempt and the record of its outcome; at most as long as a crash may delay a message. */
export const LEASE_MS = 60_000;
