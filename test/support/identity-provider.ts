import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

export const CLIENT_SECRET = 'a-secret-of-the-client-of-32-characters';

const ACCOUNTS = {
  alice: { name: '爱丽丝', preferred_username: 'alice', groups: ['oncology-nurses'] },
  boris: { name: 'Boris', preferred_username: 'boris', groups: ['oncology-doctors', 'oncology-nurses'] },
  clara: { name: 'Clara', preferred_username: 'clara', groups: ['cleaning'] },
  lead: { name: 'Lead', preferred_username: 'lead', groups: ['oncology-doctors'] },
  linked: { name: 'Somebody there', preferred_username: 'linked', groups: [] },
  twin: { name: 'Namesake', preferred_username: 'namesake', groups: ['oncology-nurses'] },
};

export interface IdentityProvider {
  readonly issuer: string;
  readonly stop: () => void;
}

/** Starts an OpenID provider of its own with a client for the program at `base`, as the provider `hospital`. */
export async function startIdentityProvider(base: string): Promise<IdentityProvider> {
  const client = {
    ...{ client_id: 'nedwatch', client_secret: CLIENT_SECRET, response_types: ['code'] },
    redirect_uris: [`${base}/api/v1/sso/nedwatch/hospital/callback`],
    backchannel_logout_uri: `${base}/api/v1/sso/nedwatch/hospital/logout`,
    backchannel_logout_session_required: true,
  };
  const started = spawn(process.execPath, [
    join(import.meta.dirname, 'identity-provider.mjs'),
    JSON.stringify({ accounts: ACCOUNTS, client }),
  ]);
  const issuer = await new Promise<string>((resolve, reject) => {
    started.on('exit', () => reject(new Error('The identity provider does not start.')));
    createInterface({ input: started.stdout }).once('line', resolve);
  });
  return { issuer, stop: () => void started.kill() };
}
