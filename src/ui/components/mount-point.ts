import { assert } from '@/src/base/assert';

export function mountPoint(): HTMLElement {
  const root = document.getElementById('root');
  assert(root !== null, 'the page has a root element');
  return root;
}
