import { Inject, Injectable } from '@nestjs/common';
import { AccessTokens } from './access-tokens.js';
import { answerText, clean } from './answer-text.js';
import { isOurs, isTimeout, reasonOf } from './attempt-errors.js';
import { exchangeFrames, isMllpAddress } from './mllp-exchange.js';
import { type Receiver, waysTo } from './receiver.js';
import { CONFIG, type Config } from '../../platform/config.js';
import { redacted } from './redaction.js';
import { OUR_WAY_OUT_WAIT_MS, retryAfterMs, type FailedAttempt } from './retry-schedule.js';
import {
  answerRefusal,
  CONTENT_TYPES,
  type MessageFormat,
  shownAnswer,
} from '../messages/message-formats.js';
import { type Robot, robotRefusal, robotRequest, withoutSecrets } from './group-robots.js';
import {
  type OutboundAnswer,
  OutboundClient,
  type OutboundRequest,
  within,
} from '../../platform/outbound/outbound-client.js';
import { signatureHeader, type SignedContent } from './webhook-signature.js';

const KEEP_CHARACTERS = 4000;

/**
 * The result of one attempt. Only an answer of 2xx is `accepted`; of a robot or in HL7 v2 its body must also accept
 * the message. A redirect is not followed, so it is `refused`.
 */
export interface AttemptResult extends FailedAttempt {
  readonly outcome: 'accepted' | 'refused' | 'unreachable';
  readonly error: string | null;
  /** The beginning of the receiver's answer. */
  readonly answer: string | null;
  readonly durationMs: number;
  /** When the receiver's certificate ends; null: none was seen. */
  readonly certificateUntil: Date | null;
}

/**
 * Sends signed webhooks, and texts of robots, over HTTP, and HL7 v2 over MLLP too. Never follows redirects, never connects to a forbidden
 * address.
 */
@Injectable()
export class WebhookSender {
  private readonly tokens: AccessTokens;

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly client: OutboundClient,
  ) {
    this.tokens = new AccessTokens(client);
  }

  /** Makes one attempt and returns its result. No action of the receiver makes it throw. */
  async send(receiver: Receiver, content: SignedContent): Promise<AttemptResult> {
    const kept = keeping(receiver);
    const started = performance.now();
    const elapsed = (): number => Math.round(performance.now() - started);
    try {
      const result = await within(this.config.webhookTimeoutMs, (signal) =>
        isMllpAddress(receiver.url)
          ? this.sendFrame(receiver, content, kept, signal)
          : this.sendRequest(receiver, content, kept, signal),
      );
      return { ...result, durationMs: elapsed() };
    } catch (error) {
      const timedOut = isTimeout(error);
      return {
        outcome: 'unreachable',
        status: null,
        error: kept(reasonOf(error), KEEP_CHARACTERS),
        answer: null,
        timedOut,
        retryAfterMs: null,
        ...(isOurs(error) && { ours: true, silentMs: OUR_WAY_OUT_WAIT_MS }),
        durationMs: elapsed(),
        certificateUntil: null,
      };
    }
  }

  private async sendRequest(
    receiver: Receiver,
    content: SignedContent,
    kept: Kept,
    signal: AbortSignal,
  ): Promise<Omit<AttemptResult, 'durationMs'>> {
    const { robot, format } = receiver;
    const response = await this.post(receiver, content, signal);
    const { broken, certificateUntil } = response;
    const answer = answerText(response.body);
    if (response.status === 401) this.tokens.forget(receiver);
    const checked = checkStatus(response, kept);
    const result = robot
      ? checkRobotAnswer(robot.kind, checked, answer)
      : checkAnswer(format, checked, answer, content.id, kept);
    // Where the body decides, a missing body is no answer.
    if (broken !== undefined && checked.outcome === 'accepted' && result.outcome === 'refused') throw broken;
    return { ...result, answer: kept(shownAnswer(format, answer), KEEP_CHARACTERS), certificateUntil };
  }

  /** The acknowledgement alone decides: a connection has no status and no headers. */
  private async sendFrame(
    receiver: Receiver,
    { id, body }: SignedContent,
    kept: Kept,
    signal: AbortSignal,
  ): Promise<Omit<AttemptResult, 'durationMs'>> {
    const acknowledged = await exchangeFrames(this.client, receiver, body, signal);
    const answer = answerText(acknowledged.answer);
    const refused = answerRefusal(receiver.format, answer, id);
    return {
      outcome: refused === null ? 'accepted' : 'refused',
      error: refused === null ? null : kept(`answered ${refused}`, KEEP_CHARACTERS),
      ...{ status: null, timedOut: false, retryAfterMs: null },
      answer: kept(shownAnswer(receiver.format, answer), KEEP_CHARACTERS),
      certificateUntil: acknowledged.certificateUntil,
    };
  }

  private async post(
    receiver: Receiver,
    content: SignedContent,
    signal: AbortSignal,
  ): Promise<OutboundAnswer> {
    const { url: address, format, secrets, robot } = receiver;
    const { timestamp } = content;
    const { url, body, headers } = robot
      ? {
          ...robotRequest(robot.kind, {
            url: address,
            secret: secrets[0] ?? '',
            text: robot.text,
            timestamp,
          }),
          headers: {},
        }
      : {
          url: address,
          body: content.body,
          headers: {
            'content-type': CONTENT_TYPES[format],
            'webhook-id': content.id,
            'webhook-timestamp': String(timestamp),
            'webhook-signature': signatureHeader(content, secrets),
          },
        };
    const token = await this.tokens.get(receiver, signal);
    const sent: OutboundRequest = {
      ...{ ...waysTo(receiver), url, method: 'POST', body },
      headers: {
        ...{ 'content-type': 'application/json', 'user-agent': 'nedwatch' },
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
        ...headers,
      },
    };
    return this.client.send(sent, signal);
  }
}

