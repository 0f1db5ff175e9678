import { DirectoryMedium } from './directory-medium';
import { extentLayouts } from './extent-layouts';
import { MediumChunkStore } from './medium-chunk-store';
import { createOpfsFileTree } from './opfs-file-tree';
import { serveStore } from './store-server';

const medium = new DirectoryMedium(createOpfsFileTree(), ['torrents'], extentLayouts);
serveStore(new MediumChunkStore(medium), self);
