import { findGuideline } from '../../guideline/published/index.js';
import { robotRefusal, robotRequest, shownUrl, withoutSecrets } from './group-robots.js';
import { robotText } from '../messages/robot-text.js';

const TIMESTAMP = 1_773_108_000;
const SECRET = 'SECrobot-secret';
const DINGTALK = 'https://oapi.dingtalk.com/robot/send?access_token=f00dface';
const WECOM = 'https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=0c1d-2e3f';
const FEISHU = 'https://open.feishu.cn/open-apis/bot/v2/hook/9a8b-7c6d';

describe('what is sent', () => {
  // The signatures were computed with Python's hmac, following the vendors' descriptions.
  test('DingTalk: milliseconds and signature in the query', () => {
    const { url, body } = robotRequest('dingtalk', {
      ...{ url: DINGTALK, secret: SECRET, text: '你好', timestamp: TIMESTAMP },
    });
    expect(url).toBe(
      `${DINGTALK}&timestamp=1773108000000&sign=PZ%2FcKnPux71iy%2BnTIQG9PJkWcU%2FYZZyLqUtyQNR0bvk%3D`,
    );
    expect(JSON.parse(body)).toEqual({ msgtype: 'text', text: { content: '你好' } });
  });

  test('Feishu: seconds and signature in the body', () => {
    const request = { url: FEISHU, secret: SECRET, text: '你好', timestamp: TIMESTAMP };
    const { url, body } = robotRequest('feishu', request);
    expect(url).toBe(FEISHU);
    expect(JSON.parse(body)).toEqual({
      ...{ timestamp: '1773108000', sign: 'qiDLWyKHQZjrotizMRObqmswFwrpAYrhgPS79ZIX7Gs=' },
      ...{ msg_type: 'text', content: { text: '你好' } },
    });
  });

  test.each([
    ['wecom', WECOM, { msgtype: 'text', text: { content: 'x' } }],
    ['dingtalk', DINGTALK, { msgtype: 'text', text: { content: 'x' } }],
    ['feishu', FEISHU, { msg_type: 'text', content: { text: 'x' } }],
  ] as const)('%s without a secret: the message alone', (robot, url, message) => {
    const request = robotRequest(robot, { url, secret: '', text: 'x', timestamp: TIMESTAMP });
    expect([request.url, JSON.parse(request.body)]).toEqual([url, message]);
  });
});

describe('what became of it', () => {
  test.each([
    ['dingtalk', 200, '{"errcode":0,"errmsg":"ok"}', null],
    ['wecom', 200, '{"errcode":0,"errmsg":"ok"}', null],
    ['feishu', 200, '{"code":0,"msg":"success","data":{}}', null],
    ['feishu', 200, '{"StatusCode":0,"StatusMessage":"success"}', null],
    [
      'dingtalk',
      200,
      '{"errcode":310000,"errmsg":"sign not match"}',
      ['answered 200 with errcode 310000', null],
    ],
    ['dingtalk', 200, '{"errcode":130101}', ['answered 200 with errcode 130101: too fast', 600_000]],
    ['dingtalk', 200, '{"errcode":410100}', ['answered 200 with errcode 410100: too fast', 600_000]],
    ['wecom', 200, '{"errcode":45009}', ['answered 200 with errcode 45009: too fast', 60_000]],
    ['wecom', 200, '{"errcode":93000}', ['answered 200 with errcode 93000', null]],
    ['feishu', 200, '{"code":9499}', ['answered 200 with code 9499: too fast', 60_000]],
    ['feishu', 400, '{"code":11232}', ['answered 400 with code 11232: too fast', 60_000]],
    ['feishu', 200, '{"code":19021}', ['answered 200 with code 19021', null]],
    ['wecom', 502, '<html>', ['answered 502', null]],
    ['wecom', 200, '<html>', ['answered 200 without errcode: this is no answer of a robot', null]],
    ['wecom', 200, '{"errcode":"0"}', ['answered 200 without errcode: this is no answer of a robot', null]],
    ['wecom', 200, 'null', ['answered 200 without errcode: this is no answer of a robot', null]],
  ] as const)('%s %d %s', (robot, status, answer, expected) => {
    const refusal = robotRefusal(robot, status, answer);
    expect(refusal && [refusal.error, refusal.silentMs]).toEqual(expected);
  });
});

