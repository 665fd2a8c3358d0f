import * as path from 'node:path';
import { repairInterruptedWrite, writeFiles } from '../../manifests';
import { sortProblems } from '../model';
import { Interrupted, stopIfInterrupted } from './interruption';
import { planUpgrade } from './plan-upgrade';
import { Refusal } from './refusal';
import { type UpgradeRequest } from './upgrade-request';
import { NOTHING, type Upgrade } from './upgrade-result';

/** Brings model, lock and everything generated from one state to the next, all or nothing. */
export async function upgrade(request: UpgradeRequest): Promise<Upgrade> {
  const repair = repairInterruptedWrite(request.directory, request.program);
  const repaired = repair === undefined ? {} : { repair };
  if (repair !== undefined && repair.problems.length > 0) return { ...NOTHING, ...repaired, problems: repair.problems };
  try {
    return { ...(await planAndWrite(request)), ...repaired };
  } catch (error) {
    if (error instanceof Refusal)
      return { ...NOTHING, ...repaired, problems: sortProblems(error.problems), notes: sortProblems(error.notes) };
    if (!(error instanceof Interrupted)) throw error;
    return { ...NOTHING, ...repaired, interrupted: true };
  }
}

async function planAndWrite(request: UpgradeRequest): Promise<Upgrade> {
  const planned = await planUpgrade(request);
  stopIfInterrupted(request.signal);
  const problems = writeFiles(path.resolve(request.directory), planned.changes, { journal: true });
  return problems.length > 0 ? { ...NOTHING, problems } : planned;
}
