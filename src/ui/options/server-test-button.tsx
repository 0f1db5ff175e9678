import { useEffect, useState } from 'preact/hooks';
import type { ServerTestRequest } from '@/src/protocol/engine-api';
import { Button } from '@/src/ui/components/button';
import { i18n } from '@/src/ui/state/i18n';
import type { OptionsModel, ServerTestOutcome } from './options-model';

interface ServerTestButtonProps {
  readonly request: ServerTestRequest;
  readonly model: OptionsModel;
}

/** Asks the server when it is pressed, and at no other time. */
export function ServerTestButton({ request, model }: ServerTestButtonProps) {
  const [test, setTest] = useState<ServerTestOutcome | 'running' | undefined>(undefined);
  const what = JSON.stringify(request);
  // What was found out is about another address or token now.
  useEffect(() => setTest(undefined), [what]);

  async function run(): Promise<void> {
    setTest('running');
    setTest(await model.testServer(request));
  }

  const outcome = test === undefined ? 'none' : test === 'running' ? 'running' : test.ok ? 'works' : 'fails';
  return (
    <div class="server-test">
      <Button icon="globe" onPress={() => void run()}>
        {' '}
        {i18n.t('options.server.test')}
      </Button>
      <output class={outcome === 'fails' ? 'small field-error' : 'small'} data-test={outcome}>
        {test === undefined ? '' : test === 'running' ? i18n.t('options.server.testing') : test.sentence}
      </output>
    </div>
  );
}
