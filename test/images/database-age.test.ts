import { describeAge, durationMilliseconds, parseTrivyState } from '../../src/images/database-age';

describe('the age of the databases', () => {
  it.each([
    ['72h', 259_200_000],
    ['1h30m', 5_400_000],
    ['1.5h', 5_400_000],
    ['90s', 90_000],
    ['500ms', 500],
  ])('%s is %d milliseconds', (duration, milliseconds) => {
    expect(durationMilliseconds(duration)).toBe(milliseconds);
  });

  it('is said in hours and then in days', () => {
    expect([47, 48, 100].map((hours) => describeAge(hours * 3_600_000))).toEqual(['47 h', '2 days', '4 days']);
  });

  it('is read from what Trivy prints', () => {
    const text = JSON.stringify({
      Version: '0.69.3',
      VulnerabilityDB: { Version: 2, UpdatedAt: '2026-11-20T06:07:07.99504083Z' },
    });
    expect(parseTrivyState(text)).toEqual({ version: '0.69.3', databaseUpdatedAt: new Date('2026-11-20T06:07:07.995Z') });
    expect(parseTrivyState('{"Version":"0.69.3"}')).toEqual({ version: '0.69.3' });
  });

  it.each(['', '{', '[]', '{"Version":"1","VulnerabilityDB":{"UpdatedAt":"yesterday"}}'])('is not known from %j', (text) => {
    expect(parseTrivyState(text)).toBeUndefined();
  });
});
