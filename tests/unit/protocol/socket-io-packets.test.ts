import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createPacketParser, decodePacket, encodePacket, PACKET_TYPE, type Packet } from '@/src/protocol/socket-io-packets';

const ALL = Object.values(PACKET_TYPE);

test.each<[string, Packet]>([
  ['0', { type: 0, nsp: '/' }],
  ['0{"sid":"x"}', { type: 0, nsp: '/', data: { sid: 'x' } }],
  ['1', { type: 1, nsp: '/' }],
  ['2["offer",{"to":"x"}]', { type: 2, nsp: '/', data: ['offer', { to: 'x' }] }],
  ['212["leave"]', { type: 2, nsp: '/', id: 12, data: ['leave'] }],
  ['312[null]', { type: 3, nsp: '/', id: 12, data: [null] }],
  ['4{"message":"no"}', { type: 4, nsp: '/', data: { message: 'no' } }],
])('%s is read and written as the Socket.IO protocol has it', (text, packet) => {
  expect(decodePacket(text, ALL)).toEqual(packet);
  expect(encodePacket(packet)).toBe(text);
});

test.each([
  ['nothing', ''],
  ['not a text', new Uint8Array([50])],
  ['a binary event', '51-["offer",{"_placeholder":true,"num":0}]'],
  ['another namespace', '2/admin,["offer"]'],
  ['an event without a name', '2[]'],
  ['an event whose name is a number', '2[1]'],
  ['an event with a name the libraries use themselves', '2["disconnect"]'],
  ['an event that is no list', '2{}'],
  ['an acknowledgement without a number', '3[]'],
  ['an acknowledgement without data', '31'],
  ['a refusal without a sentence', '4{}'],
  ['a refusal without data', '4'],
  ['text after the JSON', '2["offer"]x'],
  ['a number too long', '21234567890["offer"]'],
])('%s is refused', (_what, text) => {
  expect(() => decodePacket(text, ALL)).toThrow(SyntaxError);
});

test('a side refuses the types it has no reason to receive', () => {
  expect(() => decodePacket('31[]', [PACKET_TYPE.event])).toThrow('accepted type');
});

test('whatever is sent as an event arrives as it was', () => {
  const { Encoder, Decoder } = createPacketParser(ALL);
  const decoder = new Decoder();
  let received: Packet | undefined;
  decoder.on('decoded', (packet) => {
    received = packet;
  });
  fc.assert(
    fc.property(fc.jsonValue(), fc.option(fc.nat(999_999_999), { nil: undefined }), (value, id) => {
      const data: unknown = JSON.parse(JSON.stringify(['offer', value]));
      for (const text of new Encoder().encode({ type: 2, nsp: '/', data, ...(id === undefined ? {} : { id }) })) decoder.add(text);
      expect(received).toEqual({ type: 2, nsp: '/', data, ...(id === undefined ? {} : { id }) });
    }),
  );
});

test('no text makes the decoder throw anything but a syntax error', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.tuple(fc.nat(9), fc.json()).map(([type, json]) => `${type}${json}`),
      ),
      (text) => {
        try {
          expect(decodePacket(text, ALL)).toMatchObject({ nsp: '/' });
        } catch (error) {
          expect(error).toBeInstanceOf(SyntaxError);
        }
      },
    ),
  );
});
