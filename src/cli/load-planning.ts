/* eslint-disable @typescript-eslint/no-require-imports, @typescript-eslint/consistent-type-imports -- an `import` is either for everybody at once, or asks Node's loader of ES modules, which does not know TypeScript */

/** The offline plan of stacks, with Pulumi behind it: loaded only where a stack is configured. */
export const loadPlanning = (): typeof import('../../infra/plan') =>
  require('../../infra/plan') as typeof import('../../infra/plan');
