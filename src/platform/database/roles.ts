/** The role of the application: it owns nothing, and sees the rows of the hospital that it has entered. */
export const APPLICATION_ROLE = 'nedwatch_app';

// A connection can be lost although neither end notices. The server then releases its locks after this time;
// otherwise one locked row could block all others for hours. No transaction computes for so long between two
// statements.
export const LET_GO_WHEN_IDLE = '-c idle_in_transaction_session_timeout=30s';
