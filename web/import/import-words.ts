import { dictionary } from '../words/dictionary.js';

export const importWords = dictionary(
  {
    title: '导入',
    heading: '导入名册与事件',
    toWorklist: '打开工作清单',
    forHeadNurses: '导入由护士长完成',
    forHeadNursesHelp: '您的角色不包括导入。请护士长导入名册，或请管理员为您加上“护士长”角色。',
  },
  {
    title: 'Import',
    heading: 'Import a roster or events',
    toWorklist: 'Open the worklist',
    forHeadNurses: 'Head nurses import files',
    forHeadNursesHelp:
      'Your roles do not include it. Ask the head nurse to import the roster, or an administrator to give you the role of a head nurse.',
  },
);
