import { fileURLToPath } from 'node:url';
import { renderIcons } from './render-icons';

/** `npm run make-icons`: the icons that browsers and stores show, from public/icon/icon.svg. They are committed. */
const paths = await renderIcons(fileURLToPath(new URL('../public/icon', import.meta.url)));
console.log(paths.join('\n'));
