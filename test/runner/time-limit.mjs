const TEST_LIMIT_MS = 60_000;

/** By the root block of a suite, the limit that `jest.setTimeout` gave it. */
const limits = new WeakMap();
// Fake timers of a test do not stop its limit.
const { setTimeout, clearTimeout } = globalThis;

export const setLimitMs = (state, limitMs) => void limits.set(state.rootDescribeBlock, limitMs);

/** Handler of jest-circus' events: a test or hook that is being added fails after its time limit. The runner knows none. */
export function bounded({ name }, state) {
  const { children, hooks } = state.currentDescribeBlock;
  const added = name === 'add_test' ? children.at(-1) : name === 'add_hook' ? hooks.at(-1) : undefined;
  if (typeof added?.fn !== 'function') return;
  const { fn } = added;
  const limitMs = added.timeout ?? limits.get(state.rootDescribeBlock) ?? TEST_LIMIT_MS;
  added.fn = () => within(limitMs, fn);
}

async function within(limitMs, work) {
  let timer;
  const limit = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`Not done within ${limitMs} ms.`)), limitMs);
  });
  try {
    await Promise.race([work(), limit]);
  } finally {
    clearTimeout(timer);
  }
}
