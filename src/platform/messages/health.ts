import { texts } from '../../guideline/message.js';

/** Why a process is not ready: `/health/ready`. */
export const HEALTH_MESSAGES = texts({
  'worker-only': {
    en: 'This process only works: ask one whose NEDWATCH_ROLE is api or all.',
    zh: '此进程只做后台工作：请访问 NEDWATCH_ROLE 为 api 或 all 的进程。',
  },
  'is-ending': {
    en: 'This process is ending. It still serves requests; send new ones to another process.',
    zh: '此进程正在停止，仍在处理请求；请把新请求发往其他进程。',
  },
  'lacks-migrations': {
    en: 'The database lacks migrations. Run: bin/nedwatch migrate',
    zh: '数据库结构不是最新。请运行：bin/nedwatch migrate',
  },
  'database-out-of-reach': { en: 'The database cannot be reached.', zh: '无法连接数据库。' },
  'no-answer-in-time': {
    en: 'The database or the queue does not answer.',
    zh: '数据库或队列没有应答。',
  },
  'queue-out-of-reach': { en: 'The queue cannot be reached: {detail}', zh: '无法连接队列：{detail}' },
  'anchor-not-received': {
    en: 'The receiver of audit anchors (NEDWATCH_ANCHOR_URL) does not accept them: {detail}. {lines} lines wait and are sent again every minute.',
    zh: '审计锚的接收方（NEDWATCH_ANCHOR_URL）未接受：{detail}。有 {lines} 行等待，每分钟重发。',
  },
  'workers-not-connected': {
    en: 'The workers of the queue are not connected.',
    zh: '处理队列的 worker 未连接。',
  },
  'reminders-not-sought': {
    en: 'Reminders are not looked for: {detail}',
    zh: '未能查找到期的提醒：{detail}',
  },
  'messages-not-relayed': {
    en: 'Messages are not passed on to webhook endpoints: {detail}',
    zh: '未能向 webhook 端点转发消息：{detail}',
  },
});
