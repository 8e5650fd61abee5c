import { expect, test } from '@jest/globals';
import { createDatabase } from '../database.js';
import { World } from './world.js';
test('x', () => { expect(typeof createDatabase).toBe(typeof World.create); });
