import { useEffect, useState } from 'preact/hooks';
import { Brand } from '@/src/ui/components/brand';
import { Button } from '@/src/ui/components/button';
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
        <h1>Share files</h1>
        {settings.consentedAtMs === null ? (
          <section class="panel" data-message="awaiting-consent">
            <h2>Agree first</h2>
            <p>
              Whoever fetches your files, and the servers that bring you together, see your IP address. Nothing is contacted and nothing
              shared until you have agreed. What was shared before is not shared again by itself.
            </p>
            <Button look="primary" onPress={model.openWelcome}>
              Read and decide
            </Button>
          </section>
        ) : (
          <>
            <p class="soft">
              Files stay where they are and are not copied. They are shared until you stop it, here or in the popup, or close the browser;
              this page may be closed.
            </p>
            <FileChooser model={model} />
            {model.complaint.value === undefined ? null : (
              <p class="complaint" role="alert">
                {model.complaint.value}
              </p>
            )}
            {model.shares.value.length === 0 ? null : (
              <section aria-labelledby="shared-title">
                <h2 id="shared-title">Shared now</h2>
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
