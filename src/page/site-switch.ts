import { isWithinSite } from '@/src/base/within-site';
import { followSettings } from './follow-settings';

/** Which clicks are the viewer's to Lodestream: all, all but on some sites, or none (then only the browser's menu plays). */
export interface ClickScope {
  readonly playOn: 'click' | 'menu';
  readonly silentSites: readonly string[];
}

const EVERYWHERE: ClickScope = { playOn: 'click', silentSites: [] };

/** Whether a click on this page is to be left alone. A site's switch holds for its subdomains, and for the frames within its pages. */
export function isSilent(site: string, { playOn, silentSites }: ClickScope): boolean {
  return playOn === 'menu' || isWithinSite(site, silentSites);
}

/** Reads what storage holds, whoever wrote it. */
export function readClickScope(stored: unknown): ClickScope {
  if (typeof stored !== 'object' || stored === null) return EVERYWHERE;
  const { playOn, silentSites } = stored as { readonly playOn?: unknown; readonly silentSites?: unknown };
  const sites = Array.isArray(silentSites) ? silentSites.filter((site) => typeof site === 'string' && site !== '') : [];
  return { playOn: playOn === 'menu' ? 'menu' : 'click', silentSites: sites };
}

/** The site a frame belongs to: that of the page the viewer is on. */
export function siteOf({ location }: Pick<Window, 'location'>): string {
  const { ancestorOrigins } = location;
  const top = ancestorOrigins?.item(ancestorOrigins.length - 1);
  return (top === null || top === undefined ? location : (URL.parse(top) ?? location)).hostname;
}

/**
 * Follows the viewer's switches from the first sign that a click may be one of ours; a page without magnet links costs nothing. Storage
 * answers within some ms, long before a pointer that went down comes up.
 */
export class SiteSwitch {
  readonly #site: string;
  readonly #signal: AbortSignal;
  #scope: ClickScope | undefined;
  #reading: Promise<void> | undefined;

  constructor(site: string, signal: AbortSignal) {
    this.#site = site;
    this.#signal = signal;
  }

  /** Undefined while storage has not answered. */
  get isOff(): boolean | undefined {
    return this.#scope === undefined ? undefined : isSilent(this.#site, this.#scope);
  }

  async learn(): Promise<boolean> {
    this.#reading ??= followSettings(this.#signal, (stored) => (this.#scope = readClickScope(stored)));
    await this.#reading;
    return this.isOff === true;
  }
}
