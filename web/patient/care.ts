/** The roles that act on patients. */
export const CARE: readonly string[] = ['nurse', 'head_nurse', 'clinician'];

/** The roles that may take a patient's data with them. */
export const EXPORTERS: readonly string[] = ['head_nurse', 'clinician'];
