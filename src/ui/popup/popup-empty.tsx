import { Button } from '@/src/ui/components/button';

export function NotConsented(props: { readonly onOpenWelcome: () => void }) {
  return (
    <section class="empty" data-message="awaiting-consent">
      <h2>Before the first film</h2>
      <p class="soft">Films come from other viewers, who see your IP address. Nothing is contacted until you have agreed.</p>
      <Button look="primary" onPress={props.onOpenWelcome}>
        Read and decide
      </Button>
    </section>
  );
}

export function NoSessions() {
  return (
    <section class="empty" data-message="no-sessions">
      <h2>Nothing is playing</h2>
      <p class="soft">Click a magnet link on any page and the film plays right there. Alt+click hands it to your torrent app.</p>
    </section>
  );
}
