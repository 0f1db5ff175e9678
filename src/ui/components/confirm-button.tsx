import { useState } from 'preact/hooks';
import { i18n } from '@/src/ui/state/i18n';
import { Button } from './button';
import type { IconName } from './icon';

interface ConfirmButtonProps {
  readonly label: string;
  readonly icon?: IconName;
  /** What will be lost, as a question. */
  readonly question: string;
  readonly confirmLabel: string;
  readonly onConfirm: () => void;
}

/** Asks in place before something is lost. */
export function ConfirmButton(props: ConfirmButtonProps) {
  const [state, setState] = useState<'untouched' | 'asking' | 'answered'>('untouched');
  if (state !== 'asking') {
    return (
      <Button {...(props.icon === undefined ? {} : { icon: props.icon })} focused={state === 'answered'} onPress={() => setState('asking')}>
        {props.label}
      </Button>
    );
  }
  return (
    <div class="confirm" role="alert">
      <p>{props.question}</p>
      <Button
        look="danger"
        onPress={() => {
          setState('answered');
          props.onConfirm();
        }}
      >
        {props.confirmLabel}
      </Button>
      <Button focused onPress={() => setState('answered')}>
        {i18n.t('common.keep')}
      </Button>
    </div>
  );
}
