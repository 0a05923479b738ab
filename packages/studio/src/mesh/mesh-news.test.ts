import { encodeUtf8 } from '@jamnet/base';
import { MemoryHub } from '@jamnet/bus';
import { expect, test } from 'vitest';
import { MeshNews, type NewsReader } from './mesh-news.ts';

function listener() {
  const heard: unknown[] = [];
  const reader: NewsReader = {
    workWaiting: (tasks) => heard.push({ tasks }),
    done: (tasks) => heard.push({ done: tasks.length, first: tasks[0] }),
    tell: (node, message) => heard.push({ node, message }),
  };
  return { heard, reader };
}

function twoCoordinators() {
  const hub = new MemoryHub();
  const one = listener();
  const other = listener();
  const bus = hub.connect();
  const news = new MeshNews(bus, 'one', one.reader);
  return { hub, bus, news, one, other, otherNews: new MeshNews(hub.connect(), 'other', other.reader) };
}

test('what one coordinator says the others hear, and it not itself', async () => {
  const { bus, news, one, other } = twoCoordinators();
  news.workWaiting(3);
  news.done(Array.from({ length: 501 }, (_, n) => `t${n}`));
  news.tell('n1', { type: 'work-waiting' });
  await bus.flush();
  expect(one.heard).toEqual([]);
  expect(other.heard).toEqual([
    { tasks: 3 },
    { done: 500, first: 't0' },
    { done: 1, first: 't500' },
    { node: 'n1', message: { type: 'work-waiting' } },
  ]);
});

test.each([
  'no JSON',
  '7',
  'null',
  '[]',
  '{"tasks":"many"}',
  '{"tasks":-1}',
  '{"done":"t"}',
  '{"node":"n","message":"{\\"type\\":\\"format-disk\\"}"}',
  '{"node":7,"message":"{\\"type\\":\\"work-waiting\\"}"}',
])('%s is no news', async (text) => {
  const { hub, other } = twoCoordinators();
  const stranger = hub.connect();
  stranger.publish('mesh.news', encodeUtf8(text));
  stranger.publish('mesh.news', Uint8Array.of(0xff, 0xfe));
  await stranger.flush();
  expect(other.heard).toEqual([]);
});

test('after its end a coordinator hears nothing', async () => {
  const { bus, news, other, otherNews } = twoCoordinators();
  otherNews.close();
  news.workWaiting(1);
  await bus.flush();
  expect(other.heard).toEqual([]);
});
