import { IconButton } from '@/src/ui/components/button';
import { Switch } from '@/src/ui/components/switch';
import type { Settings } from '@/src/settings/schema';
import { removeAt, replaceAt } from '@/src/ui/state/ordered-list';
import type { OptionsModel } from './options-model';

/** What the viewer said to signaling servers that links named; whoever is removed is asked for again. */
export function PublisherHosts({ settings, model }: { readonly settings: Settings; readonly model: OptionsModel }) {
  const { publisherHosts } = settings;
  if (publisherHosts.length === 0) return null;
  return (
    <div class="servers" id="publisher-hosts">
      <h3>Servers of publishers</h3>
      <p class="soft">Named by links you opened. Those that are on are used for such links, and only while one of their films is open.</p>
      <ul>
        {publisherHosts.map(({ host, allowed }, index) => (
          <li key={host} class="server-row publisher-row" data-server={host}>
            <Switch
              checked={allowed}
              onChange={(checked) => model.change({ publisherHosts: replaceAt(publisherHosts, index, { host, allowed: checked }) })}
            >
              <span class="visually-hidden">Use </span>
              <bdi>{host}</bdi>
            </Switch>
            <div class="server-buttons">
              <IconButton
                icon="trash"
                label={`Forget ${host}`}
                onPress={() => model.change({ publisherHosts: removeAt(publisherHosts, index) })}
              />
            </div>
          </li>
        ))}
      </ul>
    </div>
  );
}
