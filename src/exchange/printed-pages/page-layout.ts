import { createHash } from 'node:crypto';
import type { Language } from '../../guideline/guideline.js';
import { Html, html } from '../html.js';

/** For screen and paper. No font is loaded: each system has one for Chinese. */
const STYLE = `
*{box-sizing:border-box}
html{font:10.5pt/1.4 "Noto Sans CJK SC","Source Han Sans SC","PingFang SC","Microsoft YaHei",system-ui,sans-serif;color:#1a1a1a}
body{margin:0;background:#eee}
main{background:#fff;margin:6mm auto;padding:8mm}
.card{width:148mm;min-height:209mm}
.letter{width:210mm;min-height:296mm;padding:16mm 20mm}
header{display:flex;justify-content:space-between;align-items:flex-start;gap:6mm;border-bottom:.6mm solid #0b5b6f;padding-bottom:3mm;margin-bottom:4mm}
h1{font-size:17pt;line-height:1.25;margin:0;color:#0b5b6f}
h2{font-size:12pt;margin:5mm 0 1.5mm;color:#0b5b6f}
.hospital{font-weight:600;margin:0 0 1mm}
dl{display:grid;grid-template-columns:max-content 1fr;gap:.6mm 4mm;margin:0}
dt{color:#555}dd{margin:0;overflow-wrap:anywhere}
.strong{font-weight:600}
table{width:100%;border-collapse:collapse}
th{text-align:left;font-weight:600;color:#555;font-size:9.5pt;border-bottom:.3mm solid #0b5b6f;padding:1mm 2mm 1mm 0}
td{vertical-align:top;padding:1.8mm 2mm 1.8mm 0;border-bottom:.2mm solid #ccc}
tr{break-inside:avoid}
td:first-child{width:44%}
.note{color:#555;font-size:9.5pt;margin:1.5mm 0 0}
.booked{display:inline-block;border:.25mm solid #0b5b6f;border-radius:1mm;color:#0b5b6f;font-size:8.5pt;padding:0 1.2mm}
.code{text-align:center;font-size:8pt;color:#555;flex:none;margin:-2.5mm -2.5mm 0 0}
.code svg{display:block;width:26mm;height:26mm}
.who{margin:2mm 0 0}
.who .strong{font-size:13pt;margin-right:5mm}
.prepare p{margin:0 0 1mm;font-size:9.5pt;line-height:1.4;break-inside:avoid}
.card{font-size:10pt}
.card .prepare p{font-size:9pt;line-height:1.35}
.card h2{margin:3mm 0 .8mm}
.card td{padding-top:1.1mm;padding-bottom:1.1mm}
.card .keep{margin-top:2.5mm}
.card footer{margin-top:1.5mm;font-size:8pt}
.keep{border:.3mm solid #0b5b6f;border-radius:1.5mm;padding:2mm 3mm;margin-top:5mm;break-inside:avoid}
.keep p{margin:0 0 1.2mm}
footer{margin-top:6mm;font-size:9pt;color:#555}
@media print{body{background:none}main{margin:0;padding:0;width:auto;min-height:0}}
@page card{size:A5;margin:8mm}
@page letter{size:A4;margin:16mm 20mm}
.card{page:card}.letter{page:letter}
`;

/** The page loads nothing, runs nothing and sends nothing; its own style is named by its hash. */
export const PAGE_POLICY =
  `default-src 'none'; style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'; ` +
  "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const STYLE_HTML = new Html(`<style>${STYLE}</style>`); // its hash holds for these bytes alone

export const page = (language: Language, title: string, kind: 'card' | 'letter', content: Html): string =>
  `<!doctype html>\n${
    html`<html lang="${language === 'zh' ? 'zh-CN' : 'en'}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width" />
        <title>${title}</title>
        ${STYLE_HTML}
      </head>
      <body>
        <main class="${kind}">${content}</main>
      </body>
    </html>`.text
  }\n`;
