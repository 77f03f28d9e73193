/** Conversations as chat services write them: lists of {role, content}. */
import {z} from "zod";
import type {Turn} from "../../src/core/conversation.js";

/** A list of messages as turns. */
export const Messages = z
  .array(z.looseObject({role: z.string(), content: z.string()}))
  .transform((messages): Turn[] => messages.map(({role, content}) => ({role, text: content})));
