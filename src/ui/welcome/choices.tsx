import { Icon } from '@/src/ui/components/icon';
import { RelayOnly } from '@/src/ui/components/relay-only';
import { Switch } from '@/src/ui/components/switch';
import type { Settings } from '@/src/settings/schema';

interface ChoicesProps {
  readonly settings: Settings;
  readonly onChange: (change: Partial<Settings>) => void;
}

/** What a viewer may want otherwise before the first film; all of it can be changed later. */
export function Choices({ settings, onChange }: ChoicesProps) {
  return (
    <section class="panel fact" aria-labelledby="choices-title">
      <Icon name="play" />
      <h2 id="choices-title">As you like it</h2>
      <div class="paragraphs">
        <Switch id="play-on-click" checked={settings.playOn === 'click'} onChange={(isOn) => onChange({ playOn: isOn ? 'click' : 'menu' })}>
          <strong>Play when I click a magnet link</strong>
          <p class="soft">Off, only the browser’s menu (right click) and the Lodestream button in the toolbar play.</p>
        </Switch>
        <RelayOnly settings={settings} onChange={(relayOnly) => onChange({ relayOnly })} />
      </div>
    </section>
  );
}
