import { equalBytes, fromHex, toHex, type Bytes } from '@/src/base/bytes';
import { MAX_HASHES, type HashRange } from '@/src/protocol/hash-messages';
import { hashAt, heightOf, leafCountOf, proofOf, rootOf, TREE_HASH_BYTES, verifyRun } from '@/src/protocol/merkle';
import { readPieceLayers, writePieceLayers } from '@/src/protocol/piece-layer-file';
import { isV2Only, type TorrentInfo } from '@/src/protocol/torrent-info';

/** The hash tree of a file with more than one piece. Its piece layer is fetched in runs, each proven by itself. */
interface LayerTree {
  readonly root: string;
  readonly pieceCount: number;
  readonly layer: Bytes;
  readonly runLength: number;
  /** By index of the run's first hash; the proof it came with, undefined for one that came with the whole layer. */
  readonly known: Map<number, Bytes | undefined>;
}

interface HashedFile {
  readonly firstPiece: number;
  readonly pieceCount: number;
  readonly lengthBytes: number;
  readonly root: Bytes;
  readonly tree: LayerTree | undefined;
}

/** What a piece has to come to: the hash `height` levels above the hashes of its blocks. */
export interface PieceTarget {
  readonly hash: Bytes;
  readonly height: number;
}

/** The verified hashes of the pieces of a v2 torrent (SPEC section H): of files of one piece from the start, of others as they come. */
export class PieceLayers {
  readonly #pieceHeight: number;
  readonly #files: readonly HashedFile[];
  readonly #trees = new Map<string, LayerTree>();
  /** Of files with the same bytes, one. */
  readonly #byRoot = new Map<string, HashedFile>();

