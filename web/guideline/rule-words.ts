import { dictionary } from '../words/dictionary.js';
import type { PeriodParts, Unit } from './period.js';

const ZH_UNITS: Readonly<Record<Unit, string>> = { Y: '年', M: '个月', W: '周', D: '天' };
const EN_UNITS: Readonly<Record<Unit, string>> = { Y: 'year', M: 'month', W: 'week', D: 'day' };

const zhPeriod = (parts: PeriodParts): string =>
  parts
    .map(
      ([count, unit], place) =>
        `${place === 0 ? '' : count < 0 ? '减' : '加'}${Math.abs(count)} ${ZH_UNITS[unit]}`,
    )
    .join('');

const enPeriod = (parts: PeriodParts): string =>
  parts
    .map(([count, unit], place) => {
      const sign = place === 0 ? '' : count < 0 ? ' − ' : ' + ';
      return `${sign}${Math.abs(count)} ${EN_UNITS[unit]}${Math.abs(count) === 1 ? '' : 's'}`;
    })
    .join('');

/** How the schedule of a rule is put into words. */
export const ruleWords = dictionary(
  {
    period: zhPeriod,
    spread: (short: number, long: string) => `${short}–${long}`,
    range: (short: string, long: string) => `${short}至${long}`,
    list: '、',
    and: '；',
    every: (interval: string) => `每 ${interval}`,
    everyOpen: '间隔由医生决定',
    listed: (times: string) => `第 ${times}`,
    from: (time: string) => `自第 ${time}起`,
    until: (time: string) => `至第 ${time}`,
    withoutEnd: '无终点',
    window: (before: string, after: string) => `允许提前 ${before}、推后 ${after}`,
    limit: '原文为时限，过期即逾期',
    neverLate: '无最后期限',
    rolling: '自上次检查起算',
    countedFrom: (event: string) => `自${event}起算`,
    onlyLiver: (method: string) => `仅用于以 ${method} 随访肝脏者`,
    satisfiedBy: (activities: string) => `${activities}也可满足`,
    untilAge: (age: number) => `至 ${age} 岁`,
    onlyWhen: (conditions: string) => `仅限：${conditions}`,
    after: (event: string, due: string) => `${event}之后 ${due}`,
    sameDay: (event: string) => `${event}当日`,
    caseOf: (when: string, due: string) => `${when}：${due}`,
    none: '尚未做过',
    count: (count: number) => `已做 ${count} 次`,
    last: (results: string) => `上次结果为${results}`,
    noneSince: (time: string) => `起点 ${time}以来未做`,
    otherwise: '其他情况',
    afterClock: (due: string) => `起点后 ${due}`,
    afterLast: (due: string) => `上次之后 ${due}`,
    afterCounted: (count: number, due: string) => `第 ${count} 次之后 ${due}`,
    afterBirth: (due: string) => `出生后 ${due}`,
    latestOf: (times: string) => `以下较晚者：${times}`,
    earliestOf: (times: string) => `以下较早者：${times}`,
    onsetBefore: (age: number) => `诊断时不满 ${age} 岁`,
    ageBelow: (age: number) => `现年不满 ${age} 岁`,
    ageFrom: (age: number) => `现年满 ${age} 岁`,
    recorded: (event: string) => `有${event}`,
    neverRecorded: (event: string) => `无${event}`,
    not: (condition: string) => `并非“${condition}”`,
    pattern: (event: string, values: string) => `${event}（${values}）`,
    value: (field: string, values: string) => `${field} ${values}`,
    origins: { birth: '出生', diagnosis: '确诊' },
    liver: { ct: 'CT', mri: 'MRI' },
  },
  {
    period: enPeriod,
    spread: (short: number, long: string) => `${short}–${long}`,
    range: (short: string, long: string) => `${short} to ${long}`,
    list: ', ',
    and: '; ',
    every: (interval: string) => `every ${interval}`,
    everyOpen: 'interval decided by a clinician',
    listed: (times: string) => `at ${times}`,
    from: (time: string) => `from ${time}`,
    until: (time: string) => `until ${time}`,
    withoutEnd: 'without end',
    window: (before: string, after: string) => `may be ${before} early or ${after} late`,
    limit: 'a limit of the text: late on the next day',
    neverLate: 'no last day',
    rolling: 'counted from the last examination',
    countedFrom: (event: string) => `counted from ${event}`,
    onlyLiver: (method: string) => `only where the liver is followed by ${method}`,
    satisfiedBy: (activities: string) => `${activities} will also do`,
    untilAge: (age: number) => `until the age of ${age}`,
    onlyWhen: (conditions: string) => `only: ${conditions}`,
    after: (event: string, due: string) => `${due} after ${event}`,
    sameDay: (event: string) => `on the day of ${event}`,
    caseOf: (when: string, due: string) => `${when}: ${due}`,
    none: 'none done yet',
    count: (count: number) => `${count} done`,
    last: (results: string) => `last result ${results}`,
    noneSince: (time: string) => `none since ${time} from the start`,
    otherwise: 'otherwise',
    afterClock: (due: string) => `${due} from the start`,
    afterLast: (due: string) => `${due} after the last one`,
    afterCounted: (count: number, due: string) => `${due} after number ${count}`,
    afterBirth: (due: string) => `${due} after birth`,
    latestOf: (times: string) => `the later of: ${times}`,
    earliestOf: (times: string) => `the earlier of: ${times}`,
    onsetBefore: (age: number) => `younger than ${age} at the diagnosis`,
    ageBelow: (age: number) => `younger than ${age} now`,
    ageFrom: (age: number) => `${age} or older now`,
    recorded: (event: string) => `${event} is recorded`,
    neverRecorded: (event: string) => `no ${event} is recorded`,
    not: (condition: string) => `not “${condition}”`,
    pattern: (event: string, values: string) => `${event} (${values})`,
    value: (field: string, values: string) => `${field} ${values}`,
    origins: { birth: 'birth', diagnosis: 'diagnosis' },
    liver: { ct: 'CT', mri: 'MRI' },
  },
);
