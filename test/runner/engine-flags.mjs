/**
 * Of V8, for suites and the programs that they start. Most of their code runs a few times: optimizing it, and collecting
 * garbage from a small space for new objects, takes a third of their processor time.
 */
export const ENGINE_FLAGS = [
  '--interrupt-budget=1000000', // bytes of bytecode that a function runs before it is optimized; usually 132 KiB
  '--max-semi-space-size=64', // MiB; usually 16
];
