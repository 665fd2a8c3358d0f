import { createReadStream } from 'node:fs';
import { installedPath, unusable, type MemberWork, type WantedMembers } from './member-path';
import { type ArchiveKind } from './published-tools';
import { readTar } from './tar-members';
import { interrupted, ToolFailure } from './tool-failure';
import { readZip } from './zip-members';

/**
 * Reads the wanted members of an archive, one after the other.
 *
 * @throws ToolFailure when the archive is damaged, lacks a member, or has what it must not have
 */
export async function readMembers(wanted: WantedMembers, work: MemberWork): Promise<void> {
  const seen = new Set<string>();
  const checked: MemberWork = async (file, content) => {
    if (seen.has(file)) throw unusable(`it has '${file}' twice`);
    seen.add(file);
    await work(file, content);
  };
  try {
    await READERS[wanted.kind](wanted, checked);
  } catch (error) {
    throw explain(error, wanted);
  }
  for (const member of wanted.members) {
    const found = member.endsWith('/') ? seen.size > 0 : seen.has(installedPath(member, [member])!);
    if (!found) throw unusable(`it has no '${member}'`);
  }
}

const READERS: Readonly<Record<ArchiveKind, (wanted: WantedMembers, work: MemberWork) => Promise<void>>> = {
  binary: ({ archive, members }, work) => work(installedPath(members[0]!, members)!, createReadStream(archive)),
  'tar.gz': readTar,
  zip: readZip,
};

/** What the libraries say of a file that is no archive, or half of one. */
function explain(error: unknown, { signal }: WantedMembers): unknown {
  if (signal?.aborted === true) return interrupted();
  const { message, code, syscall } = error as NodeJS.ErrnoException;
  if (error instanceof ToolFailure || syscall !== undefined) return error;
  if (code === 'Z_BUF_ERROR') return unusable('it is truncated');
  if (code?.startsWith('Z_') === true) return unusable(`it cannot be unpacked (${message})`);
  return error;
}
