import { useState } from 'preact/hooks';
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
  const [asking, setAsking] = useState(false);
  if (!asking) {
    return (
      <Button {...(props.icon === undefined ? {} : { icon: props.icon })} onPress={() => setAsking(true)}>
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
          setAsking(false);
          props.onConfirm();
        }}
      >
        {props.confirmLabel}
      </Button>
      <Button onPress={() => setAsking(false)}>Keep</Button>
    </div>
  );
}
