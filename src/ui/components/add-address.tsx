import { useId, useRef, useState } from 'preact/hooks';
import type { ComponentChildren } from 'preact';
import { i18n } from '@/src/ui/state/i18n';
import { Icon, type IconName } from './icon';
import { useSeenPress } from './seen-press';

interface AddAddressProps {
  readonly label: string;
  readonly placeholder: string;
  /** `Add` when left out. */
  readonly buttonLabel?: string;
  /** `plus` when left out. */
  readonly buttonIcon?: IconName;
  /** Answers the sentence to show when the address is not added. */
  readonly onAdd: (address: string) => string | undefined | Promise<string | undefined>;
  readonly children?: ComponentChildren;
  /** Adds in full view only: for what a page must not have the viewer add unawares. */
  readonly guarded?: boolean;
}

/** A field and its button; what was refused stays in the field, with the reason below it. */
export function AddAddress(props: AddAddressProps) {
  const id = useId();
  const button = useRef<HTMLButtonElement>(null);
  const counts = useSeenPress(button, props.guarded === true);
  const [text, setText] = useState('');
  const [sentence, setSentence] = useState<string | undefined>(undefined);

  async function add(): Promise<void> {
    const refusal = await props.onAdd(text.trim());
    setSentence(refusal);
    if (refusal === undefined) setText('');
  }

  return (
    <form
      class="field add-server"
      onSubmit={(event) => {
        event.preventDefault();
        if (counts(event)) void add();
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
        <button ref={button} type="submit" class="button">
          <Icon name={props.buttonIcon ?? 'plus'} />
          {props.buttonLabel ?? i18n.t('common.add')}
        </button>
      </div>
      {props.children}
      <span class="field-error" id={`${id}-error`} role="alert">
        {sentence}
      </span>
    </form>
  );
}
