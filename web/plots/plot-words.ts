import { dictionary } from '../words/dictionary.js';

export const plotWords = dictionary({ asTable: '表格' }, { asTable: 'Table' });