  constructor(info: TorrentInfo) {
    const { pieceLengthBytes } = info;
    this.#pieceHeight = heightOf(leafCountOf(pieceLengthBytes));
    this.#files = info.files.flatMap(({ lengthBytes, offsetBytes, piecesRoot }) => {
      if (piecesRoot === undefined) return [];
      const pieceCount = Math.ceil(lengthBytes / pieceLengthBytes);
      const tree = pieceCount === 1 ? undefined : this.#addTree(toHex(piecesRoot), pieceCount);
      const file = { firstPiece: offsetBytes / pieceLengthBytes, pieceCount, lengthBytes, root: piecesRoot, tree };
      this.#byRoot.set(toHex(piecesRoot), file);
      return file;
    });
  }

  /** Undefined until its hash is known. */
  targetOf(piece: number): PieceTarget | undefined {
    const file = this.#fileOf(piece);
    if (file === undefined) return undefined;
    if (file.tree === undefined) return { hash: file.root, height: heightOf(leafCountOf(file.lengthBytes)) };
    const index = piece - file.firstPiece;
    const { known, layer, runLength } = file.tree;
    return known.has(index - (index % runLength)) ? { hash: hashAt(layer, index), height: this.#pieceHeight } : undefined;
  }

  /** The run that would tell the hash of a piece; undefined when it is known. */
  missingRunOf(piece: number): HashRange | undefined {
    const file = this.#fileOf(piece);
    if (file?.tree === undefined) return undefined;
    const { root, known, runLength } = file.tree;
    const index = piece - file.firstPiece - ((piece - file.firstPiece) % runLength);
    return known.has(index) ? undefined : { root, layer: this.#pieceHeight, index, length: runLength };
  }

  /** Whether a layer is that of blocks, and not at once that of pieces: pieces of one block have no blocks to tell apart. */
  isLeafLayer(layer: number): boolean {
    return layer === 0 && this.#pieceHeight > 0;
  }

  /** The run of a piece's blocks; undefined when there is but one, or more than one answer holds. */
  leafRunOf(piece: number): HashRange | undefined {
    const file = this.#fileOf(piece);
    return file === undefined ? undefined : this.#leafRun(file, piece);
  }

  /** Which piece a run of layer 0 is of; undefined when it is not one that `leafRunOf` gives. */
  pieceOfLeaves({ root, layer, index, length }: HashRange): number | undefined {
    const file = this.#byRoot.get(root);
    const piece = (file?.firstPiece ?? 0) + index / length;
    if (file === undefined || layer !== 0 || piece >= file.firstPiece + file.pieceCount) return undefined;
    return this.#leafRun(file, piece)?.length === length ? piece : undefined;
  }

  /** Whether the hashes of a piece's blocks lead up to its own hash. */
  provesLeaves(piece: number, leaves: Bytes): boolean {
    const target = this.targetOf(piece);
    return (
      target !== undefined &&
      leaves.length <= 2 ** target.height * TREE_HASH_BYTES &&
      equalBytes(rootOf(leaves, 0, target.height), target.hash)
    );
  }

  /** A run's hashes and its proof, as a peer is answered; undefined when it is not known, or not one that is passed on. */
  answer({ root, layer, index, length }: HashRange): Bytes | undefined {
    const tree = this.#trees.get(root);
    if (tree === undefined || layer !== this.#pieceHeight || length !== tree.runLength || !tree.known.has(index)) return undefined;
    const proof = tree.known.get(index) ?? this.#proof(tree, index);
    tree.known.set(index, proof);
    const hashes = runOf(tree, index);
    const answer = new Uint8Array(hashes.length + proof.length);
    answer.set(hashes);
    answer.set(proof, hashes.length);
    return answer;
  }

  /** Takes what a peer answered; false when it does not prove to be right (SPEC H3). */
  accept({ root, layer, index, length }: HashRange, answer: Bytes): boolean {
    const tree = this.#trees.get(root);
    if (tree === undefined || layer !== this.#pieceHeight || length !== tree.runLength || index >= tree.pieceCount) return false;
    const sizeBytes = runOf(tree, index).length;
    const proof = answer.slice(sizeBytes);
    if (!verifyRun(fromHex(root), { layer, index, length }, answer.subarray(0, sizeBytes), proof, this.#topOf(tree))) return false;
    tree.layer.set(answer.subarray(0, sizeBytes), index * TREE_HASH_BYTES);
    tree.known.set(index, proof);
    return true;
  }

  /** Takes layers that were stored: no more is believed of them than of a peer's. */
  load(stored: Bytes): void {
    for (const [root, layer] of readPieceLayers(stored)) {
      const tree = this.#trees.get(root);
      if (tree === undefined || layer.length !== tree.layer.length) continue;
      if (toHex(rootOf(layer, this.#pieceHeight, heightOf(tree.pieceCount))) !== root) continue;
      tree.layer.set(layer);
      for (let index = 0; index < tree.pieceCount; index += tree.runLength) tree.known.set(index, undefined);
    }
  }

  /** The layers that are whole, for `load`. */
  save(): Bytes {
    return writePieceLayers(new Map([...this.#trees].flatMap(([root, tree]) => (isWhole(tree) ? [[root, tree.layer] as const] : []))));
  }

  isWhole(root: string): boolean {
    const tree = this.#trees.get(root);
    return tree !== undefined && isWhole(tree);
  }

  /** Whether every layer is. */
  get isComplete(): boolean {
    return [...this.#trees.values()].every(isWhole);
  }

  /** In how many runs all layers are passed on. */
  get runCount(): number {
    let runs = 0;
    for (const { pieceCount, runLength } of this.#trees.values()) runs += Math.ceil(pieceCount / runLength);
    return runs;
  }

  #addTree(root: string, pieceCount: number): LayerTree {
    const runLength = Math.min(MAX_HASHES, 2 ** heightOf(pieceCount));
    const known = this.#trees.get(root);
    if (known !== undefined) return known;
    const tree = {
      root,
      pieceCount,
      layer: new Uint8Array(pieceCount * TREE_HASH_BYTES),
      runLength,
      known: new Map<number, Bytes | undefined>(),
    };
    this.#trees.set(root, tree);
    return tree;
  }

  #leafRun(file: HashedFile, piece: number): HashRange | undefined {
    const height = file.tree === undefined ? heightOf(leafCountOf(file.lengthBytes)) : this.#pieceHeight;
    const length = 2 ** height;
    if (height === 0 || length > MAX_HASHES) return undefined;
    return { root: toHex(file.root), layer: 0, index: (piece - file.firstPiece) * length, length };
  }

  #topOf(tree: LayerTree): number {
    return this.#pieceHeight + heightOf(tree.pieceCount);
  }

  /** Over the roots of the runs: of the longest layer that is two thousand hashes, not half a million. */
  #proof(tree: LayerTree, index: number): Bytes {
    const runHeight = heightOf(tree.runLength);
    const runCount = Math.ceil(tree.pieceCount / tree.runLength);
    const roots = new Uint8Array(runCount * TREE_HASH_BYTES);
    for (let run = 0; run < runCount; run++) {
      roots.set(rootOf(runOf(tree, run * tree.runLength), this.#pieceHeight, runHeight), run * TREE_HASH_BYTES);
    }
    return proofOf(roots, { layer: this.#pieceHeight + runHeight, index: index / tree.runLength, length: 1 }, this.#topOf(tree));
  }

  #fileOf(piece: number): HashedFile | undefined {
    let low = 0;
    let high = this.#files.length - 1;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((this.#files[middle]?.firstPiece ?? Infinity) <= piece) low = middle;
      else high = middle - 1;
    }
    const file = this.#files[low];
    return file !== undefined && piece >= file.firstPiece && piece < file.firstPiece + file.pieceCount ? file : undefined;
  }
}

/** The run's hashes but for filling. */
function runOf(tree: LayerTree, index: number): Bytes {
  return tree.layer.subarray(index * TREE_HASH_BYTES, (index + tree.runLength) * TREE_HASH_BYTES);
}

function isWhole({ known, pieceCount, runLength }: LayerTree): boolean {
  return known.size === Math.ceil(pieceCount / runLength);
}

/** Whether piece layers, as they are stored, tell every peer what it needs to verify a torrent; others than those of v2 alone need none. */
export function layersSuffice(info: TorrentInfo, hashes: Bytes | undefined): boolean {
  if (!isV2Only(info)) return true;
  const layers = new PieceLayers(info);
  if (hashes !== undefined) layers.load(hashes);
  return layers.isComplete;
}
