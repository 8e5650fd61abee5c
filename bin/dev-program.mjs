import { readFileSync } from 'node:fs';

// The process in which `npm run dev` runs the program. It loads the libraries immediately, and the program on
// request.
const started = new Promise((resolve) => process.once('message', resolve));
process.once('disconnect', () => process.exit(0)); // the watching process is gone

const { dependencies } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
for (const library of Object.keys(dependencies)) {
  // Some packages export only paths inside them; the program loads those.
  await import(library).catch(() => undefined);
}

await started;
process.removeAllListeners('disconnect');
process.disconnect();
const { main } = await import(new URL('../dist/src/main.js', import.meta.url).href);
process.exitCode = await main(process.argv.slice(2));
