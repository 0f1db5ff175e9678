/** What is said of a setting that the viewer typed, by a name under which pages have it in other languages. */
export const SETTING_ISSUES = {
  signalingAddress: 'Write the whole address, for example https://signal.example.org',
  signalingScheme: 'A signaling address begins with https:// or wss://',
  longToken: 'A token has at most 1000 characters',
  trackerAddress: 'Write the whole address, for example wss://tracker.example.org',
  trackerScheme: 'A tracker that a browser can ask begins with wss:// or ws://',
  iceAddress: 'Write stun:host:port or turn:host:port',
  siteName: 'Write the name of a site, for example example.org',
  longAddress: 'An address has at most 2000 characters',
  longSiteName: 'The name of a site has at most 259 characters',
  longCredential: 'A user name or password has at most 500 characters',
  manyServers: 'A list has room for 20 servers',
  manySites: 'The list has room for 500 sites',
} as const;

export type SettingIssue = keyof typeof SETTING_ISSUES;