type CheckedAnswer = Omit<AttemptResult, 'answer' | 'durationMs' | 'certificateUntil'>;

/** The part of a text that is stored: it neither identifies a patient nor contains a robot's credentials. */
type Kept = (text: string, characters: number) => string;

function keeping({ robot, url, secrets }: Receiver): Kept {
  const shown = (text: string): string =>
    robot ? withoutSecrets(robot.kind, url, secrets[0] ?? '', text) : text;
  return (text, characters) => redacted(shown(text)).slice(0, characters); // redacted before it is cut, because a cut could leave half a key
}

function checkStatus({ status, headers }: OutboundAnswer, kept: Kept): CheckedAnswer {
  const accepted = status >= 200 && status < 300;
  return {
    outcome: accepted ? 'accepted' : 'refused',
    status,
    error: accepted ? null : refusal(status, one(headers.location), kept),
    timedOut: false,
    retryAfterMs: retryAfterMs(one(headers['retry-after']), one(headers.date)),
  };
}

/** Where the format has acknowledgements of its own, 2xx alone does not mean that the message was accepted. */
function checkAnswer(
  format: MessageFormat,
  checked: CheckedAnswer,
  answer: string,
  id: string,
  kept: Kept,
): CheckedAnswer {
  const refused = answerRefusal(format, answer, id);
  if (refused === null) return checked;
  const error =
    checked.error === null ? `answered ${checked.status} ${refused}` : `${checked.error}, ${refused}`;
  return { ...checked, outcome: 'refused', error: kept(error, KEEP_CHARACTERS) };
}

/** The body of a robot's answer takes precedence over its status. */
function checkRobotAnswer(robot: Robot, checked: CheckedAnswer, answer: string): CheckedAnswer {
  const refused = robotRefusal(robot, checked.status ?? 0, answer);
  if (!refused) return checked;
  const { silentMs } = refused;
  return {
    ...checked,
    outcome: 'refused',
    error: checked.error ?? refused.error,
    ...(silentMs === null
      ? {}
      : { silentMs, retryAfterMs: Math.max(silentMs, checked.retryAfterMs ?? 0), error: refused.error }),
  };
}

function refusal(status: number, location: string | undefined, kept: Kept): string {
  if (status < 300 || status > 399 || location === undefined) return `answered ${status}`;
  return `answered ${status}: redirects are not followed (to ${kept(clean(location), 200)})`;
}

const one = (header: string | string[] | undefined): string | undefined =>
  Array.isArray(header) ? header[0] : header;
