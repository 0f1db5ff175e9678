import { browser } from 'wxt/browser';

const GROUND = '#4338ca';
const TEXT = '#ffffff';

/** How many films play, on the toolbar button; nothing for none. */
export async function showFilmCount(films: number): Promise<void> {
  const open = films === 1 ? chrome.i18n.getMessage('toolbar_filmOpen') : chrome.i18n.getMessage('toolbar_filmsOpen');
  const title = films === 0 ? 'Lodestream' : open.replace('{count}', String(films));
  await Promise.all([
    browser.action.setBadgeBackgroundColor({ color: GROUND }),
    browser.action.setBadgeTextColor({ color: TEXT }),
    browser.action.setBadgeText({ text: films === 0 ? '' : String(films) }),
    browser.action.setTitle({ title }),
  ]);
}
