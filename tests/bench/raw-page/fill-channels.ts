/** What a data channel carries in one piece everywhere. */
const MESSAGE_BYTES = 64 * 1024;
const HIGH_WATER_BYTES = 1024 * 1024;
const LOW_WATER_BYTES = 256 * 1024;

/**
 * Sends so many bytes, from memory, through the channels that the other side opens on these connections: each message goes through
 * whichever has room.
 */
export function fillChannels(connections: readonly RTCPeerConnection[], lengthBytes: number): void {
  const message = crypto.getRandomValues(new Uint8Array(MESSAGE_BYTES));
  let leftBytes = lengthBytes;
  const fill = (channel: RTCDataChannel): void => {
    while (leftBytes > 0 && channel.readyState === 'open' && channel.bufferedAmount < HIGH_WATER_BYTES) {
      const part = message.subarray(0, Math.min(MESSAGE_BYTES, leftBytes));
      channel.send(part);
      leftBytes -= part.length;
    }
  };
  for (const connection of connections) {
    connection.addEventListener('datachannel', ({ channel }) => {
      channel.bufferedAmountLowThreshold = LOW_WATER_BYTES;
      // Any message is the receiver's word that it is open: of what is sent as soon as this side is, some never reaches the other page.
      channel.addEventListener('message', () => fill(channel));
      channel.addEventListener('bufferedamountlow', () => fill(channel));
      channel.addEventListener('close', () => connection.close());
    });
  }
}
