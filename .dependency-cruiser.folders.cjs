const { options } = require('./.dependency-cruiser.cjs');

/**
 * No loop between folders. A folder contains the folders inside it here, so a room's module, which imports all parts of
 * its room, and a spec, which may read what its room may not, are left out; the other rules hold for modules.
 */
module.exports = {
  forbidden: [
    { name: 'no-folder-loops', severity: 'error', scope: 'folder', from: {}, to: { circular: true } },
  ],
  options: { ...options, exclude: { path: '\\.(spec|module)\\.ts$' } },
};
