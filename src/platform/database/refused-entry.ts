/**
 * The SQLSTATE of our own with which `hospital_entered` refuses a transaction: the hospital moves to another database, or
 * has moved.
 */
export const ENTRY_REFUSED = 'NW001';
