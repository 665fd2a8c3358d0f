import { lastWords } from '../../src/images/explain-failure';
import { findMismatch } from '../../src/tools';

const A = 'a'.repeat(64);
const B = 'b'.repeat(64);

describe('what tools say of a failure', () => {
  it.each([
    `manifest digest: "sha256:${B}" does not match requested digest: "sha256:${A}" for "r.io/a@sha256:${A}"`,
    `error verifying sha256 checksum after reading 12 bytes; got "${B}", want "${A}"`,
  ])('has the digest expected and the one found: %s', (stderr) => {
    expect(findMismatch(`Error: ${stderr}`)).toEqual({ expected: `sha256:${A}`, found: `sha256:${B}` });
  });

  it('is in the last line that is not a warning', () => {
    const stderr = 'WARNING: Skipping tlog\nError: no signatures found\nerror during command execution: no signatures found\n';
    expect(lastWords(stderr)).toBe('no signatures found');
    expect(lastWords('')).toBe('it did not say why');
    expect(lastWords('\u001b[31mred')).toBe('[31mred');
    expect(lastWords('x'.repeat(1000))).toHaveLength(401);
  });
});
