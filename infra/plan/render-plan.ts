import { credentialRequestText, type RequestedFederatedCredential } from '../azure/credential-request';
import { requestText, type RequestedRoleAssignment } from '../azure/role-request';
import { shortName, type Plan, type PlannedResource } from './plan';
import { COMPUTED, type PlanObject, type PlanValue } from './plan-value';

/** Marks parts of a line, where the terminal can show it. */
export interface PlanStyle {
  readonly added: (text: string) => string;
  readonly name: (text: string) => string;
  readonly faint: (text: string) => string;
}

/** A plan as a tree, with the inputs of every resource and where a value comes from that is not known yet. */
export function renderPlan(plan: Plan, style: PlanStyle): readonly string[] {
  const byUrn = new Map(plan.resources.map((resource) => [resource.urn, resource]));
  const children = new Map<string | undefined, PlannedResource[]>();
  for (const resource of plan.resources) {
    const siblings = children.get(resource.parent) ?? [];
    siblings.push(resource);
    children.set(resource.parent, siblings);
  }
  const name = (urn: string): string => {
    const resource = byUrn.get(urn);
    return resource === undefined ? urn : shortName(resource);
  };
  const tree = (resource: PlannedResource, indent: string): readonly string[] => [
    `${indent}${style.added('+')} ${resource.type} ${style.name(resource.name)}${flags(resource)}`,
    ...details(resource, name).map((line) => style.faint(`${indent}    ${line}`)),
    ...(children.get(resource.urn) ?? []).flatMap((child) => tree(child, `${indent}  `)),
  ];
  const roots = (children.get(undefined) ?? []).flatMap((stack) => children.get(stack.urn) ?? []);
  return [
    ...roots.flatMap((resource) => tree(resource, '')),
    ...section(
      'Look-ups',
      plan.lookUps.map(({ token, args, answeredBy }) => `${token} ${JSON.stringify(args)}: ${answeredBy}`),
    ),
    ...section(
      'Outputs',
      flatten(withoutRequests(plan.outputs)).flatMap(([path, value]) => line(path, value)),
    ),
    ...section('To request from those who may', requests(plan.outputs)),
    ...section('Notes', plan.notes),
    ...section('Warnings', plan.warnings),
  ];
}

function section(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : ['', `${title}:`, ...lines.map((text) => `  ${text}`)];
}

function flags({ protect, retainOnDelete }: PlannedResource): string {
  const given = [...(protect ? ['protected'] : []), ...(retainOnDelete ? ['kept on delete'] : [])];
  return given.length === 0 ? '' : `  [${given.join(', ')}]`;
}

function details(resource: PlannedResource, name: (urn: string) => string): readonly string[] {
  const { inputs, dependencies, propertyDependencies, provider } = resource;
  const sources = Object.values(propertyDependencies).flat();
  const explicit = dependencies.filter((urn) => !sources.includes(urn));
  return [
    ...flatten(inputs).flatMap(([path, value]) => {
      const from = value === COMPUTED ? (propertyDependencies[path.split('.')[0]!] ?? []) : [];
      return line(path, value, from.length === 0 ? '' : `  <- ${from.map(name).join(', ')}`);
    }),
    ...(explicit.length === 0 ? [] : [`waits for: ${explicit.map(name).join(', ')}`]),
    ...(provider === undefined ? [] : [`provider: ${name(provider)}`]),
  ];
}

/** Every value that is no object with keys of its own, by its path. */
function flatten(value: PlanValue, path = ''): readonly (readonly [path: string, value: PlanValue])[] {
  if (typeof value !== 'object' || value === null || Object.keys(value).length === 0) return path === '' ? [] : [[path, value]];
  if (Array.isArray(value) && value.every((item) => typeof item !== 'object')) return [[path, value]];
  return Object.entries(value as PlanObject).flatMap(([key, nested]) => flatten(nested, path === '' ? key : `${path}.${key}`));
}

function line(path: string, value: PlanValue, suffix = ''): readonly string[] {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  if (!text.includes('\n')) return [`${path}: ${text}${suffix}`];
  return [
    `${path}: |${suffix}`,
    ...text
      .trimEnd()
      .split('\n')
      .map((part) => `  ${part}`),
  ];
}

const REQUESTS = ['roleAssignmentsToRequest', 'federatedCredentialsToRequest', 'entitlementsToRequest'];

function withoutRequests(outputs: PlanObject): PlanObject {
  return Object.fromEntries(Object.entries(outputs).filter(([key]) => !REQUESTS.includes(key)));
}

function requests(outputs: PlanObject): readonly string[] {
  const list = (key: string): readonly PlanObject[] =>
    Array.isArray(outputs[key]) ? (outputs[key] as readonly PlanObject[]) : [];
  return [
    ...list('roleAssignmentsToRequest').map((request) => requestText(request as unknown as RequestedRoleAssignment)),
    ...list('federatedCredentialsToRequest').map((request) =>
      credentialRequestText(request as unknown as RequestedFederatedCredential),
    ),
    ...texts(outputs['entitlementsToRequest']),
  ];
}

const texts = (value: PlanValue | undefined): readonly string[] => (Array.isArray(value) ? value.map(String) : []);
