import { createElement, Fragment, type ComponentChildren } from 'preact';

type Values = Readonly<Record<string, ComponentChildren>>;

interface RichTextProps {
  /** `**strong**`, `` `code` `` and `{name}`, for what stands in `values`. */
  readonly text: string;
  readonly values?: Values;
}

const PART = /(\*\*.+?\*\*|`.+?`|\{\w+\})/;
const NO_VALUES: Values = {};

/** A translated sentence with elements in it. It is split before anything is put in, so that a stranger's text never counts as markup. */
export function RichText({ text, values = NO_VALUES }: RichTextProps) {
  return createElement(Fragment, null, ...text.split(PART).map((part) => partOf(part, values)));
}

function partOf(part: string, values: Values): ComponentChildren {
  if (part.startsWith('**')) {
    return (
      <strong>
        <RichText text={part.slice(2, -2)} values={values} />
      </strong>
    );
  }
  if (part.startsWith('`')) return <code>{part.slice(1, -1)}</code>;
  return part.startsWith('{') ? values[part.slice(1, -1)] : part;
}
