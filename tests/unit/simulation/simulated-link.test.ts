import { describe, expect, test } from 'vitest';
import type { LinkHandlers } from '@/src/transport/peer-link';
import { Host, type HostFacts } from '@/tests/simulation/host';
import { wholeParcels } from '@/tests/simulation/parcels';
import { SimulatedLink } from '@/tests/simulation/simulated-link';
import { VirtualClock } from '@/tests/simulation/virtual-clock';

const LINE: HostFacts = {
  kind: 'viewer',
  uplinkBytesPerMs: 100,
  downlinkBytesPerMs: 100_000,
  xMs: 0,
  yMs: 0,
  accessMs: 10,
  symmetricNat: false,
};
const BLOCK_BYTES = 16 * 1024;

class Net {
  readonly clock = new VirtualClock();
  readonly log: string[] = [];

  host(facts: Partial<HostFacts> = {}): Host {
    return new Host({ ...LINE, ...facts }, this.clock);
  }

  link(from: Host, to: Host, name = ''): [SimulatedLink, SimulatedLink] {
    const pair = SimulatedLink.pair({ clock: this.clock, parcels: wholeParcels, onBlock: () => undefined }, from, to);
    pair[0].receive(this.#handlers('near', name));
    pair[1].receive(this.#handlers('far', name));
    return pair;
  }

  run(): Promise<void> {
    return this.clock.run(() => false);
  }

  #handlers(end: string, name: string): LinkHandlers {
    const note = (what: string): void => void this.log.push(`${end}${name} ${what} ${this.clock.elapsedMs}`);
    return {
      onFrame: (channel, frame) => note(`${channel} ${frame.length}`),
      onDrain: () => note('drain'),
      onClose: (reason) => note(`closed: ${reason}`),
    };
  }
}

describe('a simulated link', () => {
  test('a block takes the time of the uplink and the way', async () => {
    const net = new Net();
    const [near] = net.link(net.host(), net.host());
    near.send('bulk', new Uint8Array(BLOCK_BYTES));
    expect(near.bufferedBulkBytes).toBe(BLOCK_BYTES);
    await net.run();
    // 16 KiB with headers at 100 bytes/ms, and 20 ms of way.
    expect(net.log).toEqual([`far bulk ${BLOCK_BYTES} 197`]);
    expect(near.bufferedBulkBytes).toBe(0);
  });

  test('a small control frame waits for no block', async () => {
    const net = new Net();
    const [near] = net.link(net.host(), net.host());
    near.send('bulk', new Uint8Array(BLOCK_BYTES));
    near.send('control', new Uint8Array(5));
    await net.run();
    expect(net.log).toEqual(['far control 5 20', `far bulk ${BLOCK_BYTES} 197`]);
  });

  test('control frames keep their order, whatever their size', async () => {
    const net = new Net();
    const [near] = net.link(net.host(), net.host());
    for (const size of [9000, 5, 6]) near.send('control', new Uint8Array(size));
    await net.run();
    expect(net.log.map((line) => line.split(' ')[2])).toEqual(['9000', '5', '6']);
  });

  test('links share an uplink in turns', async () => {
    const net = new Net();
    const sender = net.host();
    const [first] = net.link(sender, net.host(), '1');
    const [second] = net.link(sender, net.host(), '2');
    for (let block = 0; block < 3; block++) first.send('bulk', new Uint8Array(1000 + block));
    second.send('bulk', new Uint8Array(2000));
    await net.run();
    expect(net.log.map((line) => line.split(' ').slice(0, 3).join(' '))).toEqual([
      'far1 bulk 1000',
      'far2 bulk 2000',
      'far1 bulk 1001',
      'far1 bulk 1002',
    ]);
  });

  test('frames of two senders share a downlink', async () => {
    const net = new Net();
    const receiver = net.host({ downlinkBytesPerMs: 100 });
    for (const name of ['1', '2']) {
      const [near] = net.link(net.host({ uplinkBytesPerMs: 100_000 }), receiver, name);
      near.send('bulk', new Uint8Array(BLOCK_BYTES));
    }
    await net.run();
    expect(net.log).toEqual([`far1 bulk ${BLOCK_BYTES} 198`, `far2 bulk ${BLOCK_BYTES} 374`]);
  });

  test('what has left makes room, and says so', async () => {
    const net = new Net();
    const [near] = net.link(net.host(), net.host());
    for (let block = 0; block < 6; block++) near.send('bulk', new Uint8Array(BLOCK_BYTES));
    await net.run();
    expect(net.log.filter((line) => line.includes('drain'))).toHaveLength(1);
  });

  test('the other end hears of a close a way later, and of a machine that vanished when its consent runs out', async () => {
    const net = new Net();
    const [near] = net.link(net.host(), net.host());
    near.close('enough');
    await net.run();
    expect(net.log).toEqual(['near closed: enough 0', 'far closed: the peer left 20']);

    const other = new Net();
    const gone = other.host();
    const [own] = other.link(gone, other.host());
    gone.vanish();
    own.send('control', new Uint8Array(5));
    own.close('the machine is off');
    await other.run();
    expect(other.log).toEqual(['near closed: the machine is off 0', 'far closed: the connection was lost 30000']);
  });
});
