import { useState } from 'preact/hooks';
import type { ServerTestRequest } from '@/src/protocol/engine-api';
import { Button } from '@/src/ui/components/button';
import { i18n } from '@/src/ui/state/i18n';
import type { OptionsModel, ServerTestOutcome } from './options-model';

interface ServerTestButtonProps {
  readonly request: ServerTestRequest;
  readonly model: OptionsModel;
}

interface LastTest {
  /** The server, and by what it lets the viewer in. */
  readonly what: string;
  readonly outcome: ServerTestOutcome | 'running';
}

/** Asks the server when it is pressed, and at no other time. */
export function ServerTestButton({ request, model }: ServerTestButtonProps) {
  const [last, setLast] = useState<LastTest | undefined>(undefined);
  const what = JSON.stringify(request);
  // What was found out of another address or token says nothing of this one.
  const test = last?.what === what ? last.outcome : undefined;

  async function run(): Promise<void> {
    setLast({ what, outcome: 'running' });
    const outcome = await model.testServer(request);
    setLast((now) => (now?.what === what ? { what, outcome } : now));
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
