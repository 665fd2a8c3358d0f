import { SKUS } from './sku';
import { quotaOf } from './tenant-quota';

/** Every SKU with what a container gets and the quota of the namespace, as rows; the first is the head. */
export function skuTable(): readonly (readonly string[])[] {
  return [
    [
      'SKU',
      'pods',
      'CPU of a container',
      'memory of a container',
      'requests.cpu',
      'requests.memory',
      'limits.cpu',
      'limits.memory',
    ],
    ...Object.entries(SKUS).map(([name, tier]) => {
      const { pods, requests, limits } = quotaOf(tier);
      return [
        name,
        String(pods),
        `${tier.cpu.request} → ${tier.cpu.limit}`,
        `${tier.memory.request} → ${tier.memory.limit}`,
        requests.cpu,
        requests.memory,
        limits.cpu,
        limits.memory,
      ];
    }),
  ];
}

/** The page of the docs that shows them. */
export function skuPage(): string {
  const [head, ...rows] = skuTable();
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return `<!-- Generated from src/model/sku.ts by \`npm run schemas\`. Do not edit. -->

# SKUs

The size of a team's namespace. A container that does not say what it needs gets the request and the limit of the SKU, and the limit is
also the most that one may ask for (\`LimitRange\`). The \`ResourceQuota\` is as many times that as the SKU has pods.

${[line(head!), line(head!.map(() => '---')), ...rows.map(line)].join('\n')}

An update adds a pod before it takes one away (\`rollout.maxSurge\`, 1 by default), and that pod counts too: of \`sku-small\`'s 5 pods a
workload can use 4 and be updated without a gap. \`npm start\` and \`npx k8s-gitops validate --charts\` count it so.

Pods that end still count until they are gone, which takes up to \`terminationGracePeriodSeconds\` + \`preStopSeconds\`: an update at the
edge of the quota waits for them. A workload with a PersistentVolumeClaim of access mode ReadWriteOnce wants
\`rollout: { maxSurge: 0, maxUnavailable: 1 }\`: its volume is on one node at a time, and a pod that is added on another one never starts.

To change them, edit \`src/model/sku.ts\` and run \`npm run schemas\`: the charts, the schemas and this page follow.
`;
}
