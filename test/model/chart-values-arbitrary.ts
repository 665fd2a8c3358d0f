import * as fc from 'fast-check';
import { z } from 'zod';
import { appValues, tenantValues } from '../../src/model';
import { isMapping, type ChartName, type Mapping } from './chart-values-as-helm';

/** The parts of a JSON Schema that values are generated from. */
interface Node {
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly anyOf?: readonly Node[];
  readonly properties?: Readonly<Record<string, Node>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: Node | boolean;
  readonly propertyNames?: Node;
  readonly items?: Node;
  readonly pattern?: string;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
}

/** Mostly valid values of a chart, of which some break one thing or several. */
export function chartValues(chart: ChartName): fc.Arbitrary<Mapping> {
  const schema = z.toJSONSchema(chart === 'platform-app-chart' ? appValues : tenantValues, {
    io: 'input',
    target: 'draft-07',
  }) as Node;
  const values = arbitraryOf(schema) as fc.Arbitrary<Mapping>;
  const likely = chart === 'platform-app-chart' ? fc.tuple(values, fc.integer({ min: 0, max: 9 })).map(keepingRules) : values;
  const mutations = fc.oneof(
    { weight: 5, arbitrary: fc.constant([]) },
    { weight: 4, arbitrary: fc.array(MUTATION, { minLength: 1, maxLength: 1 }) },
    { weight: 1, arbitrary: fc.array(MUTATION, { minLength: 2, maxLength: 4 }) },
  );
  return fc
    .tuple(likely, mutations)
    .map(([valid, changes]) => changes.reduce(mutate, valid))
    .filter(isMapping);
}

function arbitraryOf(node: Node): fc.Arbitrary<unknown> {
  if (node.const !== undefined) return fc.constant(node.const);
  if (node.enum !== undefined) return fc.constantFrom(...node.enum);
  if (node.anyOf !== undefined) return fc.oneof(...node.anyOf.map(arbitraryOf));
  switch (node.type) {
    case 'object':
      return mapping(node);
    case 'array':
      return fc.array(arbitraryOf(node.items ?? {}), { maxLength: 2 });
    case 'string':
      return text(node);
    case 'integer':
      return fc.integer({ min: node.minimum ?? 0, max: Math.min(node.maximum ?? 100, Number.MAX_SAFE_INTEGER) });
    case 'boolean':
      return fc.boolean();
    default:
      return ANYTHING;
  }
}

function mapping({ properties, required = [], additionalProperties, propertyNames }: Node): fc.Arbitrary<unknown> {
  if (properties === undefined) {
    const content = typeof additionalProperties === 'object' ? arbitraryOf(additionalProperties) : ANYTHING;
    return fc.dictionary(text(propertyNames ?? {}), content, { maxKeys: 2 });
  }
  const fields = Object.entries(properties).map(([name, node]) => {
    const field = arbitraryOf(node).map((value) => [[name, value]] as const);
    return required.includes(name) ? field : fc.oneof({ weight: 3, arbitrary: fc.constant([]) }, { weight: 1, arbitrary: field });
  });
  return fc.tuple(...fields).map((entries) => Object.fromEntries(entries.flat()) as Mapping);
}

function text({ pattern, maxLength = 200 }: Node): fc.Arbitrary<string> {
  if (pattern === undefined)
    return fc.oneof(fc.string({ maxLength: 12 }), fc.constantFrom('', 'a\nb', 'ä€𝄞', '{{ .Values }}', '$(A)'));
  return fc.stringMatching(new RegExp(pattern), { size: 'small' }).filter((value) => value.length <= maxLength);
}

const ANYTHING = fc.oneof(
  fc.constantFrom<unknown>(null, true, false, 0, -1, 0.5, 1e6, 2 ** 40, '', 'x', 'latest', 'sku-huge', '0%', '100%', [], {}),
  fc.constantFrom<unknown>([null], { a: null }, { enabled: true }, { enabled: false }, [{}], { a: { b: { c: [{ d: null }] } } }),
  fc.integer({ min: -10, max: 100_000 }),
  fc.string({ maxLength: 8 }),
);

