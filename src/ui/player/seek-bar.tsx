import { useState } from 'preact/hooks';
import { formatPosition } from '@/src/ui/state/format';
import { i18n } from '@/src/ui/state/i18n';
import { isWithin, type VerifiedShares } from '@/src/ui/state/seek-ranges';

interface SeekBarProps {
  readonly positionS: number;
  readonly durationS: number;
  /** What is there already. */
  readonly verified: VerifiedShares;
  readonly onSeek: (share: number) => void;
}

/** Where the film is, and which of it is there. A drag seeks once, at its end: each seek has the engine plan anew. */
export function SeekBar({ positionS, durationS, verified, onSeek }: SeekBarProps) {
  const [pointed, setPointed] = useState<number | undefined>(undefined);
  const [dragged, setDragged] = useState<number | undefined>(undefined);
  const played = durationS === 0 ? 0 : Math.min(1, positionS / durationS);
  const shown = dragged ?? played;
  const asked = dragged ?? pointed;

  return (
    <div
      class="seek-bar"
      data-accuracy={verified.isExact ? 'exact' : 'approximate'}
      onPointerMove={(event) => setPointed(shareAt(event))}
      onPointerLeave={() => setPointed(undefined)}
    >
      <div class="seek-track">
        {verified.ranges.map(({ start, end }) => (
          <span key={start} class="seek-verified" style={{ insetInlineStart: percent(start), inlineSize: percent(end - start) }} />
        ))}
        <span class="seek-played" style={{ inlineSize: percent(shown) }} />
      </div>
      <span class="seek-thumb" style={{ insetInlineStart: percent(shown) }} />
      <input
        class="seek-input"
        type="range"
        min="0"
        max="1"
        step="any"
        aria-label={i18n.t('player.position')}
        aria-valuetext={i18n.t('common.partOfWhole', { part: formatPosition(positionS), whole: formatPosition(durationS) })}
        aria-describedby={verified.isExact ? undefined : 'seek-accuracy'}
        disabled={durationS === 0}
        value={shown}
        onInput={(event) => setDragged(event.currentTarget.valueAsNumber)}
        onChange={(event) => {
          setDragged(undefined);
          onSeek(event.currentTarget.valueAsNumber);
        }}
      />
      {verified.isExact ? null : (
        <span id="seek-accuracy" hidden>
          {i18n.t('player.hereIsAbout')}
        </span>
      )}
      {asked === undefined || durationS === 0 ? null : (
        <span class="seek-time" style={{ insetInlineStart: `clamp(2.5rem, ${percent(asked)}, 100% - 2.5rem)` }}>
          {formatPosition(asked * durationS)}
          {isWithin(verified.ranges, asked) ? null : (
            <small>{verified.isExact ? i18n.t('player.notHereYet') : i18n.t('player.perhapsNotHereYet')}</small>
          )}
        </span>
      )}
    </div>
  );
}

function shareAt({ clientX, currentTarget }: PointerEvent): number {
  if (!(currentTarget instanceof Element)) return 0;
  const { left, width } = currentTarget.getBoundingClientRect();
  return width === 0 ? 0 : Math.min(1, Math.max(0, (clientX - left) / width));
}

function percent(share: number): string {
  return `${(share * 100).toFixed(2)}%`;
}
