import { columnNames, type TableDeclaration } from '../encryption/table-declaration.js';
import { clientSecretContext, totpContext } from './secret-contexts.js';

export const ACCOUNTS_TABLES: readonly TableDeclaration[] = [
  {
    table: 'person',
    notAboutPatients: 'The people who work with the program.',
    columns: columnNames(`
      id hospital_id login name roles departments own_patients_only language state password_hash
      password_changed_at former_passwords setup_hash setup_expires_at setup_by totp_secret
      totp_confirmed_at totp_last_step recovery_hashes addresses expires_at created_by created_at
    `),
    underMasterKey: { column: 'totp_secret', row: 'id', contextOf: totpContext },
  },
  {
    table: 'person_identity',
    notAboutPatients: 'Accounts of the people who work with the program at a sign-on provider.',
    columns: columnNames('hospital_id provider_id subject person_id roles_from_claims linked_by'),
  },
  {
    table: 'session',
    notAboutPatients: 'Sessions of the people who work with the program.',
    columns: columnNames(`
      id hospital_id person_id token_hash kind address device started_at last_seen_at expires_at
      ended_at provider_id provider_session stepped_up_at second_factor
    `),
  },
  {
    table: 'known_device',
    notAboutPatients: 'Devices of the people who work with the program.',
    columns: columnNames('hospital_id token_hash person_id last_used_at'),
  },
  {
    table: 'sign_in_attempt',
    notAboutPatients: 'Failed sign-ins, counted.',
    columns: columnNames('hospital_id counted failures last_at blocked_until'),
  },
  {
    table: 'api_key',
    notAboutPatients: 'API keys and their limits.',
    columns: columnNames(`
      id hospital_id name key_hash key_set last_four roles scopes departments addresses created_at created_by
      granted_by expires_at revoked_at last_used_at
    `),
  },
  {
    table: 'access_token',
    notAboutPatients: 'Access tokens of machines, and the assertions that were used once.',
    columns: columnNames(
      'hospital_id api_key_id assertion token_hash scopes resources expires_at kept_until',
    ),
  },
  {
    table: 'sso_provider',
    notAboutPatients: 'Sign-on providers of a hospital.',
    columns: columnNames(`
      id hospital_id code name issuer client_id client_secret role_claim role_map auto_create enabled
      revision second_factor_trusted created_by created_at
    `),
    underMasterKey: {
      column: 'client_secret',
      row: 'id',
      contextOf: ({ id }) => clientSecretContext(id),
    },
  },
  {
    table: 'sso_logout',
    notAboutPatients: 'Logout tokens of sign-on providers that were used once.',
    columns: columnNames('hospital_id provider_id token_id taken_at'),
  },
];
