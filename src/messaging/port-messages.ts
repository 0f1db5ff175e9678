import * as v from 'valibot';

/** Hears the messages of a port that fit the schema, until the signal aborts; others are dropped. */
export function onPortMessage<Message>(
  port: MessagePort,
  schema: v.GenericSchema<unknown, Message>,
  signal: AbortSignal,
  listener: (message: Message) => void,
): void {
  port.addEventListener(
    'message',
    (event: MessageEvent<unknown>) => {
      const parsed = v.safeParse(schema, event.data);
      if (parsed.success) listener(parsed.output);
    },
    { signal },
  );
  port.start();
}
