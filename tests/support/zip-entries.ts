import { inflateRawSync } from 'node:zlib';

const END_RECORD_BYTES = 22;
const CENTRAL_HEADER_BYTES = 46;
const LOCAL_HEADER_BYTES = 30;
const DEFLATED = 8;

/** The files of a zip without comments or encryption, in their order. APPNOTE.TXT 4.3 has the fields. */
export function zipEntries(zip: Buffer): ReadonlyMap<string, Buffer> {
  const entries = new Map<string, Buffer>();
  const end = zip.subarray(-END_RECORD_BYTES);
  let at = end.readUInt32LE(16);
  for (let left = end.readUInt16LE(10); left > 0; left--) {
    const header = zip.subarray(at, at + CENTRAL_HEADER_BYTES);
    const nameBytes = header.readUInt16LE(28);
    const name = zip.toString('utf8', at + CENTRAL_HEADER_BYTES, at + CENTRAL_HEADER_BYTES + nameBytes);
    const localAt = header.readUInt32LE(42);
    const bodyAt = localAt + LOCAL_HEADER_BYTES + zip.readUInt16LE(localAt + 26) + zip.readUInt16LE(localAt + 28);
    const body = zip.subarray(bodyAt, bodyAt + header.readUInt32LE(20));
    entries.set(name, header.readUInt16LE(10) === DEFLATED ? inflateRawSync(body) : body);
    at += CENTRAL_HEADER_BYTES + nameBytes + header.readUInt16LE(30) + header.readUInt16LE(32);
  }
  return entries;
}
