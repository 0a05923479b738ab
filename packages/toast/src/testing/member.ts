import type { RoomMember } from '../wire/control-message.ts';

/** A member as any room may list one: tests change what they are about. */
export const MEMBER: RoomMember = {
  seat: 0,
  player: 'ada',
  joinId: 'a'.repeat(32),
  epoch: 1,
  founder: true,
  packets: null,
  consent: 1,
  keys: '',
};
