import { isDeepStrictEqual } from 'node:util';
import { dryRunAccessObjectsFor, FLUX_NAMESPACE } from '../../../manifests/builders';
import { COMPUTED, type PlanObject, type PlanValue } from '../../plan/plan-value';
import { type Finding } from '../finding';
import { isObject, shown, valueAt } from '../known-value';
import { type ResourceRule } from '../rule';

const { policy, role } = dryRunAccessObjectsFor({ matchConditions: [], subjects: [] });
const DRY_RUN = role.metadata.name;

/** Label by which a role becomes part of another one. */
const AGGREGATES = 'rbac.authorization.k8s.io/aggregate-to-';

type Path = readonly string[];

/** A value that has to be; what is only known later is wrong unless it may be. */
type Needed = readonly [path: Path, isRight: (value: PlanValue | undefined) => boolean, rule: string];

const same =
  (right: unknown) =>
  (value: PlanValue | undefined): boolean =>
    isDeepStrictEqual(value, right);

const orLater =
  (isRight: (value: PlanValue | undefined) => boolean) =>
  (value: PlanValue | undefined): boolean =>
    value === COMPUTED || isRight(value);

const isOne = (value: PlanValue | undefined): boolean => Array.isArray(value) && value.length === 1;

const isOneUser = (value: PlanValue | undefined): boolean =>
  Array.isArray(value) && value.length === 1 && [COMPUTED, 'User'].includes(valueAt(value[0] as PlanValue, 'kind') as string);

const aggregatesNot = (labels: PlanValue | undefined): boolean =>
  labels === undefined || (isObject(labels) && !Object.keys(labels).some((label) => label.startsWith(AGGREGATES)));

const NAMED: Needed = [['metadata', 'name'], same(DRY_RUN), `'${DRY_RUN}'`];

const NEEDED: Readonly<Record<string, readonly Needed[]>> = {
  ClusterRole: [
    NAMED,
    [['rules'], same(role.rules), 'those of dryRunAccessObjectsFor'],
    [['aggregationRule'], same(undefined), 'left out'],
    [['metadata', 'labels'], aggregatesNot, `known, and without ${AGGREGATES}…`],
  ],
  RoleBinding: [
    NAMED,
    [['metadata', 'namespace'], same(FLUX_NAMESPACE), `'${FLUX_NAMESPACE}'`],
    [['roleRef', 'kind'], same('ClusterRole'), "'ClusterRole'"],
    [['roleRef', 'name'], orLater(same(DRY_RUN)), `'${DRY_RUN}'`],
    [['subjects'], orLater(isOneUser), 'one User'],
  ],
  ValidatingAdmissionPolicy: [
    [['spec', 'matchConstraints'], same(policy.spec.matchConstraints), 'those of dryRunAccessObjectsFor'],
    [['spec', 'validations'], same(policy.spec.validations), 'those of dryRunAccessObjectsFor'],
    [['spec', 'matchConditions'], orLater(isOne), 'one'],
  ],
};

/** Nobody gets other rights in a cluster than to try out manifests. */
export const dryRunRights: ResourceRule = {
  name: 'dry-run-rights',
  description:
    `The only role that is made and bound in a cluster is '${DRY_RUN}', with the rules that the builders of manifests write, for one user and ` +
    "in Flux's namespace; the ValidatingAdmissionPolicy matches and validates as they write it (decision 10). The name of the bound role, " +
    'the user and whom the policy is about may be known later; the engine looks again.',
  about: (type) => type.startsWith('kubernetes:') && kindOf(type) in NEEDED,
  check: ({ type, props }) => NEEDED[kindOf(type)]!.flatMap((needed) => faultOf(props, needed)),
};

const kindOf = (type: string): string => type.split(':').at(-1)!;

function faultOf(props: PlanObject, [path, isRight, rule]: Needed): readonly Finding[] {
  const value = valueAt(props, ...path);
  if (isRight(value)) return [];
  return [
    {
      message: `${path.join('.')} is ${shown(value)}, and has to be ${rule}.`,
      remedy: 'Make the objects of a dry run with DryRunAccess alone.',
    },
  ];
}
