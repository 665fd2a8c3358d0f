/** Names every test that was not run, so that nothing that was left out looks like a pass. */
module.exports = class WhatDidNotRun {
  onRunComplete(_contexts, { testResults }) {
    const left = testResults.flatMap(({ testResults: tests }) =>
      tests.filter(({ status }) => status !== 'passed' && status !== 'failed').map(({ fullName }) => fullName),
    );
    console.log(left.length === 0 ? '\nEvery end-to-end test ran.' : `\n${left.length} did not run:`);
    for (const name of left) console.log(`  - ${name}`);
  }
};
