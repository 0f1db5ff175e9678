import type { PublisherServerSnapshot, SessionSnapshot } from '@/src/protocol/engine-api';
import { Button } from '@/src/ui/components/button';
import { Icon } from '@/src/ui/components/icon';
import { RichText } from '@/src/ui/components/rich-text';
import { i18n } from '@/src/ui/state/i18n';

interface PublisherNoteProps {
  readonly session: SessionSnapshot | undefined;
  readonly onAnswer: (host: string, allowed: boolean) => void;
}

/** Asks once for each host whether a server that the link names may be used; until then nobody there hears of the viewer. */
export function PublisherNote({ session, onAnswer }: PublisherNoteProps) {
  const server = session === undefined ? undefined : unanswered(session);
  if (server === undefined) return null;
  const { host, isPrivate } = server;
  return (
    // Each host is a question of its own, with buttons that have yet to be seen.
    <div class="note" data-message="publisher-server" key={host}>
      <Icon name="globe" />
      <output>
        <RichText text={i18n.t('player.publisher.named')} values={{ host: <bdi>{host}</bdi> }} />{' '}
        {isPrivate ? `${i18n.t('player.publisher.isPrivate')} ` : ''}
        {i18n.t('player.publisher.sees')}
      </output>
      <Button look="primary" guarded onPress={() => onAnswer(host, true)}>
        {i18n.t('player.publisher.use')}
      </Button>
      <Button guarded onPress={() => onAnswer(host, false)}>
        {i18n.t('player.publisher.never')}
      </Button>
    </div>
  );
}

/** WebTorrent alone has no use for one. */
function unanswered({ mode, publisherServers }: SessionSnapshot): PublisherServerSnapshot | undefined {
  return mode === 'webtorrent' ? undefined : publisherServers.find(({ answer }) => answer === 'none');
}
