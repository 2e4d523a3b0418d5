import tseslint from 'typescript-eslint'

/** type-graphql reads a polyfill that one module of ours loads before it. */
const onlyThroughDecorators = { name: 'type-graphql', message: 'import from src/graphql/decorators.js, which loads what type-graphql needs first' }

export default tseslint.config(
  { ignores: ['dist', 'data', 'coverage', 'src/generated', '**/*.d.ts'] },
  ...tseslint.configs.recommended.map((config) => ({ ...config, files: ['**/*.ts', '**/*.tsx'] })),
  {
    files: ['**/*.ts', '**/*.tsx'],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports', disallowTypeAnnotations: false }],
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: { arguments: false } }],
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/only-throw-error': 'error',
      'no-restricted-imports': ['error', { paths: [onlyThroughDecorators] }],
      'no-restricted-syntax': ['error', { selector: 'ExportDefaultDeclaration', message: 'export by name, so that a thing is called the same everywhere' }],
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'prefer-const': 'error',
    },
  },
  // Loops over typed arrays stay within bounds by their heads; a check at every index would hide the arithmetic.
  { files: ['src/statistics/**/*.ts', 'tests/statistics/**/*.ts'], rules: { '@typescript-eslint/no-non-null-assertion': 'off' } },
  { files: ['src/graphql/decorators.ts'], rules: { 'no-restricted-imports': 'off' } },
  {
    files: ['prisma.config.ts', 'vite.config.ts'],
    extends: [tseslint.configs.disableTypeChecked],
    languageOptions: { parserOptions: { projectService: false } },
    rules: { 'no-restricted-syntax': 'off' },
  },
)
