import { readFileSync } from 'node:fs';

// The process in which `npm run dev` runs the program: it loads the libraries at once, and the program when told to.
const started = new Promise((resolve) => process.once('message', resolve));
process.once('disconnect', () => process.exit(0)); // the process that watches is gone

const { dependencies } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
for (const library of Object.keys(dependencies)) {
  // Some offer only paths inside them; the program loads those.
  await import(library).catch(() => undefined);
}

await started;
process.removeAllListeners('disconnect');
process.disconnect();
const { main } = await import(new URL('../dist/src/main.js', import.meta.url).href);
process.exitCode = await main(process.argv.slice(2));
