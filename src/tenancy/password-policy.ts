/**
 * The rules for passwords. `asvs5` (OWASP ASVS 5.0): long, not a common one, never changed without cause. `mlps3`
 * (GB/T 22239 level 3): three kinds of characters, changed every 90 days, none of the last five.
 */
export const PASSWORD_POLICIES = ['asvs5', 'mlps3'] as const;
export type PasswordPolicy = (typeof PASSWORD_POLICIES)[number];
