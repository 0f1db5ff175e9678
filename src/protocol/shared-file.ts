/** What sharing needs of a file of the viewer's: every `File` of a browser, and of Node, has it. It crosses ports without being copied. */
export interface SharedFile {
  readonly size: number;
  /** In ms since the epoch. */
  readonly lastModified: number;
  slice(startBytes: number, endBytes: number): { arrayBuffer(): Promise<ArrayBuffer> };
}
