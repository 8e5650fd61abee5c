import { texts } from '../../guideline/message.js';

/** Refusals of calls at `/fhir`. */
export const FHIR_MESSAGES = texts({
  'fhir-json-only': {
    en: 'This server speaks FHIR in JSON alone: accept application/fhir+json, or leave _format out.',
    zh: '本服务器只提供 JSON 格式的 FHIR：请接受 application/fhir+json，或不写 _format。',
  },
  'fhir-resource-not-found': { en: 'There is no {type} {id}.', zh: '没有 {type} {id}。' },
  'fhir-wrong-search': { en: 'The search is not right: {faults}', zh: '检索条件有误：{faults}' },
  'fhir-unknown-parameter': {
    en: 'There is no search parameter {parameter} for {type}. It has {taken}.',
    zh: '{type} 没有检索参数 {parameter}。可用的参数：{taken}。',
  },
  'fhir-ignored-parameters': {
    en: 'Ignored, because {type} has no such search parameter: {parameters}. It has {taken}. To refuse such a search, send Prefer: handling=strict.',
    zh: '{type} 没有以下检索参数，已忽略：{parameters}。可用的参数：{taken}。如需拒绝此类检索，请发送 Prefer: handling=strict。',
  },
  'fhir-wrong-value': {
    en: '{value} is no value of {parameter}: it takes {form}.',
    zh: '{value} 不是 {parameter} 的有效值，应为：{form}。',
  },
  'fhir-form-token': { en: 'CODE, SYSTEM|CODE or SYSTEM|', zh: 'CODE、SYSTEM|CODE 或 SYSTEM|' },
  'fhir-form-reference': { en: 'ID or TYPE/ID', zh: 'ID 或 TYPE/ID' },
  'fhir-form-date': {
    en: 'a date of R4, such as 2026-01-15 or ge2026-01, with a prefix if needed',
    zh: 'R4 日期，例如 2026-01-15 或 ge2026-01，可带前缀',
  },
  'fhir-form-uri': { en: 'an address', zh: '一个地址' },
  'fhir-unsupported-modifier': {
    en: 'The modifier {modifier} of {parameter} is not supported: leave it out.',
    zh: '不支持 {parameter} 的修饰符 {modifier}：请去掉。',
  },
  'fhir-wrong-include': {
    en: '{value} cannot be included. {type} can include {taken}.',
    zh: '无法包含 {value}。{type} 可以包含：{taken}。',
  },
  'fhir-wrong-count': {
    en: '_count takes a whole number, not {value}.',
    zh: '_count 应为整数，而不是 {value}。',
  },
  'fhir-wrong-audit-search': {
    en: 'Search AuditEvent by one patient, and by date with one instant and the prefix eq, ge, gt, le or lt; not so by {parameter}.',
    zh: 'AuditEvent 可按一名患者检索，也可按 date 检索（一个时刻，前缀 eq、ge、gt、le 或 lt）；{parameter} 的写法不支持。',
  },
  'fhir-patient-needed': {
    en: 'Name the patient: subject=Patient/ID, in the address or in the Parameters.',
    zh: '请指明患者：在地址或 Parameters 中给出 subject=Patient/ID。',
  },
  'fhir-repeated': { en: 'Give {parameter} once.', zh: '{parameter} 只能给出一次。' },
  'fhir-too-many-values': { en: 'Give at most {most} values.', zh: '最多给出 {most} 个值。' },
});
