import { messagesOf, texts } from './message.js';

/** Messages about a measured value or a finding that is refused or must be confirmed. Part of the program's one dictionary. */
export const MEASUREMENT_MESSAGES = texts({
  'measures-nothing': {
    en: '{activity} has no measured values. Record them as an exam of one of these activities: {activities}.',
    zh: '{activity}没有测量值。请记录在以下检查中：{activities}。',
  },
  'measurement-unknown': {
    en: '{activity} has no value {code}; it has {codes}.',
    zh: '{activity}没有测量值 {code}；可用的是：{codes}。',
  },
  'measurement-twice': {
    en: '{code} is given twice in one exam. Keep the value of the report; another sample is an exam of its own.',
    zh: '同一次检查中 {code} 出现两次。请保留报告中的值；另一份标本请记录为另一次检查。',
  },
  'value-unreadable': {
    en: 'Not a measured value. Write a number with a decimal point, also as the laboratory writes it: 2.5, <2, >1000, 2.5↑, 1.6 {unit}.',
    zh: '无法识别的测量值。请写数字，小数点用“.”；也可照化验单写：2.5、<2、>1000、2.5↑、1.6 {unit}。',
  },
  'value-implausible': {
    en: '{code} is plausible from {from} to {to} {unit}: check the value and its unit. Below the detection limit write <, as in <{example}.',
    zh: '{code} 的合理范围是 {from} 至 {to} {unit}：请核对数值与单位。低于检测限请写“<”，如 <{example}。',
  },
  'unit-missing': {
    en: 'Give the unit of {code}: {units}.',
    zh: '请填写 {code} 的单位：{units}。',
  },
  'unit-unknown': {
    en: '{code} cannot be converted from {written} exactly. Its units are {units}.',
    zh: '{code} 无法由 {written} 精确换算。可用单位：{units}。',
  },
  'unit-differs': {
    en: 'The value says {inValue}, the field says {inField}: keep the one of the report.',
    zh: '数值中的单位是 {inValue}，字段中的单位是 {inField}：请以报告为准保留一个。',
  },
  'comparator-differs': {
    en: 'The value says {inValue}, the field says {inField}: keep the one of the report.',
    zh: '数值中的符号是 {inValue}，字段中的符号是 {inField}：请以报告为准保留一个。',
  },
  'comparator-not-allowed': {
    en: '{code} is reported with {comparators} or none.',
    zh: '{code} 只可带符号 {comparators} 或不带符号。',
  },
  'limit-implausible': {
    en: 'A reference limit of {code} lies between {from} and {to} {unit}: check the limit and its unit.',
    zh: '{code} 的参考上限应在 {from} 至 {to} {unit} 之间：请核对上限与单位。',
  },
  'limit-of-nothing': {
    en: 'No exam measures {code}; there are {codes}.',
    zh: '没有检查测量 {code}；可用的是：{codes}。',
  },
  'above-limit-yet-normal': {
    en: '{code} {value} lies above the reference limit of {limit}, and the outcome is normal: correct one of them. {howToConfirm}',
    zh: '{code} {value} 高于参考上限 {limit}，而结论为正常：请更正其中之一。{howToConfirm}',
  },
  'marked-high-yet-normal': {
    en: '{code} {value} is marked as high by the laboratory, and the outcome is normal: correct one of them. {howToConfirm}',
    zh: '{code} {value} 已被实验室标为偏高，而结论为正常：请更正其中之一。{howToConfirm}',
  },
  'differs-from-recorded-value': {
    en: 'For {date} another value of {code} is recorded: {recorded}. If that is wrong, void its event first. {howToConfirm}',
    zh: '{date} 已记录 {code} 的另一个值：{recorded}。若该值有误，请先作废该事件。{howToConfirm}',
  },
  'finds-nothing': {
    en: '{activity} has no structured findings; write them in the note. These activities have: {activities}.',
    zh: '{activity}没有结构化所见，请写在备注中。有结构化所见的检查：{activities}。',
  },
  'finding-unknown': {
    en: '{activity} has no finding {kind}; it has {kinds}.',
    zh: '{activity}没有所见 {kind}；可用的是：{kinds}。',
  },
  'finding-field-unknown': {
    en: '{kind} has no field {name}; it has {fields}.',
    zh: '{kind}没有字段 {name}；可用的是：{fields}。',
  },
  'finding-number': {
    en: '{name} is a whole number from {from} to {to}.',
    zh: '{name} 应为 {from} 至 {to} 的整数。',
  },
  'finding-one-of': { en: '{name} is one of {values}.', zh: '{name} 只能是：{values}。' },
  'finding-any-of': {
    en: '{name} is a list of any of {values}, each once.',
    zh: '{name} 应为列表，可取：{values}，不可重复。',
  },
  'finding-yet-expected-outcome': {
    en: 'The finding {kind} has to be judged, and the outcome is {outcome}: correct one of them. {howToConfirm}',
    zh: '所见“{kind}”需要判断，而结论为“{outcome}”：请更正其中之一。{howToConfirm}',
  },
  'declared-twice': {
    en: 'Another measurement of {activity} is {code}, in this or another spelling.',
    zh: '{activity} 已有测量值 {code}（或其另一种写法）。',
  },
  'unit-declared-twice': {
    en: '{unit} cannot be told from another unit: capitals and spaces do not count.',
    zh: '{unit} 与另一个单位无法区分：不区分大小写与空格。',
  },
  'span-upside-down': {
    en: '{from} is not below {to}: write the smaller one as from.',
    zh: '{from} 不小于 {to}：请将较小者写在 from。',
  },
  'outside-span': {
    en: '{value} does not lie between {from} and {to}.',
    zh: '{value} 不在 {from} 与 {to} 之间。',
  },
  'confirm-in-body': {
    en: 'If all of it is right, confirm it with "confirmed": true in the event.',
    zh: '若全部无误，请在该事件中写 "confirmed": true 以确认。',
  },
  'confirm-in-file': {
    en: 'If all of it is right, confirm it with yes in the column confirmed.',
    zh: '若全部无误，请在 confirmed 列写 yes 以确认。',
  },
  'needs-confirmation': {
    en: 'Someone has to confirm this first. {doubts}',
    zh: '以下内容需先确认。{doubts}',
  },
});

/** A text of this file, as part of a dictionary that contains them. */
export const msg = messagesOf<typeof MEASUREMENT_MESSAGES>();
