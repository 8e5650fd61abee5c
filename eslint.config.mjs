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

/** Rules of this program alone, which search the syntax. `.oxlintrc.json` has all others, and checks the types. */
export default [
  { ignores: ['dist*', 'web/dist', 'node_modules', '.data', 'samples', 'test', 'bench', '**/*.spec.ts'] },
  {
    linterOptions: { reportUnusedDisableDirectives: 'off' },
    rules: { 'no-restricted-syntax': ['error', ...clockOnly] },
  },
  { files: ['**/*.{ts,tsx,mts}'], languageOptions: { parser: tseslint.parser } },
  {
    files: ['src/**/*.ts'],
    rules: { 'no-restricted-syntax': ['error', ...clockOnly, ...wordedElsewhere] },
  },
  {
    files: ['src/**/*.controller.ts'],
    rules: { 'no-restricted-syntax': ['error', ...clockOnly, ...wordedElsewhere, ...typedAnswers] },
  },
  { files: ['src/platform/database/clock.ts'], rules: { 'no-restricted-syntax': 'off' } },
  {
    files: ['web/**/*.{ts,tsx}'],
    ignores: ['web/**/*-words.ts', 'web/words/dates.ts'],
    rules: { 'no-restricted-syntax': ['error', ...clockOnly, ...wordedInDictionaries] },
  },
];