const IMAGE = { repository: 'registry.example/shop/web', tag: '1.2.3' };
const NOBODY = '00000000-0000-0000-0000-000000000000';

/** Repairs what would nearly always break a rule between fields; once in ten times it leaves it all, and thrice what is not needed. */
function keepingRules([values, dice]: readonly [Mapping, number]): Mapping {
  if (dice === 0) return values;
  if (dice < 4) return { sku: 'sku-small', aadGroupId: ID, ...values, image: IMAGE };
  const {
    workload = 'web',
    image,
    cronJob,
    ingress,
    httpRoute,
    keyVault,
    autoscaling,
    ...rest
  } = values as Record<string, Mapping>;
  const isWeb = (workload as unknown) === 'web';
  const route = (given: Mapping | undefined): Mapping =>
    given === undefined ? {} : { ...given, enabled: given['enabled'] === true && isWeb, hosts: ['shop.example.com'] };
  const optional = { ingress, httpRoute, keyVault, autoscaling, cronJob };
  const repaired: Readonly<Record<keyof typeof optional, Mapping>> = {
    ingress: route(ingress),
    httpRoute: route(httpRoute),
    keyVault: { name: 'kv-shop', tenantId: ID, clientId: ID, ...keyVault },
    autoscaling: (workload as unknown) === 'cronjob' ? { ...autoscaling, enabled: false } : { ...autoscaling },
    cronJob: { schedule: '@daily', ...cronJob },
  };
  const isGiven = (name: keyof typeof optional): boolean => optional[name] !== undefined || name === 'cronJob';
  return {
    sku: 'sku-small',
    aadGroupId: ID,
    ...rest,
    workload,
    image: dice < 6 ? { ...IMAGE, ...image } : IMAGE,
    ...Object.fromEntries(Object.entries(repaired).filter(([name]) => isGiven(name as keyof typeof optional))),
  };
}

const ID = '5d3f6a2c-0000-4000-8000-0123456789ab';

/** Where a value is changed, as shares of what there is at each level, and how. */
type Mutation = readonly [trail: readonly number[], kind: 'replace' | 'remove' | 'add' | 'null', value: unknown];

const MUTATION: fc.Arbitrary<Mutation> = fc.tuple(
  fc.array(fc.double({ min: 0, max: 0.999, noNaN: true }), { minLength: 1, maxLength: 5 }),
  fc.constantFrom('replace' as const, 'remove' as const, 'add' as const, 'null' as const),
  fc.oneof(ANYTHING, fc.constantFrom(NOBODY, -2, 70_000, 'A'.repeat(300))),
);

function mutate(value: unknown, [[share = 0, ...trail], kind, replacement]: Mutation): unknown {
  if (!isMapping(value) && !Array.isArray(value)) return kind === 'null' ? null : replacement;
  const keys = Object.keys(value);
  const key = keys[Math.floor(share * keys.length)];
  const below = key === undefined ? undefined : (value as Mapping)[key];
  const descends = trail.length > 0 && typeof below === 'object' && below !== null && Object.keys(below).length > 0;
  if (Array.isArray(value)) {
    if (key === undefined || kind === 'add') return [...(value as unknown[]), replacement];
    if (!descends && kind === 'remove') return value.filter((_, index) => index !== Number(key));
    return value.map((item: unknown, index) =>
      index === Number(key) ? mutate(descends ? item : undefined, [trail, kind, replacement]) : item,
    );
  }
  if (key === undefined || (kind === 'add' && !descends)) return { ...value, unknown: replacement };
  if (!descends && kind === 'remove') return Object.fromEntries(Object.entries(value).filter(([name]) => name !== key));
  return { ...value, [key]: mutate(descends ? below : undefined, [trail, kind, replacement]) };
}
