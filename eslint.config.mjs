import js from '@eslint/js';
import prettier from 'eslint-config-prettier';
import tseslint from 'typescript-eslint';

/**
 * The rooms of docs/architecture.md: which room may import which. A room that is not listed for a folder is out of its reach.
 */
const room = (files, forbidden) => ({
  files,
  rules: {
    'no-restricted-imports': ['error', { patterns: forbidden.map(([regex, message]) => ({ regex, message })) }],
  },
});
const MANIFESTS = ['(^|/)manifests(/|$)', 'this room must not use manifests/'];
const VALIDATION = ['(^|/)validation(/|$)', 'this room must not use src/validation'];
const IMAGES = ['(^|/)images(/|$)', 'this room must not use src/images'];
const UPGRADE = ['(^|/)upgrade(/|$)', 'this room must not use src/upgrade'];
const CLI = ['(^|/)cli(/|$)', 'only bin/ uses src/cli'];
const INSIDE_MODEL = ['/model/(?!index$).+', 'use what src/model/index.ts exports, not its inside'];
const CDK8S = ['^(cdk8s|constructs)', 'only manifests/ uses cdk8s'];
const PULUMI = ['^@pulumi/', 'only infra/ uses Pulumi'];
const PROCESS = ['^(node:)?(child_process|http|https|net|dns)$', 'the model reads files and nothing else'];

export default tseslint.config(
  { ignores: ['node_modules/', 'manifests/imports/', 'clusters/', '.cdk8s-output/', 'coverage/'] },
  js.configs.recommended,
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/dot-notation': 'off',
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/explicit-module-boundary-types': 'error',
      '@typescript-eslint/no-extraneous-class': 'off',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
    },
  },
  {
    files: ['**/*.js'],
    languageOptions: {
      sourceType: 'commonjs',
      globals: { require: 'readonly', module: 'writable', process: 'readonly', __dirname: 'readonly', console: 'readonly' },
    },
  },
  room(['src/model/**/*.ts'], [MANIFESTS, VALIDATION, CLI, CDK8S, PULUMI, PROCESS]),
  room(['manifests/**/*.ts'], [VALIDATION, CLI, INSIDE_MODEL, PULUMI]),
  room(['src/validation/**/*.ts'], [CLI, INSIDE_MODEL, CDK8S, PULUMI]),
  room(['src/tools/**/*.ts'], [MANIFESTS, VALIDATION, IMAGES, UPGRADE, CLI, INSIDE_MODEL, CDK8S, PULUMI]),
  room(['src/images/**/*.ts'], [MANIFESTS, VALIDATION, UPGRADE, CLI, INSIDE_MODEL, CDK8S, PULUMI]),
  room(['src/upgrade/**/*.ts'], [IMAGES, CLI, INSIDE_MODEL, CDK8S, PULUMI]),
  room(['src/cli/**/*.ts'], [INSIDE_MODEL, CDK8S, PULUMI]),
  prettier,
);
