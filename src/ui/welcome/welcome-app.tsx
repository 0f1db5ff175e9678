import { Brand } from '@/src/ui/components/brand';
import { Button } from '@/src/ui/components/button';
import { Accepted } from './accepted';
import { Choices } from './choices';
import { Disclosure } from './disclosure';
import type { WelcomeModel } from './welcome-model';

export function WelcomeApp({ model }: { readonly model: WelcomeModel }) {
  const settings = model.settings.value;
  if (settings === undefined) return null;
  return (
    <div class="page">
      <header class="page-header">
        <Brand />
      </header>
      <main data-consent={settings.consentedAtMs === null ? (model.declined.value ? 'declined' : 'asked') : 'given'}>
        {settings.consentedAtMs === null ? (
          <>
            <div class="hero">
              <h1>Click a magnet link. Watch it right there.</h1>
              <p>
                Lodestream streams films from other viewers, straight into the page you are on. Before the first one, you should know what
                that shows to others. <strong>Nothing has been contacted so far.</strong>
              </p>
            </div>
            <Disclosure settings={settings} onChange={model.change} />
            <Choices settings={settings} onChange={model.change} />
            <section class="choice" aria-label="Your choice">
              <Button id="accept" look="primary" large onPress={model.accept}>
                Agree and start
              </Button>
              <Button id="decline" large onPress={model.decline}>
                Not now
              </Button>
              <output class="soft">
                {model.declined.value ? 'Nothing is started. Come back any time from the Lodestream button in the toolbar.' : ''}
              </output>
            </section>
          </>
        ) : (
          <Accepted />
        )}
        {model.complaint.value === undefined ? null : (
          <p class="complaint" role="alert">
            {model.complaint.value}
          </p>
        )}
      </main>
    </div>
  );
}
