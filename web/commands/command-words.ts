import { dictionary } from '../words/dictionary.js';

export const commandWords = dictionary(
  {
    close: '关闭',
    palette: '命令',
    find: '输入命令名称',
    nothing: '没有这样的命令。',
    help: '键盘操作',
    helpNote: '在输入框中打字、用输入法组词时，这些按键不起作用。',
  },
  {
    close: 'Close',
    palette: 'Commands',
    find: 'Name of a command',
    nothing: 'There is no such command.',
    help: 'Keyboard',
    helpNote: 'These keys do nothing while you type into a field or compose Chinese characters.',
  },
);
