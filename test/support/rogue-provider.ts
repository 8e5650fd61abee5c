import { createServer, type Server } from 'node:http';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';

/** A provider that describes itself and signs what a test says. */
export const rogueProvider = async (): Promise<{
  server: Server;
  issuer: string;
  sign: (claims: object) => Promise<string>;
}> => {
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
  server.on('request', (request, response) =>
    response
      .setHeader('content-type', 'application/json')
      .end(JSON.stringify(request.url === '/keys' ? keys : metadata)),
  );
  const sign = (claims: object) =>
    new SignJWT({ ...claims }).setProtectedHeader({ alg: 'ES256', kid: 'one' }).sign(privateKey);
  return { server, issuer: address, sign };
};
