import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { gzipSync } from 'node:zlib';
import { temporaryFolder } from '../../support/platform-folder';
import { tool } from './tools';

/** An image that was pushed. */
export interface PushedImage {
  /** Digest of its index. */
  readonly digest: string;
  /** Digest of one of its layers. */
  readonly layer: string;
}

const PLATFORMS = ['amd64', 'arm64'];

/** Pushes a small index of two platforms whose content depends on the seed alone. */
export async function pushImage(reference: string, seed: string, layerBytes = 4096): Promise<PushedImage> {
  const folder = temporaryFolder();
  const write = (content: Buffer): { readonly digest: string; readonly size: number } => {
    const hash = createHash('sha256').update(content).digest('hex');
    fs.mkdirSync(path.join(folder, 'blobs', 'sha256'), { recursive: true });
    fs.writeFileSync(path.join(folder, 'blobs', 'sha256', hash), content);
    return { digest: `sha256:${hash}`, size: content.length };
  };
  const json = (content: object): Buffer => Buffer.from(JSON.stringify(content));
  let layerDigest = '';
  const manifests = PLATFORMS.map((architecture) => {
    const tar = tarOf(`${seed}-${architecture}.txt`, noise(`${seed} ${architecture}`, layerBytes));
    const layer = write(gzipSync(tar));
    layerDigest = layer.digest;
    const config = write(
      json({
        architecture,
        os: 'linux',
        config: {},
        rootfs: { type: 'layers', diff_ids: [`sha256:${createHash('sha256').update(tar).digest('hex')}`] },
      }),
    );
    const manifest = write(
      json({
        schemaVersion: 2,
        mediaType: 'application/vnd.oci.image.manifest.v1+json',
        config: { mediaType: 'application/vnd.oci.image.config.v1+json', ...config },
        layers: [{ mediaType: 'application/vnd.oci.image.layer.v1.tar+gzip', ...layer }],
      }),
    );
    return { mediaType: 'application/vnd.oci.image.manifest.v1+json', ...manifest, platform: { architecture, os: 'linux' } };
  });
  fs.writeFileSync(path.join(folder, 'oci-layout'), '{"imageLayoutVersion":"1.0.0"}');
  const index = json({ schemaVersion: 2, mediaType: 'application/vnd.oci.image.index.v1+json', manifests });
  fs.writeFileSync(path.join(folder, 'index.json'), index);
  await tool('crane', ['push', '--index', folder, reference]);
  return { digest: `sha256:${createHash('sha256').update(index).digest('hex')}`, layer: layerDigest };
}

/** Pushes an artifact of one layer, as `flux push artifact` does with a folder. */
export async function pushArtifact(reference: string, layer: Buffer): Promise<string> {
  const folder = temporaryFolder();
  const blobs = path.join(folder, 'blobs', 'sha256');
  fs.mkdirSync(blobs, { recursive: true });
  const write = (
    content: Buffer,
    mediaType: string,
  ): { readonly mediaType: string; readonly digest: string; readonly size: number } => {
    const hash = createHash('sha256').update(content).digest('hex');
    fs.writeFileSync(path.join(blobs, hash), content);
    return { mediaType, digest: `sha256:${hash}`, size: content.length };
  };
  const manifest = write(
    Buffer.from(
      JSON.stringify({
        schemaVersion: 2,
        mediaType: 'application/vnd.oci.image.manifest.v1+json',
        config: write(Buffer.from('{}'), 'application/vnd.cncf.flux.config.v1+json'),
        layers: [write(layer, 'application/vnd.cncf.flux.content.v1.tar+gzip')],
      }),
    ),
    'application/vnd.oci.image.manifest.v1+json',
  );
  fs.writeFileSync(path.join(folder, 'oci-layout'), '{"imageLayoutVersion":"1.0.0"}');
  fs.writeFileSync(path.join(folder, 'index.json'), JSON.stringify({ schemaVersion: 2, manifests: [manifest] }));
  await tool('crane', ['push', folder, reference]);
  return manifest.digest;
}

/** Bytes that do not compress, and are the same each time. */
function noise(seed: string, bytes: number): Buffer {
  const blocks: Buffer[] = [];
  for (let index = 0; index * 32 < bytes; index++) blocks.push(createHash('sha256').update(`${seed} ${index}`).digest());
  return Buffer.concat(blocks).subarray(0, bytes);
}

/** A tar archive of one file. */
function tarOf(name: string, content: Buffer): Buffer {
  const header = Buffer.alloc(512);
  header.write(name, 0);
  header.write('0000644\0', 100);
  header.write('0000000\0', 108);
  header.write('0000000\0', 116);
  header.write(`${content.length.toString(8).padStart(11, '0')}\0`, 124);
  header.write('00000000000\0', 136);
  header.write('        ', 148);
  header.write('0', 156);
  header.write('ustar\x0000', 257);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  const padding = Buffer.alloc((512 - (content.length % 512)) % 512);
  return Buffer.concat([header, content, padding, Buffer.alloc(1024)]);
}
