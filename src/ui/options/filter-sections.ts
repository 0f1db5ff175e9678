import { hasEveryTerm, hasSomeTerm } from '@/src/ui/state/word-search';

/** What is shown or left out for itself; where one lies in another, the outer one counts. */
const SETTING = '.server-row, .add-server, .switch, .field, .consent, .settings-file, .choices';

/**
 * Leaves visible what has the terms in the words a viewer sees, and folds out what hides some of them. A section whose heading or
 * explanation has them all is shown whole.
 * @returns how many sections are left
 */
export function filterSections(root: ParentNode, terms: readonly string[]): number {
  const sections = [...root.querySelectorAll<HTMLElement>('section.panel')];
  for (const section of sections) filterSection(section, terms);
  return sections.filter((section) => !section.hidden).length;
}

function filterSection(section: HTMLElement, terms: readonly string[]): void {
  const settings = outermost(section);
  const about = visibleText(section, (element) => element.matches(SETTING));
  const isWhole = hasEveryTerm(about, terms);
  for (const setting of settings) setting.hidden = !isWhole && !hasEveryTerm(`${about} ${visibleText(setting)}`, terms);
  section.hidden = !isWhole && settings.every((setting) => setting.hidden);
  for (const line of section.querySelectorAll<HTMLElement>('hr')) line.hidden = settings.some((setting) => setting.hidden);
  for (const details of section.querySelectorAll('details')) filterDetails(details, terms);
}

function filterDetails(details: HTMLDetailsElement, terms: readonly string[]): void {
  const settings = outermost(details);
  details.hidden = settings.length > 0 && settings.every((setting) => setting.hidden);
  const isFound = hasSomeTerm(
    visibleText(details, (element) => element.matches('summary, [hidden]')),
    terms,
  );
  if (isFound && !details.open) {
    details.open = true;
    details.dataset['openedBySearch'] = '';
  } else if (!isFound && details.dataset['openedBySearch'] !== undefined) {
    details.open = false;
    delete details.dataset['openedBySearch'];
  }
}

function outermost(root: HTMLElement): readonly HTMLElement[] {
  return [...root.querySelectorAll<HTMLElement>(SETTING)].filter((setting) => {
    const outer = setting.parentElement?.closest(SETTING) ?? null;
    return outer === null || !root.contains(outer);
  });
}

/** The words in it and in its fields; never what a password field holds. */
function visibleText(root: HTMLElement, isLeftOut: (element: Element) => boolean = () => false): string {
  const words: string[] = [];
  const collect = (parent: Element): void => {
    for (const child of parent.childNodes) {
      if (child instanceof HTMLInputElement) words.push(child.type === 'text' ? child.value || child.placeholder : '');
      else if (child instanceof Element && !isLeftOut(child)) collect(child);
      else if (child instanceof Text) words.push(child.data);
    }
  };
  collect(root);
  return words.join(' ');
}
