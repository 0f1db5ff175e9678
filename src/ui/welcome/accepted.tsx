import { Button } from '@/src/ui/components/button';
import { openSettings } from '@/src/ui/components/open-settings';

export function Accepted() {
  return (
    <>
      <div class="hero">
        <h1>You are ready.</h1>
        <p>If a player is waiting in another tab, it has started already.</p>
      </div>
      <section class="panel" aria-labelledby="now-title">
        <h2 id="now-title">What now</h2>
        <ol class="steps">
          <li>
            <strong>Click a magnet link</strong> on any page. The film opens over the page, and a line below it says what is going on.
          </li>
          <li>
            <strong>Alt+click</strong> hands the link to your torrent app instead.
          </li>
          <li>
            <strong>The Lodestream button</strong> in the toolbar shows what plays, who sends it, and how fast; films are paused, stopped
            and deleted there.
          </li>
          <li>
            <strong>Esc</strong> closes the player.
          </li>
        </ol>
        <p class="soft">
          Viewers find each other through signaling servers and WebTorrent trackers. If you were given the address of one, enter it in the
          settings. You can withdraw your agreement there, too.
        </p>
        <div>
          <Button icon="settings" onPress={openSettings}>
            Open settings
          </Button>
        </div>
      </section>
    </>
  );
}
