import { Icon } from '@/src/ui/components/icon';

/** What there is to look at while there is only something to hear. @param props.name hostile text */
export function AudioView({ name }: { readonly name: string }) {
  return (
    <div class="audio-view">
      <Icon name="sound" />
      <p>
        <bdi>{name}</bdi>
      </p>
    </div>
  );
}
