const base = require('./jest.config');

/** The end-to-end tests: real crane, cosign, helm and kubectl against registries and an API server on loopback. @type {import('jest').Config} */
module.exports = {
  ...base,
  roots: ['<rootDir>/test/e2e'],
  testPathIgnorePatterns: [],
  globalSetup: '<rootDir>/test/e2e/support/global-setup.ts',
  reporters: ['default', '<rootDir>/test/e2e/support/what-did-not-run.js'],
  testTimeout: 120_000,
  maxWorkers: 2,
};
