import { useId, useState } from 'preact/hooks';
import { Icon } from '@/src/ui/components/icon';
import type { ComponentChildren } from 'preact';

interface AddServerProps {
  readonly label: string;
  readonly placeholder: string;
  /** Answers the sentence to show when the address is not added. */
  readonly onAdd: (address: string) => string | undefined;
  readonly children?: ComponentChildren;
}

export function AddServer(props: AddServerProps) {
  const id = useId();
  const [text, setText] = useState('');
  const [sentence, setSentence] = useState<string | undefined>(undefined);

  function add(): void {
    const refusal = props.onAdd(text.trim());
    setSentence(refusal);
    if (refusal === undefined) setText('');
  }

  return (
    <form
      class="field add-server"
      onSubmit={(event) => {
        event.preventDefault();
        add();
      }}
    >
      <label for={id}>{props.label}</label>
      <div>
        <input
          id={id}
          type="text"
          value={text}
          placeholder={props.placeholder}
          spellcheck={false}
          autocomplete="off"
          aria-invalid={sentence !== undefined}
          aria-describedby={`${id}-error`}
          onInput={(event) => setText(event.currentTarget.value)}
        />
        <button type="submit" class="button">
          <Icon name="plus" />
          Add
        </button>
      </div>
      {props.children}
      <span class="field-error" id={`${id}-error`} role="alert">
        {sentence}
      </span>
    </form>
  );
}
