import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Server } from 'node:https';
import { clearInterval, setInterval } from 'node:timers';
import { Logger } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Message } from '../../guideline/message.js';
import { msg } from '../messages/dictionary.js';
import { MendableError } from '../messages/mendable-error.js';

/** PEM: the certificate with its intermediate certificates, and its private key. */
export interface CertificateAndKey {
  readonly cert: string;
  readonly key: string;
}

interface Files {
  readonly certificateFile: string;
  readonly keyFile: string;
}

/** The beginning of the names of the variables that name the files. */
type Variables = 'NEDWATCH_TLS' | 'NEDWATCH_MLLP_TLS';

/** The files do not contain a certificate with its key. The text names the variable. */
export class BadCertificate extends MendableError {}

// Renewed certificates are served within half a minute.
export const LOOK_EVERY_MS = 30_000;

/** The certificate with which the program itself serves HTTPS. It follows its files: a renewal needs no restart. */
export class OwnCertificate {
  private refused: string | undefined;

  private constructor(
    private readonly files: Files,
    private readonly variables: Variables,
    private served: CertificateAndKey,
  ) {}

  /** Throws `BadCertificate` when the files do not contain a certificate with its key. */
  static read(files: Files, variables: Variables = 'NEDWATCH_TLS'): OwnCertificate {
    return new OwnCertificate(files, variables, certificateIn(files, variables));
  }

  get current(): CertificateAndKey {
    return this.served;
  }

  /**
   * Serves changed files to new connections. Files that cannot be served, such as a new certificate whose key is
   * still missing, are logged once, and the earlier certificate stays.
   */
  refresh(server: Pick<Server, 'setSecureContext'>, log: Pick<Logger, 'log' | 'error'>): void {
    try {
      const found = certificateIn(this.files, this.variables);
      this.refused = undefined;
      if (found.cert === this.served.cert && found.key === this.served.key) return;
      server.setSecureContext(found);
      this.served = found;
      log.log(`The certificate was renewed: ${describe(found)}.`);
    } catch (error) {
      const why = (error as Error).message;
      if (why !== this.refused) log.error(`${why}\nThe certificate read before is served on.`);
      this.refused = why;
    }
  }

  /** Checks the files periodically until the application closes. */
  follow(app: NestFastifyApplication): void {
    const log = new Logger('Certificate');
    const fastify = app.getHttpAdapter().getInstance();
    const server = fastify.server as unknown as Server;
    log.log(`HTTPS with ${describe(this.served)}.`);
    const timer = setInterval(() => this.refresh(server, log), LOOK_EVERY_MS).unref();
    fastify.addHook('onClose', (_instance, done) => {
      clearInterval(timer);
      done();
    });
  }
}

const describe = ({ cert }: CertificateAndKey): string => {
  const { subject, subjectAltName, validTo } = new X509Certificate(cert);
  return `the certificate of ${subjectAltName ?? subject}, valid until ${validTo}`;
};

function certificateIn({ certificateFile, keyFile }: Files, variables: Variables): CertificateAndKey {
  const [certVariable, keyVariable] = [`${variables}_CERT`, `${variables}_KEY`];
  const cert = textOf(certVariable, certificateFile);
  const key = textOf(keyVariable, keyFile);
  const certificate = parsed(
    certVariable,
    (detail) => msg('certificate-not-pem', { file: certificateFile, detail }),
    () => new X509Certificate(cert),
  );
  const privateKey = parsed(
    keyVariable,
    (detail) => msg('certificate-key-not-pem', { file: keyFile, detail }),
    () => createPrivateKey(key),
  );
  if (!certificate.checkPrivateKey(privateKey))
    throw bad(keyVariable, msg('certificate-key-other', { file: keyFile, certificate: certificateFile }));
  return { cert, key };
}

function textOf(variable: string, file: string): string {
  const unreadable = (detail: string): Message => msg('certificate-unreadable', { file, detail });
  return parsed(variable, unreadable, () => readFileSync(file, 'utf8'));
}

function parsed<T>(variable: string, fault: (detail: string) => Message, parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    throw bad(variable, fault((error as Error).message));
  }
}

const bad = (variable: string, fault: Message): BadCertificate =>
  new BadCertificate(msg('bad-certificate', { variable, fault }));
