import { sha256 } from '@noble/hashes/sha2.js';
import { concatBytes, equalBytes, type Bytes } from '@/src/base/bytes';
import { BLOCK_UNIT_BYTES } from './peer-messages';

/*
 * The hash trees of BEP 52. A file's leaves are the SHA-256 of its 16 KiB blocks, the last one shorter; the lowest layer is filled up to a
 * power of two with 32 zero bytes each. Layer 0 is the leaves; a layer is written as its hashes one after another.
 */

export const TREE_HASH_BYTES = 32;

const PADDING: Bytes[] = [new Uint8Array(TREE_HASH_BYTES)];

/** The root of 2^height leaves that are all filling. */
function paddingHash(height: number): Bytes {
  for (let below = PADDING.at(-1); PADDING.length <= height && below !== undefined; below = PADDING.at(-1))
    PADDING.push(join(below, below));
  return PADDING[height] ?? new Uint8Array(TREE_HASH_BYTES);
}

function join(left: Uint8Array, right: Uint8Array): Bytes {
  return new Uint8Array(sha256.create().update(left).update(right).digest());
}

/** Layers above `count` hashes up to their root; 0 for one. */
export function heightOf(count: number): number {
  return count <= 1 ? 0 : Math.ceil(Math.log2(count));
}

export function leafCountOf(lengthBytes: number): number {
  return Math.ceil(lengthBytes / BLOCK_UNIT_BYTES);
}

/** SHA-256 of each block of 16 KiB, one after another. */
export async function leafHashes(hash: { sha256(bytes: Bytes): Promise<Uint8Array> }, bytes: Bytes): Promise<Bytes> {
  const leaves = new Uint8Array(leafCountOf(bytes.length) * TREE_HASH_BYTES);
  await Promise.all(
    Array.from({ length: leafCountOf(bytes.length) }, async (_, index) => {
      const leaf = await hash.sha256(bytes.subarray(index * BLOCK_UNIT_BYTES, (index + 1) * BLOCK_UNIT_BYTES));
      leaves.set(leaf, index * TREE_HASH_BYTES);
    }),
  );
  return leaves;
}

export function hashAt(layer: Bytes, index: number): Bytes {
  return layer.subarray(index * TREE_HASH_BYTES, (index + 1) * TREE_HASH_BYTES);
}

/** The layer above a layer that is `layer` levels over the leaves. */
function layerAbove(hashes: Bytes, layer: number): Bytes {
  const count = hashes.length / TREE_HASH_BYTES;
  const above = new Uint8Array(Math.ceil(count / 2) * TREE_HASH_BYTES);
  for (let index = 0; index < count; index += 2) {
    const right = index + 1 < count ? hashAt(hashes, index + 1) : paddingHash(layer);
    above.set(join(hashAt(hashes, index), right), (index / 2) * TREE_HASH_BYTES);
  }
  return above;
}

/** The hash `height` levels above up to 2^height hashes of a layer; what they lack is filling. */
export function rootOf(hashes: Bytes, layer: number, height: number): Bytes {
  if (hashes.length === 0) return paddingHash(layer + height);
  let folded = hashes;
  for (let level = 0; level < height; level++) folded = layerAbove(folded, layer + level);
  return folded.slice(0, TREE_HASH_BYTES);
}

/** A run of one layer: `length` is a power of two and `index` a multiple of it, so that the run has a root of its own. */
export interface HashRun {
  /** Levels above the leaves. */
  readonly layer: number;
  readonly index: number;
  readonly length: number;
}

/** The hashes beside the way from a run's own root up to the top of the tree, lowest first: what `verifyRun` needs besides the run. */
export function proofOf(hashes: Bytes, { layer, index, length }: HashRun, top: number): Bytes {
  const runHeight = heightOf(length);
  let folded = hashes;
  let position = index / length;
  const uncles: Bytes[] = [];
  for (let level = layer; level < top; level++) {
    if (level >= layer + runHeight) {
      const sibling = position % 2 === 0 ? position + 1 : position - 1;
      uncles.push(sibling * TREE_HASH_BYTES < folded.length ? hashAt(folded, sibling) : paddingHash(level));
      position = Math.floor(position / 2);
    }
    folded = layerAbove(folded, level);
  }
  return concatBytes(...uncles);
}

/** Whether a run's hashes, filling left out, and its proof lead up to the root of a tree of `top` levels. */
export function verifyRun(root: Bytes, run: HashRun, hashes: Bytes, proof: Bytes, top: number): boolean {
  const runHeight = heightOf(run.length);
  if (proof.length !== (top - run.layer - runHeight) * TREE_HASH_BYTES) return false;
  let hash = rootOf(hashes, run.layer, runHeight);
  let position = run.index / run.length;
  for (let at = 0; at * TREE_HASH_BYTES < proof.length; at++) {
    const uncle = hashAt(proof, at);
    hash = position % 2 === 0 ? join(hash, uncle) : join(uncle, hash);
    position = Math.floor(position / 2);
  }
  return position === 0 && equalBytes(hash, root);
}
