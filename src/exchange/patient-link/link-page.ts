import { createHash } from 'node:crypto';
import type { Language } from '../../guideline/guideline.js';
import type { Message } from '../../guideline/message.js';
import { msg, render } from '../../platform/messages/dictionary.js';
import { Html, html } from '../html.js';

const STYLE = `
html{font:16px/1.5 system-ui,"PingFang SC","Microsoft YaHei",sans-serif;color:#1a1a1a;background:#f4f6f7}
main{max-width:34rem;margin:12vh auto;padding:2rem;background:#fff;border-radius:.5rem}
h1{font-size:1.3rem;margin:0 0 .75rem}
a{color:#0b5b6f}
li{margin:.5rem 0}
`;

/** The page runs nothing and sends nothing; its own style is named by its hash. */
export const LINK_PAGE_POLICY =
  `default-src 'none'; style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'; ` +
  "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const STYLE_HTML = new Html(`<style>${STYLE}</style>`); // its hash holds for these bytes alone

/** A way on from the page. */
export interface Way {
  readonly href: string;
  /** A text of ours, or a name. */
  readonly label: Message | string;
}

/** A page that says what became of the link, and what to do now. With `onTo` the browser opens that address at once. */
export function linkPage(
  text: Message,
  {
    ways,
    language,
    onTo,
  }: { readonly ways: readonly Way[]; readonly language: Language; readonly onTo?: string },
): string {
  const refresh = onTo === undefined ? null : html`<meta http-equiv="refresh" content="0;url=${onTo}" />`;
  return `<!doctype html>\n${
    html`<html lang="${language === 'zh' ? 'zh-CN' : 'en'}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width" />
        ${refresh}
        <title>${render(msg('link-title'), language)}</title>
        ${STYLE_HTML}
      </head>
      <body>
        <main>
          <h1>${render(msg('link-title'), language)}</h1>
          <p>${render(text, language)}</p>
          <ul>
            ${ways.map(({ href, label }) => html`<li><a href="${href}">${typeof label === 'string' ? label : render(label, language)}</a></li>`)}
          </ul>
        </main>
      </body>
    </html>`.text
  }\n`;
}
