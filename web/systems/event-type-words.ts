import type { EventType } from '../calls/systems.js';
import { dictionary } from '../words/dictionary.js';

interface Meaning {
  readonly [key: string]: string;
  readonly title: string;
  readonly when: string;
}

const zh: Record<EventType, Meaning> = {
  'surveillance.item.upcoming': { title: '即将到期', when: '检查快到期时的提醒，提前多久由方案决定。' },
  'surveillance.item.due': { title: '到期', when: '检查到期当天的提醒。' },
  'surveillance.item.overdue': {
    title: '逾期',
    when: '检查逾期首日的提醒；之后按方案重复，直到完成或升级。',
  },
  'surveillance.item.completed': { title: '已完成', when: '检查结果已录入。' },
  'surveillance.item.rescheduled': { title: '日期变动', when: '检查的日期改变，或重新开放。' },
  'surveillance.item.cancelled': { title: '已取消', when: '该检查不再需要。' },
  'surveillance.plan.changed': { title: '计划变更', when: '患者的计划重新生成，请重新读取。' },
  'surveillance.patient.digest': {
    title: '患者汇总',
    when: '同一患者的多条提醒合为一条；订阅后代替其中的单条提醒。',
  },
  'surveillance.patient.message': {
    title: '患者消息',
    when: '要发给患者的消息，由接收系统代发；仅在设置为“交给其他系统”时产生。',
  },
  'endpoint.test': { title: '测试', when: '有人点了“发送测试”。无需订阅。' },
  'endpoint.heartbeat': { title: '心跳', when: '按设定的间隔发出；其序号可看出有无遗漏。无需订阅。' },
  'endpoint.backlog': { title: '积压通知', when: '登记后立即发出，说明已有多少检查待办。无需订阅。' },
  'endpoint.verification': { title: '验证', when: '验证接收方时发出的质询。无需订阅。' },
};

const en: Record<EventType, Meaning> = {
  'surveillance.item.upcoming': {
    title: 'Coming up',
    when: 'A reminder before an examination is due; how long before, the policy says.',
  },
  'surveillance.item.due': { title: 'Due', when: 'A reminder on the day when an examination is due.' },
  'surveillance.item.overdue': {
    title: 'Overdue',
    when: 'A reminder on the first late day, and again as often as the policy says.',
  },
  'surveillance.item.completed': { title: 'Completed', when: 'A result was recorded.' },
  'surveillance.item.rescheduled': {
    title: 'Rescheduled',
    when: 'The dates of an examination moved, or it is open again.',
  },
  'surveillance.item.cancelled': { title: 'Cancelled', when: 'An examination is no longer needed.' },
  'surveillance.plan.changed': {
    title: 'Plan changed',
    when: 'The plan of a patient was made again: read it again.',
  },
  'surveillance.patient.digest': {
    title: 'Digest of a patient',
    when: 'Several reminders of one patient in one message, in place of the single ones.',
  },
  'surveillance.patient.message': {
    title: 'Message to a patient',
    when: 'A message that the receiver sends to a patient; only with the route “another system”.',
  },
  'endpoint.test': { title: 'Test', when: 'A person asked for a test message. Needs no subscription.' },
  'endpoint.heartbeat': {
    title: 'Heartbeat',
    when: 'As often as the endpoint asks for; its number shows whether a message is missing. Needs no subscription.',
  },
  'endpoint.backlog': {
    title: 'Backlog',
    when: 'Right after the registration: how much is open already. Needs no subscription.',
  },
  'endpoint.verification': {
    title: 'Verification',
    when: 'The challenge by which a receiver is verified. Needs no subscription.',
  },
};

/** What each type of message means. */
export const eventTypeWords = dictionary(zh, en);

export const isSubscribable = (type: EventType): boolean => type.startsWith('surveillance.');

export const ALL_EVENT_TYPES = Object.keys(zh) as readonly EventType[];
export const SUBSCRIBABLE: readonly EventType[] = ALL_EVENT_TYPES.filter(isSubscribable);
