import { dictionary } from '../words/dictionary.js';

export const jsonFileWords = dictionary(
  {
    choose: '选择文件（.json）',
    contentHelp: '可在此直接修改；指出的行号与此处一致。',
    syntax: (line: number) => `第 ${line} 行不是有效的 JSON：检查这一行及上一行的逗号、引号和括号。`,
    problems: (count: number) => `文件有 ${count} 处问题，尚未保存`,
    line: '行',
    field: '字段',
    remedy: '问题与改法',
    goToLine: (line: number) => `到第 ${line} 行`,
  },
  {
    choose: 'Choose a file (.json)',
    contentHelp: 'You can edit it here. The lines named in errors are those of this text.',
    syntax: (line: number) =>
      `Line ${line} is not valid JSON: check commas, quotes and brackets on this line and the one above.`,
    problems: (count: number) =>
      `The file has ${count} ${count === 1 ? 'problem' : 'problems'} and was not stored`,
    line: 'Line',
    field: 'Field',
    remedy: 'Problem and remedy',
    goToLine: (line: number) => `Go to line ${line}`,
  },
);
