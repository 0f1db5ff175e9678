import { describe, expect, it } from 'vitest';
import { nextViewState, type ViewEvent, type ViewState } from '@/src/ui/state/view-state';

const buffering: ViewState = { kind: 'buffering', fileIndex: 3 };

function after(start: ViewState, ...events: readonly ViewEvent[]): ViewState {
  return events.reduce(nextViewState, start);
}

describe('the view state', () => {
  it('goes from the click to the end of the film', () => {
    const joined = after({ kind: 'starting' }, { kind: 'consent-missing' }, { kind: 'join-started' });
    expect(joined).toEqual({ kind: 'joining' });
    const chosen = after(joined, { kind: 'choice-needed' }, { kind: 'file-chosen', fileIndex: 3 });
    expect(chosen).toEqual(buffering);
    expect(after(chosen, { kind: 'media-playing' })).toEqual({ kind: 'playing', fileIndex: 3 });
    expect(after(chosen, { kind: 'media-playing' }, { kind: 'media-ended' })).toEqual({ kind: 'ended', fileIndex: 3 });
  });

  it('is buffering until the film has run once, stalled after that', () => {
    expect(after(buffering, { kind: 'media-waiting' }).kind).toBe('buffering');
    expect(after(buffering, { kind: 'media-playing' }, { kind: 'media-waiting' }).kind).toBe('stalled');
  });

  it('plays on after a pause and after a stall', () => {
    expect(after(buffering, { kind: 'media-playing' }, { kind: 'media-paused' }, { kind: 'media-playing' }).kind).toBe('playing');
    expect(after(buffering, { kind: 'media-playing' }, { kind: 'media-waiting' }, { kind: 'media-playing' }).kind).toBe('playing');
  });

  it('tells a refused autoplay from a pause', () => {
    expect(after(buffering, { kind: 'autoplay-refused' })).toEqual({ kind: 'paused', fileIndex: 3, autoplayRefused: true });
    expect(after(buffering, { kind: 'media-paused' })).toEqual({ kind: 'paused', fileIndex: 3, autoplayRefused: false });
  });

  it('keeps the film running while a new engine is joined', () => {
    const playing = after(buffering, { kind: 'media-playing' });
    expect(after(playing, { kind: 'join-started' })).toBe(playing);
  });

  it('keeps the open question of which file to play while a new engine is joined', () => {
    expect(after({ kind: 'choosing-file' }, { kind: 'join-started' })).toEqual({ kind: 'choosing-file' });
  });

  it('leaves an unplayable file only for another choice', () => {
    const unplayable = after(buffering, { kind: 'media-failed', cause: 'unsupported' });
    expect(after(unplayable, { kind: 'media-paused' })).toBe(unplayable);
    expect(after(unplayable, { kind: 'file-chosen', fileIndex: 4 })).toEqual({ kind: 'buffering', fileIndex: 4 });
  });

  it('ignores the media element where no film is open', () => {
    const refused: ViewState = { kind: 'refused', sentence: 'No.' };
    expect(after(refused, { kind: 'media-playing' })).toBe(refused);
  });

  it('joins again after the session was removed or rejected', () => {
    expect(after(buffering, { kind: 'session-removed' }, { kind: 'join-started' })).toEqual({ kind: 'joining' });
    expect(after({ kind: 'joining' }, { kind: 'join-rejected', sentence: 'No.', retryHelps: true }, { kind: 'join-started' }).kind).toBe(
      'joining',
    );
  });
});
