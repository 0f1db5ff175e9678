import type { Frame, Page } from 'puppeteer';

/** Every text of a page as somebody may see or hear it, hidden panels and labels included; never what is in a field. */
export function shownTexts(screen: Page | Frame): Promise<string[]> {
  return screen.evaluate(() => {
    const texts = [document.title];
    for (const element of document.querySelectorAll('body *')) {
      for (const name of ['aria-label', 'aria-valuetext', 'title', 'placeholder', 'alt']) texts.push(element.getAttribute(name) ?? '');
      if (element.matches('script, style')) continue;
      for (const node of element.childNodes) if (node instanceof Text) texts.push(node.data);
    }
    return texts.map((text) => text.trim()).filter((text) => text !== '');
  });
}
