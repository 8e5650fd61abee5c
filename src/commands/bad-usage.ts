/** The command line is wrong; the message says what is allowed. */
export class BadUsage extends Error {}
