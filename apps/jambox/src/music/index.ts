/** What a room's music needs at every peer, in a browser as on a device: no file here knows Node. */
export type { BandPlace } from './band-click.ts';
export { CUT_OFF_US, HeardNotes, type SoundHeard } from './heard-notes.ts';
export { CLICK_FRAMES, Metronome } from './metronome.ts';
export { CLICK_MODES, type ClickMode, RoomClick } from './room-click.ts';
export { RoomForecast } from './room-forecast.ts';
