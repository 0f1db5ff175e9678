import { DirectoryMedium } from './directory-medium';
import { MediumChunkStore } from './medium-chunk-store';
import { createOpfsFileTree } from './opfs-file-tree';
import { extentLayout } from './run-layout';
import { serveStore } from './store-server';

const EXTENT_BYTES = 64 * 1024 * 1024;

const medium = new DirectoryMedium(createOpfsFileTree(), ['torrents'], {
  tag: EXTENT_BYTES,
  layoutOf: ({ totalBytes }) => extentLayout(totalBytes, EXTENT_BYTES),
});
serveStore(new MediumChunkStore(medium), self);
