import { MendableError } from '../platform/messages/mendable-error.js';

/** The command line is wrong; the message names what is allowed. */
export class BadUsage extends MendableError {}
