import type { PublisherServerSnapshot, SessionSnapshot } from '@/src/protocol/engine-api';
import { Button } from '@/src/ui/components/button';
import { Icon } from '@/src/ui/components/icon';

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
    <div class="note" data-message="publisher-server">
      <Icon name="globe" />
      <output>
        This link names a server where its viewers find each other: <bdi>{host}</bdi>.{' '}
        {isPrivate ? 'It is on this device or its own network. ' : ''}
        It would see your IP address and a number derived from the film.
      </output>
      <Button look="primary" onPress={() => onAnswer(host, true)}>
        Use it
      </Button>
      <Button onPress={() => onAnswer(host, false)}>Never</Button>
    </div>
  );
}

/** WebTorrent alone has no use for one. */
function unanswered({ mode, publisherServers }: SessionSnapshot): PublisherServerSnapshot | undefined {
  return mode === 'webtorrent' ? undefined : publisherServers.find(({ answer }) => answer === 'none');
}
