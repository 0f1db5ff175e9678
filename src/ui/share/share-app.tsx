import { useEffect, useState } from 'preact/hooks';
import { Brand } from '@/src/ui/components/brand';
import { Button } from '@/src/ui/components/button';
import { i18n } from '@/src/ui/state/i18n';
import { FileChooser } from './file-chooser';
import { ShareCard } from './share-card';
import type { ShareModel } from './share-model';

export function ShareApp({ model }: { readonly model: ShareModel }) {
  const settings = model.settings.value;
  const isOver = useFileDrop(model);
  if (settings === undefined) return null;
  return (
    <div class="page" data-drop={isOver ? 'over' : undefined}>
      <header class="page-header">
        <Brand />
      </header>
      <main>
        <h1>{i18n.t('share.heading')}</h1>
        {settings.consentedAtMs === null ? (
          <section class="panel" data-message="awaiting-consent">
            <h2>{i18n.t('share.agreeFirst')}</h2>
            <p>{i18n.t('share.consent')}</p>
            <Button look="primary" onPress={model.openWelcome}>
              {i18n.t('common.readAndDecide')}
            </Button>
          </section>
        ) : (
          <>
            <p class="soft">{i18n.t('share.about')}</p>
            <FileChooser model={model} />
            {model.complaint.value === undefined ? null : (
              <p class="complaint" role="alert">
                {model.complaint.value}
              </p>
            )}
            {model.shares.value.length === 0 ? null : (
              <section aria-labelledby="shared-title">
                <h2 id="shared-title">{i18n.t('share.sharedNow')}</h2>
                <ul class="shares">
                  {model.shares.value.map((session) => (
                    <ShareCard key={session.id} session={session} model={model} />
                  ))}
                </ul>
              </section>
            )}
          </>
        )}
      </main>
    </div>
  );
}

/** Anywhere on the page: a drop beside the zone would make the browser leave for the file. Returns whether something hovers. */
function useFileDrop(model: ShareModel): boolean {
  const [isOver, setIsOver] = useState(false);
  useEffect(() => {
    const listening = new AbortController();
    const { signal } = listening;
    const onDragOver = (event: DragEvent): void => {
      event.preventDefault();
      setIsOver(true);
    };
    const onDrop = (event: DragEvent): void => {
      event.preventDefault();
      setIsOver(false);
      if (event.dataTransfer !== null) model.drop(event.dataTransfer.items);
    };
    addEventListener('dragover', onDragOver, { signal });
    addEventListener('dragleave', () => setIsOver(false), { signal });
    addEventListener('drop', onDrop, { signal });
    return () => listening.abort();
  }, [model]);
  return isOver;
}
