import { assert } from '@/src/base/assert';
import { i18n, LANGUAGE, type TextKey } from '@/src/ui/state/i18n';

/** Where the page is drawn; the document is told its language and its title, which its HTML has in English. */
export function mountPoint(title: TextKey): HTMLElement {
  document.documentElement.lang = LANGUAGE;
  document.title = i18n.t(title);
  const root = document.getElementById('root');
  assert(root !== null, 'the page has a root element');
  return root;
}
