import { browser } from 'wxt/browser';

const GROUND = '#4338ca';
const TEXT = '#ffffff';

/** How many films play, on the toolbar button; nothing for none. */
export async function showFilmCount(films: number): Promise<void> {
  await Promise.all([
    browser.action.setBadgeBackgroundColor({ color: GROUND }),
    browser.action.setBadgeTextColor({ color: TEXT }),
    browser.action.setBadgeText({ text: films === 0 ? '' : String(films) }),
    browser.action.setTitle({ title: films === 0 ? 'Lodestream' : `Lodestream: ${films} ${films === 1 ? 'film' : 'films'} open` }),
  ]);
}
