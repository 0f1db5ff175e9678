import type { ComponentChildren } from 'preact';
import { Icon, type IconName } from './icon';

interface MessageCardProps {
  readonly tone: 'info' | 'warn' | 'bad';
  readonly title: string;
  readonly children: ComponentChildren;
  readonly actions?: ComponentChildren;
  /** What stands below the buttons. */
  readonly more?: ComponentChildren;
  /** Names the card for tests and for people who write bug reports. */
  readonly name: string;
}

const ICONS: Record<MessageCardProps['tone'], IconName> = { info: 'info', warn: 'warning', bad: 'warning' };

/** Says what happened, why, and what can be done, with the buttons that do it. */
export function MessageCard(props: MessageCardProps) {
  return (
    <section class={`message-card tone-${props.tone}`} data-message={props.name}>
      <Icon name={ICONS[props.tone]} />
      <h2>{props.title}</h2>
      <div class="message-card-body">{props.children}</div>
      <div class="message-card-actions">{props.actions}</div>
      {props.more === undefined ? null : <div class="message-card-body">{props.more}</div>}
    </section>
  );
}
