import { useId, useState } from 'preact/hooks';

interface TextFieldProps {
  readonly label: string;
  readonly value: string;
  /** Called on Enter and on leaving the field. The sentence answered stands below it until the text is right. */
  readonly onCommit: (text: string) => string | undefined;
  readonly placeholder?: string;
  readonly secret?: boolean;
}

/** Applies what is typed once it is valid; there is no button to forget. */
export function TextField(props: TextFieldProps) {
  const id = useId();
  const [draft, setDraft] = useState<string | undefined>(undefined);
  const [sentence, setSentence] = useState<string | undefined>(undefined);

  function commit(): void {
    if (draft === undefined) return;
    const refusal = props.onCommit(draft.trim());
    setSentence(refusal);
    if (refusal === undefined) setDraft(undefined);
  }

  const attributes = {
    id,
    value: draft ?? props.value,
    placeholder: props.placeholder ?? '',
    spellcheck: false,
    autocomplete: 'off',
    'aria-invalid': sentence !== undefined,
    'aria-describedby': `${id}-error`,
    onInput: (event: { readonly currentTarget: HTMLInputElement }) => setDraft(event.currentTarget.value),
    onBlur: commit,
    onKeyDown: (event: KeyboardEvent) => {
      if (event.key === 'Enter') commit();
    },
  };
  return (
    <div class="field">
      <label for={id}>{props.label}</label>
      {props.secret === true ? <input type="password" {...attributes} /> : <input type="text" {...attributes} />}
      <span class="field-error" id={`${id}-error`} role="alert">
        {sentence}
      </span>
    </div>
  );
}
