import tseslint from 'typescript-eslint';

const clockOnly = [
  {
    selector: "NewExpression[callee.name='Date'][arguments.length=0]",
    message: 'Only clock.ts reads the time.',
  },
  {
    selector: "CallExpression[callee.object.name='Date'][callee.property.name='now']",
    message: 'Only clock.ts reads the time.',
  },
  {
    selector: "CallExpression[callee.object.name='DateTime'][callee.property.name=/^(now|local|utc)$/]",
    message: 'Only clock.ts reads the time.',
  },
];

const schemaText = 'Word it in src/platform/messages: issue(key).';
/** What people read comes from the dictionary, in both languages. */
const wordedElsewhere = [
  {
    selector:
      'CallExpression[callee.property.name=/^(refine|regex|min|max|length)$/]:matches([arguments.1.raw=/^\\D/], [arguments.1.type=TemplateLiteral])',
    message: schemaText,
  },
  {
    selector:
      "CallExpression[callee.object.name='z'][callee.property.name=/^(url|uuid|email|base64)$/] > Literal",
    message: schemaText,
  },
  {
    selector:
      "CallExpression[callee.object.name='z'] Property[key.name='error'][value.type=/^(Literal|TemplateLiteral)$/]",
    message: schemaText,
  },
  {
    selector:
      'CallExpression[callee.property.name=/^(refine|addIssue)$/] Property[key.name=/^(error|message)$/][value.type=/^(Literal|TemplateLiteral)$/]',
    message: schemaText,
  },
];

/** What a controller returns is typed by its schema, so that the compiler finds a missing field. */
const typedAnswers = [
  {
    selector: "TSTypeReference[typeName.name='Promise'] TSUnknownKeyword",
    message: 'Return the type of the answer’s schema: Promise<z.output<typeof …View>>.',
  },
];

const pageText = 'Word it in the *-words.ts of the room, in both languages.';
/** Two words or more, the first with a capital: no class, key or address is written so. */
const SENTENCE = "/^[A-Z][a-z'’]+,?( [A-Za-z'’]+,?)+/";
const HAN = '/[\u3400-\u9fff]/';
const WORD = '/[\u3400-\u9fff]|[A-Za-z]{2}/';
const texts = (pattern) => [`Literal[value=${pattern}]`, `TemplateElement[value.raw=${pattern}]`];
/** Where a value is shown as it is: in an element, also by a condition. */
const SHOWN = ['', ':matches(LogicalExpression, ConditionalExpression) > '].map(
  (by) => `:matches(JSXElement, JSXFragment) > JSXExpressionContainer > ${by}`,
);
const READ_ATTRIBUTES =
  'JSXAttribute[name.name=/^(title|alt|placeholder|label|help|aria-label|[a-z]+Label|[a-z]+Text)$/]';

/** Pages have no text but that of their dictionaries: no Han character, no English sentence. */
export const wordedInDictionaries = [
  `JSXText[value=${WORD}]`,
  ...texts(HAN),
  ...texts(SENTENCE),
  ...SHOWN.map((where) => `${where}Literal[value=${WORD}]`),
  ...SHOWN.map((where) => `${where}TemplateLiteral > TemplateElement[value.raw=${WORD}]`),
  `${READ_ATTRIBUTES} > Literal`,
  `${READ_ATTRIBUTES} > JSXExpressionContainer > Literal`,
].map((selector) => ({ selector, message: pageText }));

export default tseslint.config(
  { ignores: ['dist', 'dist-tools', 'dist-pages', 'node_modules', '.data', 'web/dist', 'samples'] },
  ...tseslint.configs.strictTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      'no-restricted-syntax': ['error', ...clockOnly],
      'max-lines': ['error', { max: 350, skipBlankLines: true, skipComments: true }],
      'max-lines-per-function': ['error', { max: 60, skipBlankLines: true, skipComments: true }],
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      '@typescript-eslint/no-extraneous-class': ['error', { allowWithDecorator: true }],
      // Entities are records: plain objects of their shape are as good as instances.
      '@typescript-eslint/no-misused-spread': 'off',
      '@typescript-eslint/no-unsafe-class-instance-assignment': 'off',
      '@typescript-eslint/no-meaningless-void-operator': 'off',
      '@typescript-eslint/no-confusing-void-expression': 'off',
    },
  },
  {
    files: ['src/**/*.ts'],
    ignores: ['src/platform/config.ts', 'src/main.ts'],
    rules: {
      'no-restricted-properties': [
        'error',
        { object: 'process', property: 'env', message: 'Only config.ts reads the environment.' },
      ],
    },
  },
  {
    files: ['src/**/*.ts'],
    rules: {
      'no-restricted-globals': [
        'error',
        ...['fetch', 'WebSocket', 'EventSource', 'XMLHttpRequest'].map((name) => ({
          name,
          message: 'Requests leave by src/platform/outbound.',
        })),
      ],
      'no-restricted-syntax': ['error', ...clockOnly, ...wordedElsewhere],
    },
  },
  {
    files: ['src/**/*.controller.ts'],
    rules: { 'no-restricted-syntax': ['error', ...clockOnly, ...wordedElsewhere, ...typedAnswers] },
  },
  {
    files: ['**/*.spec.ts', 'test/**/*.ts', 'bench/**/*.ts'],
    rules: {
      'max-lines-per-function': 'off',
      'no-restricted-syntax': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
    },
  },
  {
    files: ['web/**/*.{ts,tsx}'],
    ignores: ['web/**/*-words.ts', 'web/words/dates.ts', '**/*.spec.ts'],
    rules: { 'no-restricted-syntax': ['error', ...clockOnly, ...wordedInDictionaries] },
  },
  // A component is one function of markup.
  {
    files: ['web/**/*.tsx'],
    rules: { 'max-lines-per-function': ['error', { max: 120, skipBlankLines: true, skipComments: true }] },
  },
  { files: ['src/platform/database/clock.ts'], rules: { 'no-restricted-syntax': 'off' } },
  { files: ['src/**/*.entity.ts'], rules: { '@typescript-eslint/no-non-null-assertion': 'off' } },
  { files: ['**/*.{js,mjs,cjs}', 'bin/*'], ...tseslint.configs.disableTypeChecked },
  { files: ['**/*.cjs'], rules: { '@typescript-eslint/no-require-imports': 'off' } },
);
