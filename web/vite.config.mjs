import { fileURLToPath } from 'node:url';

const WEB = fileURLToPath(new URL('.', import.meta.url));

/** Ward computers with Windows 7 or a government edition have browsers from Chrome 90 on. */
export const OLDEST_BROWSER = 'chrome90';

export default {
  root: WEB,
  base: '/',
  publicDir: false,
  logLevel: 'warn',
  build: {
    outDir: fileURLToPath(new URL('../dist-pages', import.meta.url)),
    emptyOutDir: true,
    target: OLDEST_BROWSER,
    cssTarget: OLDEST_BROWSER,
    assetsInlineLimit: 0, // the content security policy allows files only
    modulePreload: { polyfill: false }, // Chrome has it since 66
    reportCompressedSize: false,
    rolldownOptions: {
      // Libraries mark what runs in browsers only; all of this does.
      onLog: (level, log, report) => {
        if (log.code !== 'MODULE_LEVEL_DIRECTIVE') report(level, log);
      },
    },
    manifest: true, // "npm run check" counts the files of the first screen
  },
};
