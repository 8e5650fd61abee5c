import writeXlsxFile from 'write-excel-file/node';
import type { Language } from '../../guideline/guideline.js';
import type { Message } from '../../guideline/message.js';
import { msg, render } from '../../platform/messages/dictionary.js';

/** The headings of a roster, in their order, and what belongs into each column. */
const COLUMNS: readonly (readonly [Message, Message])[] = [
  [msg('template-mrn'), msg('template-mrn-rule')],
  [msg('template-name'), msg('template-name-rule')],
  [msg('template-sex'), msg('template-sex-rule')],
  [msg('template-birth_date'), msg('template-birth_date-rule')],
  [msg('template-diagnosis_date'), msg('template-diagnosis_date-rule')],
  [msg('template-primary_site'), msg('template-primary_site-rule')],
  [msg('template-stage'), msg('template-stage-rule')],
  [msg('template-resection_date'), msg('template-resection_date-rule')],
  [msg('template-preoperative_colonoscopy'), msg('template-preoperative_colonoscopy-rule')],
  [msg('template-lynch'), msg('template-lynch-rule')],
  [msg('template-phone'), msg('template-phone-rule')],
  [msg('template-responsible_nurse'), msg('template-responsible_nurse-rule')],
  [msg('template-department'), msg('template-department-rule')],
  [msg('template-ward'), msg('template-ward-rule')],
  [msg('template-group'), msg('template-group-rule')],
  [msg('template-distance_km'), msg('template-distance_km-rule')],
  [msg('template-identity_number'), msg('template-identity_number-rule')],
];

/** An empty roster with the headings that every import knows, and a sheet that says what belongs into each column. */
export function templateWorkbook(language: Language): Promise<Buffer> {
  const text = (message: Message) => ({ value: render(message, language), type: String }) as const;
  return writeXlsxFile([
    {
      sheet: render(msg('template-roster'), language),
      data: [COLUMNS.map(([heading]) => ({ ...text(heading), fontWeight: 'bold' as const }))],
    },
    {
      sheet: render(msg('template-rules'), language),
      data: COLUMNS.map(([heading, rule]) => [text(heading), text(rule)]),
    },
  ]).toBuffer();
}
