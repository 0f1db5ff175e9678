import type { EngineMode, SourceName } from '@/src/protocol/engine-api';

export interface EngineWords {
  readonly name: string;
  readonly summary: string;
  readonly goodAt: readonly string[];
  readonly badAt: readonly string[];
  readonly chooseWhen: readonly string[];
}

/** What is true of each engine wherever it runs; what it did here and now is in engine-figures.ts. No numbers: they differ by machine and line. */
export const ENGINE_WORDS: Readonly<Record<EngineMode, EngineWords>> = {
  hybrid: {
    name: 'Both at once',
    summary: 'WebRTC and WebTorrent feed one film together.',
    goodAt: [
      'The most sources: whoever answers first starts the film',
      'Goes on when either side fails',
      'Fetches next to nothing twice; what came from one side is passed on to the other',
    ],
    badAt: ['Shows your IP address to the most servers and peers', 'Trackers see which film it is'],
    chooseWhen: ['Nearly always: it is the default'],
  },
  webrtc: {
    name: 'WebRTC',
    summary: 'Lodestream’s own swarm: viewers linked through a signaling server.',
    goodAt: [
      'Starts first: it connects while addresses are still being gathered',
      'Fastest over a distance: several paced connections to each peer',
      'Less work for the processor for the same bytes',
      'Servers learn a number derived from the film, not the film',
    ],
    badAt: ['Needs a signaling server', 'Finds only viewers and seeders that run Lodestream'],
    chooseWhen: ['You have a signaling server, and somebody there has the film', 'Trackers must not learn which film you watch'],
  },
  webtorrent: {
    name: 'WebTorrent',
    summary: 'Every browser that shares the film by WebTorrent, and web seeds.',
    goodAt: ['Needs no set-up: the link or a public tracker is enough', 'More peers, and web servers that hold the film'],
    badAt: [
      'Starts a little later: addresses are gathered before anybody is asked',
      'More work for the processor; slower from one far peer',
      'Trackers see your IP address and the info hash, so which film it is',
      'Public trackers fail often; apps that speak only TCP or UDP stay out of reach',
    ],
    chooseWhen: ['You have no signaling server', 'The link names WebSocket trackers or web seeds'],
  },
};

export const SOURCE_WORDS: Readonly<Record<SourceName, string>> = {
  native: 'WebRTC',
  webtorrent: 'WebTorrent',
  'web-seed': 'Web seeds',
};
