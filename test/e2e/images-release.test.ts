import { supplyChain } from './support/supply-chain';

describe('images release', () => {
  it('x', async () => {
    const chain = await supplyChain();
    const r = await chain.release();
    console.log(r.out, r.err, r.code);
    const r2 = await chain.release();
    console.log(r2.out, r2.err, r2.code);
    const r3 = await chain.run(['images', 'verify', '--env', 'dev', '--public-key', chain.platform.publicKey]);
    console.log(r3.out, r3.err, r3.code);
    const r4 = await chain.run(['images', 'list']);
    console.log(r4.out, r4.err, r4.code);
  });
});