describe('what is secret', () => {
  test('of the address neither the query nor, of Feishu, the end of the path is shown', () => {
    expect(shownUrl('dingtalk', DINGTALK)).toBe('https://oapi.dingtalk.com/robot/send?access_token=***');
    expect(shownUrl('wecom', `${WECOM}#key`)).toBe(
      'https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=***',
    );
    expect(shownUrl('feishu', FEISHU)).toBe('https://open.feishu.cn/open-apis/bot/v2/hook/***');
    expect(shownUrl('webhook', 'https://his.example/hook?a=b')).toBe('https://his.example/hook?a=b');
  });

  test('an answer that repeats the request shows none of it', () => {
    expect(withoutSecrets('dingtalk', DINGTALK, SECRET, `no robot f00dface, ${SECRET}`)).toBe(
      'no robot ***, ***',
    );
    expect(withoutSecrets('feishu', FEISHU, '', 'hook/9a8b-7c6d?')).toBe('hook/***?');
  });
});

describe('the words', () => {
  const data = { patientId: 'p', mrn: 'D100', activity: 'colonoscopy', due: '2026-03-10' };
  const item = { itemId: 'i1', ...data, overdue: '2026-04-07', status: 'due' };
  const say = (type: string, sent: object, language: 'zh' | 'en' = 'zh'): string =>
    robotText(JSON.stringify({ type, data: sent }), language, findGuideline('crlm-cn-2025'));

  test('of each kind of event', () => {
    expect([
      say('surveillance.item.due', item),
      say('surveillance.item.due', item, 'en'),
      say('surveillance.item.completed', { ...item, status: 'completed', completedOn: '2026-03-09' }),
      say('surveillance.item.rescheduled', { ...item, status: 'upcoming', previousDue: '2026-03-01' }),
      say('surveillance.plan.changed', { mrn: 'D100', added: 2, moved: 1, cancelled: 0, kept: 5 }),
      say('endpoint.test', {}),
    ]).toMatchInlineSnapshot(`
     [
       "nedwatch 随访提醒
     病案号：D100
     检查：结肠镜，已到期
     应检日期：2026-03-10，2026-04-07 起为逾期
     编号：i1",
       "nedwatch follow-up
     Patient: D100
     Examination: colonoscopy is due
     Due: 2026-03-10, late from 2026-04-07
     Item: i1",
       "nedwatch 随访提醒
     病案号：D100
     检查：结肠镜，已完成
     完成日期：2026-03-09
     编号：i1",
       "nedwatch 随访提醒
     病案号：D100
     检查：结肠镜，已改期
     应检日期：2026-03-10（原为 2026-03-01），2026-04-07 起为逾期
     编号：i1",
       "nedwatch 随访提醒
     病案号：D100
     随访计划已更新：新增 2，改期 1，取消 0",
       "nedwatch 随访提醒
     测试消息：机器人已接通",
     ]
    `);
  });

  test('several items in one message are listed one after the other, as many as the robot accepts', () => {
    const long = {
      ...item,
      itemId: '01a207e2-a7d4-7507-b0af-67bf22c94fcc',
      activity: 'ct_chest_abdomen_pelvis',
    };
    const words = say('surveillance.digest', { mrn: '病'.repeat(64), items: Array(23).fill(long) });
    expect(words.match(/检查：/g)).toHaveLength(10);
    expect(words).toMatch(/另有 13 项$/);
    expect(Buffer.byteLength(words)).toBeLessThan(2048);
  });

  test('a number that looks like a mention is escaped', () => {
    expect(say('surveillance.item.due', { ...item, mrn: '<at user_id="all">' })).not.toMatch(/[<>]/);
  });
});
