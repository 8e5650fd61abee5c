// What knows no feature: the files at the root, and the machinery.
const root = '^src/([^/]+|platform/.+)\\.ts$';
const libraries = [
  'node_modules',
  '^node:',
  '^(fs|path|os|crypto|events|stream|util|url|net|dns|child_process|async_hooks|timers|http|https|tls|readline|module|zlib)(/|$)',
];

// What opens connections to elsewhere.
const network = 'http|https|http2|net|tls|dgram|dns';
const clients = 'undici|undici-types|axios|got|node-fetch|ws|follow-redirects';

/** `from` may import `allowed` and nothing else. */
const only = (name, from, allowed) => ({
  name,
  severity: 'error',
  from: { path: from, pathNot: '\\.spec\\.ts$' },
  to: { pathNot: allowed },
});

module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    only('core-is-pure', '^src/guideline/', ['^src/guideline/']),
    only('platform-knows-no-hospital', '^src/platform/', [
      '^src/platform/',
      '^src/guideline/(calendar|guideline|message|messages|measurement-messages)\\.ts$',
      ...libraries,
    ]),
    only('access-knows-no-sibling', '^src/access/', [
      '^src/access/',
      '^src/platform/',
      '^src/guideline/(guideline|message)\\.ts$',
      '^src/guideline/calendar\\.ts$',
      root,
      ...libraries,
    ]),
    only('patients-know-no-schedules', '^src/patients/', [
      '^src/(patients|guideline|access|platform)/',
      root,
      ...libraries,
    ]),
    only('schedules-know-no-reminders', '^src/schedules/', [
      '^src/(schedules|patients|guideline|access|platform)/',
      root,
      ...libraries,
    ]),
    only('reminders-know-no-exchange', '^src/reminders/', [
      '^src/(reminders|schedules|patients|guideline|access|platform)/',
      root,
      ...libraries,
    ]),
    only('backup-knows-no-feature', '^src/backup/', [
      '^src/(backup|platform)/',
      '^src/guideline/message\\.ts$',
      root,
      ...libraries,
    ]),
    {
      name: 'root-files-know-no-feature',
      severity: 'error',
      from: { path: root, pathNot: '^src/(main|app\\.module|entities)\\.ts$' },
      to: { path: '^src/(patients|schedules|reminders|exchange|commands|backup)/' },
    },
    {
      name: 'schedules-need-no-queue',
      severity: 'error',
      from: { path: '^src/(guideline|patients|schedules)/' },
      to: { path: 'node_modules/(bullmq|ioredis)|^src/queues\\.ts$' },
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
        // Servers: of HTTP, and of the embedded PostgreSQL, whose programs meet on loopback.
        pathNot:
          '\\.spec\\.ts$|^src/(platform/outbound/|platform/http/|edge\\.ts$|embedded-postgres/(keeper|membership)\\.ts$)',
      },
      to: { path: `^(node:)?(${network})(/|$)|node_modules/(${clients})/` },
    },
    {
      name: 'servers-send-nothing',
      severity: 'error',
      from: { path: '^src/(platform/http/|edge\\.ts$|embedded-postgres/)' },
      to: { path: `^(node:)?(dgram|dns)(/|$)|node_modules/(${clients})/` },
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
      from: { path: '^(src|migrations)/', pathNot: '\\.spec\\.ts$' },
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
