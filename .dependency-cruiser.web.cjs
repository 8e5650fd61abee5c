const { WEB_ROOMS, allowedFor } = require('./rooms.cjs');
const { options } = require('./.dependency-cruiser.cjs');

const SPEC = '\\.spec\\.tsx?$';
const folder = (room) => `^web/${room}/`;

/** What the pages are made of. Another package needs a reason, and its size a place in the limit of the first screen. */
const PACKAGES =
  'node_modules/(react|react-dom|@types/react|@types/react-dom|@visx/(scale|shape)|uqr|@tanstack/react-(query|virtual))/';

module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    ...Object.keys(WEB_ROOMS).map((room) => ({
      name: `web-room-${room}`,
      comment: 'rooms.cjs says which rooms of the pages a room may import.',
      severity: 'error',
      from: { path: folder(room), pathNot: SPEC },
      to: { path: '^web/', pathNot: [folder(room), ...allowedFor(room, WEB_ROOMS).map(folder)] },
    })),
    {
      name: 'web-in-a-room',
      comment: 'A file of the pages lies in a room of rooms.cjs.',
      severity: 'error',
      from: { path: '^web/', pathNot: Object.keys(WEB_ROOMS).map(folder) },
      to: {},
    },
    {
      name: 'web-imports-types-of-src',
      comment:
        'The pages are a client of the public API: of the program they know the types of its answers alone.',
      severity: 'error',
      from: { path: '^web/', pathNot: SPEC },
      to: { path: '^(src|test|bench|migrations)/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'web-packages',
      severity: 'error',
      from: { path: '^web/', pathNot: SPEC },
      to: { path: 'node_modules/', pathNot: PACKAGES, dependencyTypesNot: ['type-only'] },
    },
    { name: 'no-unresolvable', severity: 'error', from: { path: '^web/' }, to: { couldNotResolve: true } },
  ],
  options: {
    ...options,
    doNotFollow: { path: ['node_modules', '^src/'] },
    includeOnly: ['^web/', '^src/', 'node_modules/'],
    exclude: { path: '^web/(dist|status|vite)' },
  },
};
