import { texts } from '../../guideline/message.js';

/** Adherence figures, inspection reports and dates for research. */
export const STATISTICS_MESSAGES = texts({
  'period-reversed': {
    en: 'The period ends before it begins: give a last day that is not before the first one.',
    zh: '结束日期早于开始日期：请填写不早于开始日期的结束日期。',
  },
  'statistics-period-too-long': {
    en: 'A period has {days} days at most: ask for several periods.',
    zh: '统计期间最长 {days} 天：请分段查询。',
  },
  'group-with-by': {
    en: 'Give by and group together: group is the key of a group of this dimension.',
    zh: 'by 与 group 必须同时填写：group 为该维度下某一组的 key。',
  },
  'measure-not-by': {
    en: '{measure} is not counted by {by}: leave by and group out, or use nurse, department or stage.',
    zh: '{measure} 不按 {by} 分组：请去掉 by 和 group，或改用 nurse、department 或 stage。',
  },
  'published-figures': {
    en: 'Published: 14 studies, 55,895 patients, pooled, with the 95 % confidence interval. Studies define adherence in different ways.',
    zh: '文献数据：14 项研究、55895 例患者的合并结果，附 95% 置信区间；各研究对依从性的定义不同。',
  },
});
