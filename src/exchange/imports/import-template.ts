import writeXlsxFile from 'write-excel-file/node';
import type { Language } from '../../guideline/guideline.js';
import { type MessageKey, render } from '../../platform/messages/dictionary.js';
import { TEMPLATE_COLUMNS } from '../../platform/messages/import-template.js';

/** An empty roster with the headings that every import knows, and a sheet that says what belongs into each column. */
export function templateWorkbook(language: Language): Promise<Buffer> {
  const text = (key: MessageKey) => ({ value: render({ key }, language), type: String }) as const;
  return writeXlsxFile([
    {
      sheet: render({ key: 'template-roster' satisfies MessageKey }, language),
      data: [TEMPLATE_COLUMNS.map((name) => ({ ...text(`template-${name}`), fontWeight: 'bold' as const }))],
    },
    {
      sheet: render({ key: 'template-rules' satisfies MessageKey }, language),
      data: TEMPLATE_COLUMNS.map((name) => [text(`template-${name}`), text(`template-${name}-rule`)]),
    },
  ]).toBuffer();
}
