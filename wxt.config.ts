import { fileURLToPath } from 'node:url';
import { mergeConfig } from 'vite';
import { defineConfig } from 'wxt';

export default defineConfig({
  imports: false,
  // The demo builds for itself, so that a build elsewhere cannot take files away under a running browser.
  outDir: process.env['LODESTREAM_OUT_DIR'] ?? '.output',
  modules: ['@wxt-dev/webextension-polyfill', '@wxt-dev/i18n/module'],
  vite: () => ({
    // The webtorrent package expects these of its bundler.
    resolve: {
      alias: [
        { find: /^events$/, replacement: 'events/events.js' },
        { find: /^path$/, replacement: 'path-esm' },
      ],
    },
    define: {
      'process.browser': 'true',
      'process.nextTick': 'queueMicrotask',
      process: 'globalThis',
      global: 'globalThis',
      // It would ask for blocks only when the page is idle, which a hidden one is a quarter of a second later.
      'window.requestIdleCallback': 'undefined',
    },
  }),
  hooks: {
    'vite:build:extendConfig': (entrypoints, config) => {
      if (entrypoints.some(({ type }) => type === 'content-script')) {
        const alias = [
          { find: /^webextension-polyfill$/, replacement: ownFile('own-browser') },
          { find: /^@webext-core\/messaging$/, replacement: ownFile('own-messaging') },
          { find: /^wxt\/utils\/content-script-context$/, replacement: ownFile('own-context') },
        ];
        Object.assign(config, mergeConfig(config, { resolve: { alias } }));
      }
      if (!entrypoints.some(({ type }) => type === 'popup')) return;
      // What several pages share is in two files and not in twenty: each takes the browser milliseconds, and a film waits for them. What
      // needs a document is apart from what the service worker runs, too.
      const groups = [
        { name: 'shared', test: /^(?!.*(src\/ui|preact))/, minShareCount: 2, priority: 2 },
        { name: 'pages', minShareCount: 2, priority: 1 },
      ];
      const build = {
        // The polyfill needs a document, and every browser that runs this has the real thing.
        modulePreload: { polyfill: false },
        rolldownOptions: { output: { codeSplitting: { groups } } },
      };
      Object.assign(config, mergeConfig(config, { build }));
    },
  },
  manifest: {
    name: 'Lodestream',
    default_locale: 'en',
    description: '__MSG_manifest_summary__',
    // Extension iframes with an active service worker and OPFS sync handles in offscreen workers: see ARCHITECTURE.md.
    minimum_chrome_version: '124',
    // The rules stop the extension's own requests into the viewer's network; they need access to no site.
    permissions: ['offscreen', 'storage', 'unlimitedStorage', 'declarativeNetRequest', 'contextMenus'],
    // Asked for host by host in the player, for web seeds that no other site may read.
    optional_host_permissions: ['http://*/*', 'https://*/*'],
    incognito: 'split',
    // A dynamic URL would break the player on COEP pages; the player is inert without a one-time token instead.
    web_accessible_resources: [{ resources: ['player.html'], matches: ['<all_urls>'] }],
  },
});

/** In the place of a library, in the script that every page loads. */
function ownFile(name: string): string {
  return fileURLToPath(new URL(`src/page/${name}.ts`, import.meta.url));
}
