import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '../../platform/config.js';
import type { OpenedNetwork } from '../../platform/outbound/outbound-address.js';
import { OutboundClient, within } from '../../platform/outbound/outbound-client.js';
import { answerText, clean } from '../../webhooks/sending/answer-text.js';
import { isOurs, isTimeout, reasonOf } from '../../webhooks/sending/attempt-errors.js';
import { redacted } from '../../webhooks/sending/redaction.js';
import { retryAfterMs } from '../../webhooks/sending/retry-schedule.js';
import { readAnswer } from '../gateways/gateway-answer.js';
import { gatewayRequest } from '../gateways/gateway-request.js';
import type { MessageClaim } from './message-claims.js';
import type { MessageResult } from './message-result.js';

const KEEP_CHARACTERS = 1000;

/** Sends messages through gateways. Never follows redirects, never connects to a forbidden address. */
@Injectable()
export class MessageSender {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly client: OutboundClient,
  ) {}

  /** Makes one attempt and returns its result. No action of the gateway makes it throw. */
  async send(
    { config, words }: Pick<MessageClaim, 'config' | 'words'>,
    networks: readonly OpenedNetwork[],
  ): Promise<MessageResult> {
    const started = performance.now();
    const leaving = { hasBegun: false };
    const elapsed = (): number => Math.round(performance.now() - started);
    const kept = (text: string): string =>
      redacted(withoutSecrets(text, config, words)).slice(0, KEEP_CHARACTERS);
    try {
      const request = gatewayRequest(config, words);
      const { status, headers, body, broken } = await within(this.config.webhookTimeoutMs, (signal) =>
        this.client.send({ ...request, networks, onLeaving: () => (leaving.hasBegun = true) }, signal),
      );
      const answer = answerText(body);
      const asked = one(headers['retry-after']);
      const read = readAnswer(config, { status, body: answer, asksToWait: asked !== undefined });
      // Where the body decides, a missing body is no answer.
      if (broken !== undefined && read.outcome !== 'accepted') throw broken;
      return {
        ...read,
        ...{ status, answer: kept(answer), error: read.error === null ? null : kept(read.error) },
        reference: read.reference === null ? null : clean(read.reference),
        ...{ durationMs: elapsed(), timedOut: false, ours: false },
        retryAfterMs: retryAfterMs(asked, one(headers['date'])),
      };
    } catch (error) {
      return {
        ...{ outcome: leaving.hasBegun ? 'unclear' : 'unreachable', isFinal: false, status: null },
        error: kept(reasonOf(error)),
        ...{ answer: null, reference: null, durationMs: elapsed() },
        ...{ timedOut: isTimeout(error), ours: isOurs(error), retryAfterMs: null },
      };
    }
  }
}

const HIDDEN = '***';

/** Removes from a text, such as an answer that repeats the request, credentials, number and text. */
function withoutSecrets(
  text: string,
  { headers, url }: MessageClaim['config'],
  { number = '', text: message = '', patient = '' }: MessageClaim['words'],
): string {
  const query = url.split('?')[1]?.split('&') ?? [];
  const values = query.map((pair) => pair.split('=')[1] ?? '').filter((value) => !value.includes('{'));
  return [...Object.values(headers), ...values, number, message, patient]
    .flatMap((value) => [value, encodeURIComponent(value), JSON.stringify(value).slice(1, -1)])
    .filter((value) => value.length >= 2 && value !== '{id}')
    .reduce((left, value) => left.replaceAll(value, HIDDEN), text);
}

const one = (header: string | string[] | undefined): string | undefined =>
  Array.isArray(header) ? header[0] : header;
