/** Whether a host name is one of these sites or a subdomain of one. All of them in lower case, as the URL parser writes them. */
export function isWithinSite(hostname: string, sites: readonly string[]): boolean {
  return sites.some((site) => hostname === site || hostname.endsWith(`.${site}`));
}
