const { ROOMS, PARTS, GUIDELINE_FOR_PLATFORM, allowedFor } = require('./rooms.cjs');

const SPEC = '\\.spec\\.ts$';

// What opens connections to elsewhere.
const NETWORK = 'http|https|http2|net|tls|dgram|dns';
const CLIENTS = 'undici|undici-types|axios|got|node-fetch|ws|follow-redirects';

const folder = (path) => `^src/${path}/`;

/** A room imports itself, the rooms that `rooms.cjs` allows it, and libraries; the core imports nothing but itself. */
const roomRules = Object.keys(ROOMS).map((room) => ({
  name: `room-${room}`,
  comment: 'rooms.cjs says which rooms a room may import.',
  severity: 'error',
  from: { path: folder(room), pathNot: SPEC },
  to: {
    pathNot: [
      folder(room),
      ...allowedFor(room).map(folder),
      ...(room === 'platform' ? [`^src/guideline/(${GUIDELINE_FOR_PLATFORM.join('|')})\\.ts$`] : []),
      ...(room === 'app' ? ['^migrations/'] : []),
      ...(room === 'guideline' ? [] : ['(^|/)node_modules/']),
    ],
    ...(room !== 'guideline' && { dependencyTypesNot: ['core'] }),
  },
}));

/** The paths of the files that lie in this part of the room; a folder inside the part is a part of its own. */
const partPath = (room, part) => `^src/${room}/${part === '.' ? '' : `${part}/`}[^/]+$`;

/** A part of a room imports the parts before it. */
const partRules = Object.entries(PARTS)
  .flatMap(([room, groups]) =>
    groups.flatMap((group, rank) =>
      group.map((part) => ({
        name: `part-${room}-${part === '.' ? 'itself' : part}`,
        comment: 'rooms.cjs says in which order the parts of a room lie.',
        severity: 'error',
        from: { path: partPath(room, part), pathNot: `${SPEC}|\\.module\\.ts$` },
        to: {
          path: [...group.filter((other) => other !== part), ...groups.slice(rank + 1).flat()].map((other) =>
            partPath(room, other),
          ),
        },
      })),
    ),
  )
  .filter(({ to }) => to.path.length > 0);

/** Where a source file may lie: in a room, or in a declared part of it. */
const DECLARED = [
  '^src/main\\.ts$',
  ...Object.keys(ROOMS).map((room) => partPath(room, '.')),
  ...Object.entries(PARTS).flatMap(([room, groups]) => groups.flat().map((part) => partPath(room, part))),
];

/** As rules name a file: with imports, imported, or neither. */
const nowhere = (name, comment, file) =>
  [
    { from: file, to: {} },
    { from: {}, to: file },
    { from: { ...file, orphan: true }, to: {} },
  ].map((rule) => ({ name, comment, severity: 'error', ...rule }));

module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    ...roomRules,
    ...partRules,
    ...nowhere(
      'no-undeclared-folder',
      'A file of src lies in a room of rooms.cjs, or in a declared part of it.',
      { path: '^src/', pathNot: DECLARED },
    ),
    {
      name: 'no-undeclared-import',
      comment: 'What the program imports is there, and stands among the dependencies of package.json.',
      severity: 'error',
      from: { path: '^(src|migrations)/', pathNot: SPEC },
      to: {
        dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown', 'unknown', 'undetermined'],
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'modules-are-private',
      comment:
        'A module imports every part of its room: a part that imported it would close a loop between folders.',
      severity: 'error',
      from: { path: '^src/', pathNot: '\\.module\\.ts$|^src/app/' },
      to: { path: '\\.module\\.ts$' },
    },
    { name: 'no-unresolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
    {
      name: 'planning-needs-no-queue',
      severity: 'error',
      from: {
        path: '^src/(guideline|patients|schedules|worklist)/',
        pathNot: '^src/schedules/policy-changes/',
      },
      to: { path: 'node_modules/(bullmq|ioredis)|^src/platform/queues/' },
    },
    {
      name: 'edges-are-private',
      severity: 'error',
      from: { path: '^src/', pathNot: '\\.module\\.ts$' },
      to: { path: '\\.controller\\.ts$' },
    },
    {
      name: 'requests-leave-by-platform-outbound',
      comment: 'Addresses are checked, and answers limited, in src/platform/outbound alone.',
      severity: 'error',
      from: {
        path: '^(src|migrations)/',
        // Servers: of HTTP, of MLLP, and of the embedded PostgreSQL, whose programs meet on loopback.
        pathNot: `${SPEC}|^src/platform/(outbound/|http/|database/embedded-postgres/(keeper|membership)\\.ts$)|^src/exchange/mllp/mllp-(listener|connection)\\.ts$`,
      },
      to: { path: `^(node:)?(${NETWORK})(/|$)|node_modules/(${CLIENTS})/` },
    },
    {
      name: 'servers-send-nothing',
      severity: 'error',
      from: { path: '^src/(platform/(http|database/embedded-postgres)|exchange/mllp)/' },
      to: { path: `^(node:)?(dgram|dns)(/|$)|node_modules/(${CLIENTS})/` },
    },
    {
      name: 'traces-are-loaded-on-demand',
      comment: 'A program without a collector loads nothing of OpenTelemetry.',
      severity: 'error',
      from: { path: '^src/', pathNot: `${SPEC}|^src/platform/tracing/trace-export\\.ts$` },
      to: { path: 'node_modules/@opentelemetry/' },
    },
    {
      name: 'migrations-know-no-entities',
      severity: 'error',
      from: { path: '^migrations/' },
      to: { path: '^src/' },
    },
    {
      name: 'nothing-imports-tests',
      severity: 'error',
      from: { path: '^(src|migrations)/', pathNot: SPEC },
      to: { path: '^(test|bench)/|\\.spec\\.ts$' },
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
    },
  },
};
