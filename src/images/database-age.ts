import { z } from 'zod';

const versionReport = z.object({
  Version: z.string(),
  VulnerabilityDB: z.object({ UpdatedAt: z.iso.datetime({ offset: true }) }).optional(),
});

/** What Trivy says of itself and of its vulnerability database. */
export interface TrivyState {
  readonly version: string;
  /** When its publisher made the vulnerability database. @default - there is none */
  readonly databaseUpdatedAt?: Date;
}

/** Reads what `trivy version --format json` prints; `undefined` when it is something else. */
export function parseTrivyState(text: string): TrivyState | undefined {
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch {
    return undefined;
  }
  const parsed = versionReport.safeParse(content);
  if (!parsed.success) return undefined;
  const { Version: version, VulnerabilityDB: database } = parsed.data;
  return { version, ...(database === undefined ? {} : { databaseUpdatedAt: new Date(database.UpdatedAt) }) };
}

const UNITS = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 } as const;

/**
 * A Go duration in milliseconds.
 *
 * @param duration follows the rule DURATION
 */
export function durationMilliseconds(duration: string): number {
  return [...duration.matchAll(/([0-9.]+)(ms|s|m|h)/g)].reduce(
    (sum, [, number, unit]) => sum + Number(number) * UNITS[unit as keyof typeof UNITS],
    0,
  );
}

/** An age as people say it: days and hours, rounded down. */
export function describeAge(milliseconds: number): string {
  const hours = Math.floor(milliseconds / UNITS.h);
  return hours < 48 ? `${hours} h` : `${Math.floor(hours / 24)} days`;
}
