// A machine that signs in with a private key of its own (SMART backend services), without a library.
//
//   node samples/smart/client.mjs keys                            makes private-key.pem, prints the public keys to register
//   node samples/smart/client.mjs token SERVER CLIENT_ID SCOPES   prints an access token of five minutes
//   node samples/smart/client.mjs cds SERVER CLIENT_ID SERVICE    prints a token for one call of CDS Hooks
import { createPrivateKey, generateKeyPairSync, randomUUID, sign } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';

const KEY_FILE = 'private-key.pem';
const KEY_ID = 'key-1';

function makeKeys() {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-384' });
  writeFileSync(KEY_FILE, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600, flag: 'wx' });
  return JSON.stringify({ keys: [{ ...publicKey.export({ format: 'jwk' }), kid: KEY_ID }] });
}

/** A JSON Web Token that is valid for two minutes and once. */
function signed(claims) {
  const now = Math.floor(Date.now() / 1000);
  const encoded = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const header = { alg: 'ES384', kid: KEY_ID, typ: 'JWT' };
  const content = `${encoded(header)}.${encoded({ iat: now, exp: now + 120, jti: randomUUID(), ...claims })}`;
  const key = { key: createPrivateKey(readFileSync(KEY_FILE)), dsaEncoding: 'ieee-p1363' };
  return `${content}.${sign('sha384', Buffer.from(content), key).toString('base64url')}`;
}

async function token(server, clientId, scope) {
  const configuration = await fetch(`${server}/fhir/.well-known/smart-configuration`);
  const { token_endpoint: endpoint } = await configuration.json();
  const answer = await fetch(endpoint, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: signed({ iss: clientId, sub: clientId, aud: endpoint }),
      scope,
    }),
  });
  const body = await answer.json();
  if (!answer.ok) throw new Error(`${body.error}: ${body.error_description}`);
  return body.access_token;
}

const [command, server, clientId, last] = process.argv.slice(2);
if (command === 'keys') console.log(makeKeys());
else if (command === 'token') console.log(await token(server, clientId, last));
else if (command === 'cds') console.log(signed({ iss: clientId, aud: `${server}/cds-services/${last}` }));
else throw new Error('Say keys, token or cds.');
