import iconv from 'iconv-lite';
import { DateTime } from 'luxon';
import { acknowledge, type AcknowledgementCode } from '../../interop/hl7v2/acknowledgement.js';
import { encodingOf } from '../../interop/hl7v2/character-set.js';
import type { Language } from '../../guideline/guideline.js';
import { render } from '../../platform/messages/dictionary.js';
import type { Handled } from './hl7-messages.service.js';
import type { Header } from './reading/header.js';

/** What an answer needs besides the message. */
export interface AnswerContext {
  readonly language: Language;
  readonly now: Date;
  readonly timeZone: string;
  readonly controlId: string;
}

/**
 * The acknowledgement. In the enhanced mode (MSH-15 or MSH-16 say something) a sender that wants no application
 * acknowledgement gets CA or CE, everybody else AA, AE or AR. AR: the message could not be read at all.
 */
export function answerTo(handled: Handled, { language, now, timeZone, controlId }: AnswerContext): string {
  const { refusal } = handled.detail;
  const [fault] = refusal?.faults ?? [];
  const time = DateTime.fromJSDate(now, { zone: timeZone }).toFormat('yyyyMMddHHmmssZZZ');
  const reasons = refusal && (fault ? refusal.faults.map(({ message }) => message) : [refusal.text]);
  return acknowledge(handled.message?.header, {
    ...{ code: codeOf(handled), controlId, time },
    ...(reasons && { text: reasons.map((reason) => render(reason, language)).join(' ') }),
    ...(refusal && {
      error: { code: errorCodeOf(handled), ...(fault && { location: locationOf(fault.pointer) }) },
    }),
  });
}

/** The answer in the character set that the message declares; UTF-8 where it declares none that is known. */
export const answerBytes = (answer: string, header: Header | undefined): Buffer =>
  iconv.encode(answer, encodingOf(header?.characterSet ?? '') ?? 'utf-8');

function codeOf({ header, outcome, detail }: Handled): AcknowledgementCode {
  const wantsCommit = (header?.acceptAcknowledgement ?? 'NE') !== 'NE';
  const wantsApplication = (header?.applicationAcknowledgement ?? 'NE') !== 'NE';
  const isCommit = wantsCommit && !wantsApplication;
  if (outcome !== 'refused') return isCommit ? 'CA' : 'AA';
  if (header?.controlId === undefined || detail.refusal?.code === 'hl7-undecodable')
    return isCommit ? 'CR' : 'AR';
  return isCommit ? 'CE' : 'AE';
}

/** HL7 table 0357. */
function errorCodeOf({ detail }: Handled): string {
  const { refusal } = detail;
  if (refusal?.code === 'hl7-control-id-reused') return '205';
  return refusal?.faults.some(({ pointer }) => pointer.startsWith('/')) ? '101' : '207';
}

/** `/PID/3` is `PID^1^3`. */
function locationOf(pointer: string): string {
  const [, segment = '', field] = pointer.split('/');
  return /^[A-Z][A-Z0-9]{2}$/.test(segment)
    ? [segment, '1', ...(field === undefined ? [] : [field])].join('^')
    : '';
}
