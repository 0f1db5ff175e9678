import { IconButton } from '@/src/ui/components/button';
import { Switch } from '@/src/ui/components/switch';
import type { Settings } from '@/src/settings/schema';
import { i18n } from '@/src/ui/state/i18n';
import { removeAt, replaceAt } from '@/src/ui/state/ordered-list';
import type { OptionsModel } from './options-model';

/** What the viewer said to signaling servers that links named; whoever is removed is asked for again. */
export function PublisherHosts({ settings, model }: { readonly settings: Settings; readonly model: OptionsModel }) {
  const { publisherHosts } = settings;
  if (publisherHosts.length === 0) return null;
  return (
    <div class="servers" id="publisher-hosts">
      <h3>{i18n.t('options.publishers.title')}</h3>
      <p class="soft">{i18n.t('options.publishers.about')}</p>
      <ul>
        {publisherHosts.map(({ host, allowed }, index) => (
          <li key={host} class="server-row publisher-row" data-server={host}>
            <Switch
              checked={allowed}
              onChange={(checked) => model.change({ publisherHosts: replaceAt(publisherHosts, index, { host, allowed: checked }) })}
            >
              <span class="visually-hidden">{i18n.t('options.publishers.use')} </span>
              <bdi>{host}</bdi>
            </Switch>
            <div class="server-buttons">
              <IconButton
                icon="trash"
                label={i18n.t('options.publishers.forget', { host })}
                onPress={() => model.change({ publisherHosts: removeAt(publisherHosts, index) })}
              />
            </div>
          </li>
        ))}
      </ul>
    </div>
  );
}
