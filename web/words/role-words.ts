import type { Role } from '../../src/tenancy/caller.js';
import { dictionary } from './dictionary.js';

const zh: Record<Role, string> = {
  nurse: '护士',
  head_nurse: '护士长',
  clinician: '医生',
  hospital_admin: '医院管理员',
  auditor: '审计员',
  integration: '信息科（接口）',
  platform_operator: '平台运维',
};

const en: Record<Role, string> = {
  nurse: 'Nurse',
  head_nurse: 'Head nurse',
  clinician: 'Clinician',
  hospital_admin: 'Administrator',
  auditor: 'Auditor',
  integration: 'Hospital IT (interfaces)',
  platform_operator: 'Platform operator',
};

/** The names of the roles. */
export const roleWords = dictionary(zh, en);

/** The roles that a hospital gives to its people. */
export const HOSPITAL_ROLES: readonly Role[] = [
  ...(['nurse', 'head_nurse', 'clinician', 'hospital_admin', 'auditor', 'integration'] as const),
];
