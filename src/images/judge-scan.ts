import { type ScanException } from '../model';
import { NOTHING_RECOGNIZED, type ScanReport, type Vulnerability } from './scan-report';

/** A vulnerability and what the platform team has said of it. */
export interface JudgedVulnerability extends Vulnerability {
  /** The exception that accepts it. @default - none does */
  readonly exception?: ScanException;
  /** The exception that accepted it until it expired. @default - none did */
  readonly expired?: ScanException;
}

/** A finding in one line. */
export function describeVulnerability({
  id,
  severity,
  package: name,
  installed,
  fixed,
  target,
}: Omit<Vulnerability, 'title' | 'url'>): string {
  return id === NOTHING_RECOGNIZED
    ? `${severity} ${id}: Trivy recognized neither an operating system nor a language in it, so its scan says nothing`
    : `${severity} ${id} in ${name} ${installed} (${target}), fixed in ${fixed}`;
}

/** Tells accepted vulnerabilities from open ones. */
export interface ScanVerdict {
  readonly open: readonly JudgedVulnerability[];
  readonly accepted: readonly JudgedVulnerability[];
}

/**
 * Judges a report by the reviewed exceptions.
 *
 * @param today an exception holds until the end of the day (UTC) that it names
 */
export function judgeScan(
  { vulnerabilities }: ScanReport,
  image: string,
  exceptions: readonly ScanException[],
  today: Date,
): ScanVerdict {
  const date = today.toISOString().slice(0, 10);
  const open: JudgedVulnerability[] = [];
  const accepted: JudgedVulnerability[] = [];
  for (const vulnerability of vulnerabilities) {
    const matching = exceptions.filter((exception) => matches(exception, vulnerability, image));
    const valid = matching.find(({ expires }) => date <= expires);
    if (valid !== undefined) accepted.push({ ...vulnerability, exception: valid });
    else open.push({ ...vulnerability, ...(matching[0] === undefined ? {} : { expired: matching[0] }) });
  }
  return { open, accepted };
}

const matches = (exception: ScanException, { id, package: name }: Vulnerability, image: string): boolean =>
  exception.vulnerability === id &&
  exception.images.includes(image) &&
  (exception.package === undefined || exception.package === name);
