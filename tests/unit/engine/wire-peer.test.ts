import { describe, expect, test } from 'vitest';
import type { LibraryWire } from '@/src/engine/webtorrent/library';
import { WirePeer } from '@/src/engine/webtorrent/wire-peer';
import type { WireChannel } from '@/src/transport/wire-channel';
import { VirtualTime } from '@/tests/support/virtual-swarm/virtual-time';

const BLOCK = 16 * 1024;

/** A peer whose blocks come as the test says. The library asks for as much as it may. */
function openPeer() {
  const time = new VirtualTime();
  let onBlock: ((latencyMs: number, lengthBytes: number) => void) | undefined;
  const wire = { requests: [] as unknown[], peerExtendedHandshake: { reqq: undefined as number | undefined } };
  const guard = { whenBlock: (call: typeof onBlock) => (onBlock = call) };
  const peer = new WirePeer(wire as unknown as LibraryWire, { guard } as unknown as WireChannel, time);
  const limit = (): number => wire.peerExtendedHandshake.reqq ?? Number.NaN;
  const comes = async (blocks: number, latencyMs: number): Promise<void> => {
    for (let index = 0; index < blocks; index++) {
      wire.requests = Array.from({ length: limit() });
      onBlock?.(latencyMs, BLOCK);
      await time.pass(5);
    }
  };
  return { peer, limit, comes };
}

describe('what may wait at a WebTorrent peer', () => {
  test('is little at first, and more as long as blocks come without delay', async () => {
    const { limit, comes } = openPeer();
    expect(limit()).toBe(8);
    await comes(100, 20);
    expect(limit()).toBeGreaterThan(16);
  });

  test('becomes less once they wait in a queue, but never next to nothing', async () => {
    const { limit, comes } = openPeer();
    await comes(100, 20);
    const most = limit();
    await comes(100, 120);
    expect(limit()).toBeLessThan(most / 2);
    await comes(1000, 2000);
    expect(limit()).toBe(8);
  });

  test('is not judged by blocks whose requests waited behind what is sent, and enough meanwhile', async () => {
    const { limit, comes } = openPeer();
    await comes(100, 20);
    const before = limit();
    await comes(100, Number.NaN);
    expect(limit()).toBe(Math.max(32, before));
    await comes(1, 20);
    expect(Math.abs(limit() - before)).toBeLessThan(2);
  });

  test('is no more than the peer takes', async () => {
    const { peer, limit, comes } = openPeer();
    peer.greet({ reqq: 3 });
    expect(limit()).toBe(3);
    await comes(100, 20);
    expect(limit()).toBe(3);
  });
});
