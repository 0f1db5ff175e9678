import { DirectoryMedium } from '@/src/store/directory-medium';
import { MediumChunkStore } from '@/src/store/medium-chunk-store';
import { createOpfsFileTree } from '@/src/store/opfs-file-tree';
import { extentLayout } from '@/src/store/run-layout';
import { serveStore } from '@/src/store/store-server';

/** Smaller than some pieces and no multiple of any: pieces begin and end anywhere in an extent. */
const EXTENT_BYTES = 1536;

/** The store as it is, but for extents small enough to cross often and commits only when they are asked for. */
const medium = new DirectoryMedium(createOpfsFileTree(), ['torrents'], {
  tagOf: () => EXTENT_BYTES,
  layoutOf: ({ totalBytes }) => extentLayout(totalBytes, EXTENT_BYTES),
  piecesPerUnit: () => 1,
});
serveStore(new MediumChunkStore(medium, { startTimer: () => () => undefined }), self);
