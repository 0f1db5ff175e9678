import type { ComponentChildren } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { Icon, type IconName } from './icon';
import { useSeenPress } from './seen-press';

interface ButtonProps {
  readonly children: ComponentChildren;
  readonly onPress: () => void;
  readonly look?: 'plain' | 'primary' | 'danger';
  readonly icon?: IconName;
  readonly id?: string;
  readonly large?: boolean;
  /** Set for a button that opens and closes something. */
  readonly expanded?: boolean;
  /** Takes the focus when it appears: it stands where the button that had it was. */
  readonly focused?: boolean;
  /** Works in full view only: for what a page must not have the viewer press unawares. */
  readonly guarded?: boolean;
}

export function Button(props: ButtonProps) {
  const { look = 'plain' } = props;
  const element = useRef<HTMLButtonElement>(null);
  const counts = useSeenPress(element, props.guarded === true);
  useLayoutEffect(() => {
    if (props.focused === true) element.current?.focus();
  }, [props.focused]);
  const classes = ['button', look === 'plain' ? '' : `button-${look}`, props.large === true ? 'button-large' : ''];
  return (
    <button
      ref={element}
      type="button"
      id={props.id}
      class={classes.filter(Boolean).join(' ')}
      aria-expanded={props.expanded}
      onClick={(event) => counts(event) && props.onPress()}
    >
      {props.icon === undefined ? null : <Icon name={props.icon} />}
      {props.children}
    </button>
  );
}

interface IconButtonProps {
  readonly icon: IconName;
  /** What it does, for those who hear it and those who hover. */
  readonly label: string;
  readonly onPress: () => void;
  readonly disabled?: boolean;
  /** Set for a button that opens and closes something. */
  readonly expanded?: boolean;
}

export function IconButton(props: IconButtonProps) {
  return (
    <button
      type="button"
      class="button button-icon"
      title={props.label}
      aria-label={props.label}
      aria-expanded={props.expanded}
      disabled={props.disabled === true}
      onClick={props.onPress}
    >
      <Icon name={props.icon} />
    </button>
  );
}
