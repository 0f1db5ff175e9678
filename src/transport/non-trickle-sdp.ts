import { acceptsCandidate, outgoingCandidate, withoutAddresses } from './candidate-filter';

/*
 * Descriptions as WebTorrent peers exchange them: whole, with the candidates inside, since a tracker passes on one message each way.
 * What leaves and what is tried is filtered as in the native swarm (SPEC G5, G6, G7).
 */

const MAX_SDP_CHARS = 64 * 1024;
const MAX_CANDIDATES = 80;
const LINE_ENDS = /[\r\n\u2028\u2029]+/;

export interface RemoteDescription {
  /** Without addresses: the candidates are added one by one, so that one nobody can parse costs only itself. */
  readonly sdp: string;
  readonly candidates: readonly RTCIceCandidateInit[];
}

/** The description as it goes out: those of its candidates that may leave, nothing else with an address. */
export function wholeDescription(sdp: string, allowHost: boolean, relayOnly = false): string {
  const candidates = candidateLines(sdp).flatMap((candidate) => outgoingCandidate(candidate, allowHost, relayOnly) ?? []);
  // Whoever reads `trickle` may wait for candidates that will never come.
  const bare = withoutAddresses(sdp).replaceAll(/a=ice-options:trickle\r\n/g, '');
  return bare + candidates.map((candidate) => `a=${candidate}\r\n`).join('');
}

/** @returns undefined for what is no description of one data connection */
export function readDescription(sdp: string, allowHost: boolean, relayOnly = false): RemoteDescription | undefined {
  if (sdp.length > MAX_SDP_CHARS) return undefined;
  const lines = sdp.split(LINE_ENDS);
  const media = lines.filter((line) => line.startsWith('m='));
  // Anything but one data section would have the browser set up receivers for sound and pictures nobody asked for.
  if (media.length !== 1 || media[0]?.startsWith('m=application ') !== true) return undefined;
  const sdpMid = lines.find((line) => line.startsWith('a=mid:'))?.slice('a=mid:'.length) ?? '0';
  const candidates = candidateLines(sdp)
    .filter((candidate) => acceptsCandidate(candidate, allowHost, relayOnly))
    .map((candidate) => ({ candidate, sdpMid }));
  return { sdp: withoutAddresses(sdp), candidates };
}

/** What names the other side across connections: the hash of its DTLS certificate. */
export function fingerprintOf(sdp: string): string | undefined {
  return /^a=fingerprint:\S+ ([0-9a-f:]{8,200})\s*$/im.exec(sdp)?.[1]?.toLowerCase();
}

function candidateLines(sdp: string): string[] {
  return sdp
    .split(LINE_ENDS)
    .filter((line) => line.startsWith('a=candidate:'))
    .slice(0, MAX_CANDIDATES)
    .map((line) => line.slice('a='.length));
}
