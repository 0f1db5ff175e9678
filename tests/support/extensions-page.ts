import type { LaunchedBrowser } from './launch-browser';

/** Only chrome://extensions has it. */
interface ExtensionsPageApi {
  readonly developerPrivate: {
    updateExtensionConfiguration(update: { readonly extensionId: string; readonly hostAccess: 'ON_CLICK' }): Promise<void>;
    addHostPermission(extensionId: string, host: string): Promise<void>;
  };
}

/** The viewer takes the extension's access to sites away, on the browser's page about it. */
export function restrictHosts(launched: LaunchedBrowser): Promise<void> {
  return onExtensionsPage(launched, 'restrict', '');
}

/** The viewer gives it back for one host. @param pattern such as `https://example.org/*` */
export function grantHost(launched: LaunchedBrowser, pattern: string): Promise<void> {
  return onExtensionsPage(launched, 'grant', pattern);
}

async function onExtensionsPage(launched: LaunchedBrowser, act: 'restrict' | 'grant', pattern: string): Promise<void> {
  const page = await launched.browser.newPage();
  await page.goto('chrome://extensions');
  await page.evaluate(
    async (action, extensionId, host) => {
      const { developerPrivate: api } = chrome as unknown as ExtensionsPageApi;
      if (action === 'restrict') await api.updateExtensionConfiguration({ extensionId, hostAccess: 'ON_CLICK' });
      else await api.addHostPermission(extensionId, host);
    },
    act,
    launched.extensionId,
    pattern,
  );
  await page.close();
}
