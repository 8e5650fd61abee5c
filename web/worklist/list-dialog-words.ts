import { dictionary } from '../words/dictionary.js';

export const listDialogWords = dictionary(
  {
    apply: '应用',
    cancel: '取消',
    close: '关闭',
    saveName: '名称',
    saveShared: '全院共享',
    saveHelp: '保存当前清单和筛选条件。名称中不要写患者姓名。',
    saved: (name: string) => `已保存“${name}”`,
    removeSaved: '删除这个已保存的清单',
    removedSaved: (name: string) => `已删除“${name}”`,
    columnsHelp: '保存在本机，只影响您自己。',
  },
  {
    apply: 'Apply',
    cancel: 'Cancel',
    close: 'Close',
    saveName: 'Name',
    saveShared: 'Shared with the hospital',
    saveHelp: 'Saves this list with its filters. Do not name a patient.',
    saved: (name: string) => `Saved “${name}”`,
    removeSaved: 'Remove this saved list',
    removedSaved: (name: string) => `Removed “${name}”`,
    columnsHelp: 'Kept on this computer, for you alone.',
  },
);
