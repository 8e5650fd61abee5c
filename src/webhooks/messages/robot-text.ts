import type { Guideline, Text } from '../../guideline/guideline.js';
import { NEVER } from '../../guideline/planned-item.js';
import { activityTitle } from '../../guideline/vocabulary.js';

type Language = keyof Text;

/** The parts of a JSON message that a robot's text uses; other fields are ignored. */
interface MessagePayload {
  readonly type: string;
  readonly data: Readonly<Partial<Record<string, unknown>>>;
}

const STATUS_LABELS: Readonly<Record<string, Text>> = {
  upcoming: { zh: '即将到期', en: 'comes due soon' },
  due: { zh: '已到期', en: 'is due' },
  overdue: { zh: '已逾期', en: 'is overdue' },
  missed: { zh: '已错过', en: 'was missed' },
  completed: { zh: '已完成', en: 'is done' },
  cancelled: { zh: '已取消', en: 'is cancelled' },
};

const ESCALATIONS: Readonly<Record<string, Text>> = {
  responsible_nurse: {
    zh: '长期逾期，请责任护士处理',
    en: 'Late for long: the responsible nurse has to act',
  },
  head_nurse: { zh: '长期逾期，请护士长处理', en: 'Late for long: the head nurse has to act' },
};

// WeCom accepts 2,048 bytes.
const ITEMS_AT_MOST = 10;

/**
 * The text for a chat group, from the message `body` that other endpoints receive: no name, no phone, no number
 * except mrn.
 */
export function robotText(body: string, language: Language, guideline: Guideline | undefined): string {
  const { type, data } = JSON.parse(body) as MessagePayload;
  const say = (zh: string, en: string): string => (language === 'zh' ? zh : en);
  const title = say('nedwatch 随访提醒', 'nedwatch follow-up'); // robots may require a keyword
  if (type === 'endpoint.test')
    return [title, say('测试消息：机器人已接通', 'Test message: the robot is connected')].join('\n');
  if (type === 'endpoint.backlog')
    return [
      title,
      say(
        `现有 ${word(data.open)} 项待办（患者 ${word(data.patients)} 人）：逾期 ${word(data.overdue)}，到期 ${word(data.due)}，即将到期 ${word(data.upcoming)}。此后的提醒逐条发送。`,
        `${word(data.open)} items of ${word(data.patients)} patients are open: ${word(data.overdue)} overdue, ${word(data.due)} due, ${word(data.upcoming)} due soon. Reminders from now on follow one by one.`,
      ),
    ].join('\n');
  const patient = say(`病案号：${word(data.mrn)}`, `Patient: ${word(data.mrn)}`);
  const items = Array.isArray(data.items)
    ? (data.items as MessagePayload['data'][])
    : 'itemId' in data
      ? [data]
      : [];
  const lines = items.slice(0, ITEMS_AT_MOST).flatMap((item) => itemLines(type, item, language, guideline));
  const left = items.length - ITEMS_AT_MOST;
  if (left > 0) lines.push(say(`另有 ${left} 项`, `and ${left} more`));
  return [title, patient, ...(lines.length > 0 ? lines : [planLine(data, say)])].join('\n');
}

function itemLines(
  type: string,
  { itemId, activity, due, overdue, status, previousDue, completedOn, escalatedTo }: MessagePayload['data'],
  language: Language,
  guideline: Guideline | undefined,
): string[] {
  const say = (zh: string, en: string): string => (language === 'zh' ? zh : en);
  const code = word(activity);
  const name = guideline ? activityTitle(code, guideline)[language] : code;
  const moved = type === 'surveillance.item.rescheduled';
  const statusText = moved
    ? say('已改期', 'has been moved')
    : (STATUS_LABELS[word(status)]?.[language] ?? word(status));
  const dates =
    completedOn === undefined
      ? say(`应检日期：${word(due)}`, `Due: ${word(due)}`) +
        (moved ? say(`（原为 ${word(previousDue)}）`, ` (before: ${word(previousDue)})`) : '') +
        (overdue === NEVER
          ? say('，不设逾期', ', never late')
          : say(`，${word(overdue)} 起为逾期`, `, late from ${word(overdue)}`))
      : say(`完成日期：${word(completedOn)}`, `Done on: ${word(completedOn)}`);
  return [
    say(`检查：${name}，${statusText}`, `Examination: ${name} ${statusText}`),
    dates,
    ...(typeof escalatedTo === 'string' ? [ESCALATIONS[escalatedTo]?.[language] ?? escalatedTo] : []),
    say(`编号：${word(itemId)}`, `Item: ${word(itemId)}`),
  ];
}

function planLine(
  { added, moved, cancelled }: MessagePayload['data'],
  say: (zh: string, en: string) => string,
): string {
  const [more, others, fewer] = [word(added), word(moved), word(cancelled)];
  return say(
    `随访计划已更新：新增 ${more}，改期 ${others}，取消 ${fewer}`,
    `The plan was drawn up anew: ${more} added, ${others} moved, ${fewer} cancelled`,
  );
}

/** Escapes a text so that no robot parses a mention in it, such as <@all>. */
const word = (value: unknown): string => String(value).replaceAll('<', '＜').replaceAll('>', '＞');
