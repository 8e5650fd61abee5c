import { register } from 'node:module';
import { addEventHandler } from 'jest-circus';
import { bounded } from './time-limit.mjs';

// Once in each worker, before its first suite.
process.setSourceMapsEnabled(true);
register('./typescript-hooks.mjs', import.meta.url);
addEventHandler(bounded);
