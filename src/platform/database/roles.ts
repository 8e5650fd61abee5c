/** What the application works as: it owns nothing, and sees the rows of the hospital that it has entered. */
export const APPLICATION_ROLE = 'nedwatch_app';

// A connection can be lost without either end being told. What the program held in it, the server then lets go of, or one
// locked row would keep all others waiting for hours. No transaction computes for so long between two statements.
export const LET_GO_WHEN_IDLE = '-c idle_in_transaction_session_timeout=30s';
