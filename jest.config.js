import { filesByProject } from './tests/support/projects.mjs'

/** What the projects share. Tests are ES modules, compiled by swc with the settings of the build; see scripts/build.mjs. */
const shared = {
  testEnvironment: 'node',
  roots: ['<rootDir>/src', '<rootDir>/tests'],
  extensionsToTreatAsEsm: ['.ts'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        jsc: {
          parser: { syntax: 'typescript', decorators: true },
          transform: { legacyDecorator: true, decoratorMetadata: false, useDefineForClassFields: false },
          target: 'es2022',
        },
        module: { type: 'es6' },
      },
    ],
  },
  setupFiles: ['<rootDir>/tests/support/properties.mjs'],
}

/** Builds the service and starts one Postgres. Jest calls this set-up once a run, and only if a test of these projects runs. */
const server = {
  globalSetup: '<rootDir>/tests/support/globalSetup.mjs',
  globalTeardown: '<rootDir>/tests/support/globalTeardown.mjs',
}

const colours = { pure: 'green', database: 'blue', browser: 'magenta', machines: 'yellow' }

export default {
  // Guards against hanging, and against nothing else: a busy machine takes its time. Jest reads it here alone, not in a project.
  testTimeout: 300_000,
  projects: Object.entries(filesByProject()).map(([name, files]) => ({
    ...shared,
    ...(name !== 'pure' && server),
    displayName: { name, color: colours[name] },
    testMatch: files.map((file) => `<rootDir>/${file}`),
  })),
  testSequencer: '<rootDir>/tests/support/sequencer.mjs',
  // Jest leaves a core to itself; here every other process waits for the tests anyway, and tests wait for Postgres, R and Chromium.
  maxWorkers: '100%',
  // Modules of a test file are not let go of when it has ended: a process that has grown is replaced between two files.
  workerIdleMemoryLimit: '1GB',
}
