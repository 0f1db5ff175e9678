import { useState } from 'preact/hooks';
import { i18n } from '@/src/ui/state/i18n';
import { Button } from './button';
import { copyText } from './copy-text';

export function CopyButton(props: { readonly text: string; readonly label: string }) {
  const [outcome, setOutcome] = useState<'none' | 'copied' | 'refused'>('none');
  const words = { none: props.label, copied: i18n.t('common.copied'), refused: i18n.t('common.copyRefused') };
  return (
    <Button
      icon={outcome === 'copied' ? 'check' : 'copy'}
      onPress={() => {
        void copyText(props.text).then((copied) => setOutcome(copied ? 'copied' : 'refused'));
      }}
    >
      <output>{words[outcome]}</output>
    </Button>
  );
}
