import type { FuzzTarget } from './fuzz-property';
import { BENCODE } from './targets/bencode';
import { DESCRIPTIONS } from './targets/descriptions';
import { FILM_TIMES } from './targets/film-times';
import { LIVE_SESSION } from './targets/live-session';
import { MAGNET } from './targets/magnet';
import { METAINFO } from './targets/metainfo';
import { PEER_FRAMES } from './targets/peer-frames';
import { SEAL } from './targets/seal';
import { SETTINGS } from './targets/settings';
import { SIGNALING } from './targets/signaling';
import { SIGNALING_CARRIERS } from './targets/signaling-carriers';
import { STORED_RECORDS } from './targets/stored-records';
import { STREAM_REQUESTS } from './targets/stream-requests';
import { SUBTITLES } from './targets/subtitles';
import { TRACKER_MESSAGES } from './targets/tracker-messages';
import { WEBTORRENT_WIRE } from './targets/webtorrent-wire';

/** Everything that reads what came from outside, and engines at work. */
export const FUZZ_TARGETS: readonly FuzzTarget[] = [
  PEER_FRAMES,
  BENCODE,
  METAINFO,
  MAGNET,
  SEAL,
  SIGNALING,
  SIGNALING_CARRIERS,
  TRACKER_MESSAGES,
  WEBTORRENT_WIRE,
  DESCRIPTIONS,
  SETTINGS,
  STREAM_REQUESTS,
  STORED_RECORDS,
  SUBTITLES,
  FILM_TIMES,
  LIVE_SESSION,
];
