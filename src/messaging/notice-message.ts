import * as v from 'valibot';
import { NOTICES, type Notice, type NoticeName } from '@/src/protocol/notice';

/** Addresses are up to 2000 characters long. */
const MAX_VALUE_CHARS = 4000;
const NAMES = Object.keys(NOTICES) as NoticeName[];

/** A notice from another context. */
export const noticeMessage: v.GenericSchema<unknown, Notice> = v.object({
  name: v.picklist(NAMES),
  values: v.record(v.string(), v.union([v.pipe(v.string(), v.maxLength(MAX_VALUE_CHARS)), v.number()])),
});
