import { COMPUTED, planValue, SECRET, textsIn } from '../../infra/plan/plan-value';

const SIGNATURE = '4dabf18193072939515e22adb298388d';
const secret = { [SIGNATURE]: '1b47061264138c4ac30d75fd1eb44270', value: 'hunter2' };
const output = (content: object): object => ({ [SIGNATURE]: 'd0e6a833031e9bbcd3f4e8bde6ca49a4', ...content });

describe('a value of a plan', () => {
  it('is what the wire says, in the order of keys', () => {
    expect(JSON.stringify(planValue({ b: [1, 'x', null, true], a: { d: {}, c: undefined } }))).toBe(
      '{"a":{"c":null,"d":{}},"b":[1,"x",null,true]}',
    );
  });

  it('is computed when nobody knows it yet', () => {
    expect(planValue('04da6b54-80e4-46f7-96ec-b56ff0331ba9')).toBe(COMPUTED);
    expect(planValue(output({}))).toBe(COMPUTED);
    expect(planValue({ a: [output({ dependencies: ['urn'] })] })).toEqual({ a: [COMPUTED] });
  });

  it.each([
    ['a secret', secret],
    ['a secret output', output({ value: 'hunter2', secret: true })],
    ['a secret in an output', output({ value: { nested: [secret] } })],
    ['an output that is no secret, of a secret', output({ value: secret, secret: false })],
    ['a secret that is not known', output({ secret: true })],
  ])('never shows %s', (_what, wire) => {
    const shown = planValue({ a: wire });
    expect(JSON.stringify(shown)).not.toContain('hunter2');
    expect(textsIn(shown)).toContain(SECRET);
  });

  it('shows a known output, and a resource by its URN', () => {
    expect(planValue(output({ value: { a: 1 } }))).toEqual({ a: 1 });
    expect(planValue({ [SIGNATURE]: '5cf8f73096256a8f31e491e813e4eb8e', urn: 'urn:pulumi:x', id: 'i' })).toBe('urn:pulumi:x');
  });
});
