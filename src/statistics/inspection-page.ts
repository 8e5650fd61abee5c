import { createHash } from 'node:crypto';
import type { Language } from '../guideline/guideline.js';
import type { InspectionReport } from './inspection-reports.service.js';
import { reportTables, word } from './inspection-table.js';
import type { Table } from './table.js';

const STYLE = `body{font:12pt/1.4 system-ui,"Noto Sans CJK SC","Microsoft YaHei",sans-serif;margin:2em;color:#000}
h1{font-size:16pt}h2{font-size:13pt;margin:1.2em 0 .3em}table{border-collapse:collapse;width:100%}
th,td{border:1px solid #666;padding:.2em .5em;text-align:right;vertical-align:top}
th:first-child,td:first-child{text-align:left}th{background:#eee}td{overflow-wrap:anywhere}
@media print{@page{size:A4 landscape;margin:15mm}body{margin:0}table{break-inside:avoid}}`;

/** No script, no image, no other resource: only this style, by its digest. */
export const REPORT_PAGE_POLICY =
  `default-src 'none'; style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'; ` +
  "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const ESCAPED: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
const escaped = (text: string): string => text.replace(/[&<>"']/g, (sign) => ESCAPED[sign] ?? sign);

/** The report for printing: the same tables as in the spreadsheet. */
export function reportPage(report: InspectionReport, language: Language): string {
  const { department, month, content } = report;
  const title = [
    word('title', language),
    content.hospital,
    department ?? word('whole-hospital', language),
    month.slice(0, 7),
  ].join(' · ');
  return `<!doctype html>
<html lang="${language === 'zh' ? 'zh-CN' : 'en'}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escaped(title)}</title><style>${STYLE}</style></head>
<body><h1>${escaped(title)}</h1>
${reportTables(report, language).map(tableHtml).join('\n')}
</body></html>
`;
}

const tableHtml = ({ name, columns, rows }: Table): string => `<h2>${escaped(name)}</h2>
<table><thead><tr>${columns.map((column) => `<th scope="col">${escaped(column)}</th>`).join('')}</tr></thead>
<tbody>${rows.map((row) => `<tr>${row.map((value) => `<td>${escaped(String(value ?? ''))}</td>`).join('')}</tr>`).join('\n')}</tbody></table>`;
