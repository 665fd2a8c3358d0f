import js from '@eslint/js';
import prettier from 'eslint-config-prettier';
import tseslint from 'typescript-eslint';

/** SDKs of which nobody imports the root. */
const ROOTS = ['@pulumi/azure-native', '@pulumi/kubernetes'].map((name) => ({
  name,
  message: 'import the submodule: the root costs 0.5 s and 300 MB',
}));

/**
 * The rooms of docs/architecture.md: which room may import which. A room that is not listed for a folder is out of its reach.
 *
 * Of two entries for a file the later one replaces the earlier: each says all that is forbidden.
 */
const room = (files, forbidden) => ({
  files,
  rules: {
    'no-restricted-imports': ['error', { paths: ROOTS, patterns: forbidden.map(([regex, message]) => ({ regex, message })) }],
  },
});
const MANIFESTS = ['(^|/)manifests(/|$)', 'this room must not use manifests/'];
const MANIFESTS_BUT_BUILDERS = ['(^|/)manifests(/(?!builders$)|$)', 'of manifests/ this room uses the builders alone'];
const VALIDATION = ['(^|/)validation(/|$)', 'this room must not use src/validation'];
const IMAGES = ['(^|/)images(/|$)', 'this room must not use src/images'];
const INSIDE_IMAGES = ['/images/(?!index$).+', 'use what src/images/index.ts exports, not its inside'];
const UPGRADE = ['(^|/)upgrade(/|$)', 'this room must not use src/upgrade'];
const CHARTS = ['(^|/)src/charts(/|$)|^\\.\\./charts(/|$)', 'this room must not use src/charts'];
const ONBOARDING = ['(^|/)onboarding(/|$)', 'this room must not use src/onboarding'];
const INSIDE_MANIFESTS = ['(^|/)manifests/(?!index$).+', 'use what manifests/index.ts exports, not its inside'];
const INSIDE_VALIDATION = ['/validation/(?!index$).+', 'use what src/validation/index.ts exports, not its inside'];
const CLI = ['(^|/)cli(/|$)', 'only bin/ uses src/cli'];
const INSIDE_MODEL = ['/model/(?!index$).+', 'use what src/model/index.ts exports, not its inside'];
const INSIDE_STACKS = ['/stacks/(?!index$).+', 'use what src/stacks/index.ts exports, not its inside'];
const INFRA = ['(^|/)infra(/|$)', 'this room must not use infra/'];
const INSIDE_INFRA = ['(^|/)infra(/(?!plan(/index)?$)|$)', 'of infra/ use what infra/plan/index.ts exports'];
const CDK8S = ['^(cdk8s|constructs)', 'only manifests/ uses cdk8s'];
const PULUMI = ['^@pulumi/', 'only infra/ uses Pulumi'];
const AZURE_NATIVE = ['^@pulumi/azure-native/', 'only infra/azure uses azure-native, whose types take 400 MB'];
const NOT_AZURE = [
  '^(?!\\./|node:|@pulumi/(pulumi|command|azure-native)(/|$))',
  'infra/azure is a TypeScript project of its own: it uses itself and the SDKs of Pulumi and Azure',
];
const NOT_SDK = ['^(?!\\./|@pulumi/pulumi$)', 'a local SDK uses itself and @pulumi/pulumi'];
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
  room(['**/*.ts'], [PULUMI]),
  room(['test/**/*.ts'], [AZURE_NATIVE]),
  room(['src/model/**/*.ts'], [MANIFESTS, VALIDATION, CLI, INFRA, CDK8S, PULUMI, PROCESS]),
  room(['manifests/**/*.ts'], [VALIDATION, CLI, INSIDE_MODEL, INFRA, PULUMI]),
  room(['src/validation/**/*.ts'], [CLI, INSIDE_MODEL, INFRA, CDK8S, PULUMI]),
  room(['src/tools/**/*.ts'], [MANIFESTS, VALIDATION, IMAGES, UPGRADE, CLI, INSIDE_MODEL, INFRA, CDK8S, PULUMI]),
  room(['src/images/**/*.ts'], [MANIFESTS, VALIDATION, UPGRADE, CLI, INSIDE_MODEL, INFRA, CDK8S, PULUMI]),
  room(
    ['src/stacks/**/*.ts'],
    [MANIFESTS_BUT_BUILDERS, VALIDATION, INSIDE_IMAGES, UPGRADE, CLI, INSIDE_MODEL, INFRA, CDK8S, PULUMI],
  ),
  room(['src/upgrade/**/*.ts'], [IMAGES, CLI, INSIDE_MODEL, INFRA, CDK8S, PULUMI]),
  room(
    ['src/charts/**/*.ts'],
    [IMAGES, UPGRADE, ONBOARDING, CLI, INSIDE_MODEL, INSIDE_MANIFESTS, INSIDE_VALIDATION, INFRA, CDK8S, PULUMI],
  ),
  room(
    ['src/onboarding/**/*.ts'],
    [IMAGES, UPGRADE, CHARTS, CLI, INSIDE_MODEL, INSIDE_MANIFESTS, VALIDATION, INFRA, CDK8S, PULUMI],
  ),
  room(
    ['src/pipelines/**/*.ts'],
    [MANIFESTS, VALIDATION, IMAGES, UPGRADE, CHARTS, ONBOARDING, CLI, INSIDE_MODEL, INFRA, CDK8S, PULUMI, PROCESS],
  ),
  room(['src/cli/**/*.ts'], [INSIDE_MODEL, INSIDE_INFRA, CDK8S, PULUMI]),
  room(
    ['infra/**/*.ts'],
    [MANIFESTS_BUT_BUILDERS, VALIDATION, IMAGES, UPGRADE, CLI, INSIDE_MODEL, INSIDE_STACKS, CDK8S, AZURE_NATIVE],
  ),
  room(['infra/azure/**/*.ts'], [NOT_AZURE]),
  room(['sdks/**/*.ts'], [NOT_SDK]),
  prettier,
);
