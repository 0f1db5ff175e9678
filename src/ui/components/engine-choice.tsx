import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';
import type { EngineMode } from '@/src/protocol/engine-api';
import { ENGINE_WORDS } from '@/src/ui/state/engine-words';

/** The order people read it in: the default first. */
const MODES: readonly EngineMode[] = ['hybrid', 'webrtc', 'webtorrent'];

interface EngineChoiceProps {
  readonly legend: string;
  readonly chosen: EngineMode;
  readonly onChoose: (mode: EngineMode, event: Event) => void;
  /** What stands below each choice. */
  readonly details?: Readonly<Record<EngineMode, ComponentChildren>>;
}

/** Radio buttons: arrow keys move between them, and a screen reader says which of three it is. */
export function EngineChoice({ legend, chosen, onChoose, details }: EngineChoiceProps) {
  const name = useId();
  return (
    <fieldset class="engine-choice">
      <legend class="visually-hidden">{legend}</legend>
      {MODES.map((mode) => (
        <div key={mode} class="engine-option" data-engine-mode={mode} data-chosen={mode === chosen ? '' : undefined}>
          <div class="engine-radio">
            <input
              type="radio"
              id={`${name}-${mode}`}
              name={name}
              value={mode}
              checked={mode === chosen}
              aria-describedby={`${name}-${mode}-summary`}
              onChange={(event) => onChoose(mode, event)}
            />
            <div>
              <label htmlFor={`${name}-${mode}`}>{ENGINE_WORDS[mode].name}</label>
              <p class="soft small" id={`${name}-${mode}-summary`}>
                {ENGINE_WORDS[mode].summary}
              </p>
            </div>
          </div>
          {details?.[mode]}
        </div>
      ))}
    </fieldset>
  );
}
