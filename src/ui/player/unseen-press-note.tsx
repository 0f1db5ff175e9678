import { Button, IconButton } from '@/src/ui/components/button';
import { Icon } from '@/src/ui/components/icon';
import { i18n } from '@/src/ui/state/i18n';
import type { PlayerModel } from './player-model';

/** Says why a press did nothing. Below the film, where it lies over nothing that has to be seen. */
export function UnseenPressNote({ model }: { readonly model: PlayerModel }) {
  const isInPage = window !== window.top;
  return (
    <div class="unseen-press" hidden={!model.pressRefused.value}>
      <Icon name="warning" />
      <p role="alert">
        {model.pressRefused.value ? `${i18n.t('player.unseen.again')}${isInPage ? ` ${i18n.t('player.unseen.covered')}` : ''}` : ''}
      </p>
      {isInPage ? (
        <Button
          onPress={() => {
            model.openTab();
            model.close();
          }}
        >
          {i18n.t('overlay.playInTab')}
        </Button>
      ) : null}
      <IconButton icon="close" label={i18n.t('common.dismiss')} onPress={() => model.notePress(true)} />
    </div>
  );
}
