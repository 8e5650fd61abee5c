import { spawn } from 'node:child_process';
import { watch } from 'node:fs';
import { fileURLToPath } from 'node:url';

// Runs "up" again after every change of a source file; Ctrl-C ends both.
const NEDWATCH = fileURLToPath(new URL('./nedwatch', import.meta.url));
const WATCHED = ['src', 'migrations', 'web'];

let running;
let ending = false;
let soon;

function start() {
  running = spawn(process.execPath, [NEDWATCH, 'up', ...process.argv.slice(2)], { stdio: 'inherit' });
  running.once('exit', (code) => {
    running = undefined;
    if (ending) process.exit(code ?? 0);
  });
}

function restart() {
  if (!running) start();
  else running.once('exit', () => ending || start()).kill('SIGTERM');
}

start();
for (const folder of WATCHED) {
  watch(fileURLToPath(new URL(`../${folder}`, import.meta.url)), { recursive: true }, () => {
    clearTimeout(soon);
    soon = setTimeout(restart, 300); // editors write a file in several steps
  });
}
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.on(signal, () => {
    ending = true;
    if (running) running.kill('SIGTERM');
    else process.exit(0);
  });
}
