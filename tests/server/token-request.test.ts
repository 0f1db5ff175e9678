import { jwtVerify } from 'jose';
import { expect, test } from 'vitest';
import { readTokenRequest } from '@/signaling-server/src/token-request';

const SECRET = 'a secret of at least 32 characters';

test('a token says for whom it is and when it ends', async () => {
  const token = await readTokenRequest(['--name', 'Class 7b', '--days', '2'], { TOKEN_SECRET: SECRET });
  const { payload } = await jwtVerify(token, new TextEncoder().encode(SECRET));
  expect(payload).toMatchObject({ sub: 'Class 7b', aud: 'lodestream-signaling' });
  expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBe(2 * 86_400);
});

test.each([
  ['no name', [], SECRET, 'WHO has 1 to 100'],
  ['an odd name', ['--name', 'a\nb'], SECRET, 'WHO has 1 to 100'],
  ['no days', ['--name', 'x', '--days', '0'], SECRET, 'N is a whole number of days'],
  ['half a day', ['--name', 'x', '--days', '0.5'], SECRET, 'N is a whole number of days'],
  ['an unknown option', ['--name', 'x', '--forever'], SECRET, 'Usage: lodestream-signaling token'],
  ['no secret', ['--name', 'x'], undefined, 'Set TOKEN_SECRET'],
  ['a short secret', ['--name', 'x'], 'short', 'TOKEN_SECRET must have at least 32 characters'],
])('%s is refused with a sentence', async (_, args, secret, sentence) => {
  await expect(readTokenRequest(args, { TOKEN_SECRET: secret })).rejects.toThrow(sentence);
});
