import { texts } from '../../guideline/message.js';

/** The work calendar: public holidays, make-up workdays, and a hospital's own days. */
export const WORK_CALENDAR_MESSAGES = texts({
  'calendar-day-outside': {
    en: 'The calendar has the days from {first} to {last}. Choose one of them.',
    zh: '日历只包含 {first} 至 {last} 的日期。请在此范围内选择。',
  },
  'too-many-calendar-days': {
    en: 'A hospital can enter {most} days of its own for one year. Remove one of {year} that nobody needs.',
    zh: '每家医院每年最多登记 {most} 个特殊日期。请删除 {year} 年中不再需要的日期。',
  },
  'calendar-day-not-found': {
    en: 'The hospital has entered nothing for {id}. Public holidays cannot be removed: enter the day as extra_workday instead.',
    zh: '本院没有登记 {id}。法定节假日不能删除：如当天上班，请将其登记为 extra_workday。',
  },
  'calendar-year-empty': {
    en: 'The file has no days for {year}: its public holidays are not published yet. Import it once they are.',
    zh: '文件中没有 {year} 年的日期：该年放假安排尚未公布。请在公布后再导入。',
  },
  'calendar-year-without-holidays': {
    en: 'The file has only workdays for {year}. Import the file of the whole year, with its holidays.',
    zh: '文件中 {year} 年只有调休上班日。请导入包含放假日期的全年文件。',
  },
  'calendar-day-of-other-year': {
    en: '{date} does not belong to the file of {year}: it has the days of {year}, and of the December before.',
    zh: '{date} 不属于 {year} 年的文件：文件应只包含 {year} 年及上一年 12 月的日期。',
  },
  'calendar-day-twice': {
    en: '{date} is in the file twice. Leave one of them out.',
    zh: '文件中 {date} 出现两次。请去掉其中一个。',
  },
  'calendar-makeup-on-weekday': {
    en: '{date} is a working day of the week already, and so no make-up workday. Correct the date, or leave the day out.',
    zh: '{date} 本来就是工作日，不会是调休上班日。请更正日期，或去掉这一天。',
  },
  'work-calendar-day-entered': {
    en: 'Work calendar: {date} entered ({name})',
    zh: '工作日历：登记 {date}（{name}）',
  },
  'work-calendar-day-removed': { en: 'Work calendar: {date} removed', zh: '工作日历：删除 {date}' },
  'work-calendar-imported': {
    en: 'Work calendar: public holidays of {year} imported',
    zh: '工作日历：导入 {year} 年放假安排',
  },
  'work-calendar-updated': {
    en: 'Work calendar: public holidays of a new release',
    zh: '工作日历：新版本带来的放假安排',
  },
  'work-calendar-year-missing': {
    en: 'The public holidays of {year} are missing, so its Mondays to Fridays count as working days. Import them with POST /work-calendar/imports.',
    zh: '缺少 {year} 年的放假安排，该年周一至周五暂按工作日计算。请通过 POST /work-calendar/imports 导入。',
  },
});
