/**
 * What engine, transport, protocol and store have to tell a viewer. They know no language: a notice is a name, and by it the interface has a
 * sentence in each (`notice` in locales), with a place for each of these values.
 */
export const NOTICES = {
  // Magnet links and descriptions of torrents
  magnetTooLong: ['limit'],
  notMagnet: [],
  magnetNamesNothing: [],
  magnetHashDamaged: [],
  magnetOfOtherKind: [],
  notTorrentFile: [],
  torrentUnreadable: [],
  torrentInvalid: [],
  torrentHashMismatch: [],
  torrentVersion: ['version'],
  torrentPieceLength: [],
  torrentTooManyFiles: ['limit'],
  torrentTooManyAddresses: [],
  twoTorrents: [],

  // Sharing
  shareNoFile: [],
  shareAllEmpty: [],
  shareTooManyFiles: [],
  shareBadName: [],
  shareSameName: ['name'],
  shareFolderName: ['name'],
  shareUnreadable: ['name'],
  shareChanged: ['name'],
  sharedChanged: ['name'],
  sharedMismatch: [],

  // Films and their store
  noConsent: [],
  engineStopped: [],
  engineNotStarted: [],
  unexpected: [],
  filmClosed: [],
  filmNotOpen: [],
  filmIsOpen: [],
  noSuchFile: [],
  storeFull: [],
  storeBusy: [],
  storeFailed: [],
  onlyLodestreamKnowsV2: [],
  noRelay: [],
  playerElsewhere: [],
  playerOpenAlready: [],

  // Addresses
  notAddress: [],
  trackerScheme: [],
  webSeedScheme: [],
  trackerPrivate: [],
  addressCredentials: [],
  addressPrivate: [],
  signalingAddress: ['address'],

  // Servers
  connectionRefused: ['host'],
  noAnswer: ['host'],
  strangeTrackerMessage: ['host'],
  strangeSignalingMessage: ['host'],
  unreachable: ['host'],
  notConnected: ['host'],
  connectionLost: ['host'],
  overburdened: ['host'],
  noSignalingServer: ['host'],
  notSignalingServer: ['host'],
  serverFull: ['host'],
  networkLimited: ['host'],
  tokenRefused: ['host'],
  filmNotServed: ['host'],
  noRoomForFilm: ['host'],
  serverRefuses: ['host', 'reason'],
  noPeerServer: ['host'],
  peerServerFull: ['host', 'count'],
  peerUnknown: [],
  trackerSilent: [],
  trackerFloods: [],
  trackerSays: ['reason'],

  // Web seeds
  seedAway: [],
  seedBlocked: [],
  seedRedirects: [],
  seedWholeFiles: [],
  seedLacksFile: ['status'],
  seedOtherFile: [],
  seedBusy: ['status'],
  seedRefuses: ['status'],
  seedBroken: [],
  seedOtherBytes: [],
  seedBadData: [],
  seedSlow: [],
  seedStopped: [],

  // Tests of servers
  testFailed: [],
  testTimeout: [],
  testCredentials: [],
  testNoServer: ['protocol'],
  testNobody: [],
  testRefused: ['code', 'reason'],
} as const satisfies Readonly<Record<string, readonly string[]>>;

export type NoticeName = keyof typeof NOTICES;

/** Text, which may be hostile, is shown as it is; a number is written as the viewer's language writes it. */
export type NoticeValue = string | number;

export interface Notice {
  readonly name: NoticeName;
  readonly values: Readonly<Record<string, NoticeValue>>;
}

type PlaceOf<Name extends NoticeName> = (typeof NOTICES)[Name][number];

export function notice<Name extends NoticeName>(
  name: Name,
  ...[values]: [PlaceOf<Name>] extends [never] ? [] : [Readonly<Record<PlaceOf<Name>, NoticeValue>>]
): Notice {
  return { name, values: values ?? {} };
}

/** For logs and for programs without an interface of their own. */
export function noticeText({ name, values }: Notice): string {
  const facts = Object.entries(values).map(([place, value]) => `${place}: ${value}`);
  return facts.length === 0 ? name : `${name} (${facts.join(', ')})`;
}

/** An error a viewer is told of. Its message is for logs only. */
export class NoticeError extends Error {
  readonly notice: Notice;

  /** @param detail what only whoever reads logs has use for */
  constructor(said: Notice, detail?: string, options?: ErrorOptions) {
    super(detail === undefined ? noticeText(said) : `${noticeText(said)}: ${detail}`, options);
    this.name = 'NoticeError';
    this.notice = said;
  }
}
