import { createServer, type Server } from 'node:http';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';

export interface RogueProvider {
  readonly server: Server;
  readonly issuer: string;
  /** A token with these claims and nothing else. */
  readonly sign: (claims: object) => Promise<string>;
  /** The claims of the ID tokens from now on. */
  readonly giveIdToken: (claims: object) => void;
}

/** An identity provider with metadata that signs the claims of a test. */
export const rogueProvider = async (): Promise<RogueProvider> => {
  const { privateKey, publicKey } = await generateKeyPair('ES256');
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = `http://127.0.0.1:${(server.address() as { port: number }).port}`;
  const metadata = {
    ...{ issuer: address, jwks_uri: `${address}/keys`, authorization_endpoint: `${address}/a` },
    ...{ token_endpoint: `${address}/t`, response_types_supported: ['code'] },
    ...{ subject_types_supported: ['public'], id_token_signing_alg_values_supported: ['ES256'] },
  };
  const keys = { keys: [{ ...(await exportJWK(publicKey)), alg: 'ES256', kid: 'one' }] };
  const sign = (claims: object): Promise<string> =>
    new SignJWT({ ...claims }).setProtectedHeader({ alg: 'ES256', kid: 'one' }).sign(privateKey);
  let idClaims: object = {};
  const tokens = async (): Promise<object> => ({
    ...{ access_token: 'of a test', token_type: 'Bearer', id_token: await sign(idClaims) },
  });
  server.on('request', (request, response) => {
    response.setHeader('content-type', 'application/json');
    if (request.url === '/t') void tokens().then((body) => response.end(JSON.stringify(body)));
    else response.end(JSON.stringify(request.url === '/keys' ? keys : metadata));
  });
  return { server, issuer: address, sign, giveIdToken: (claims) => (idClaims = claims) };
};
