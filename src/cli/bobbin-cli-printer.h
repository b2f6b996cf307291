/* Prints what one "ask" brings while it comes: the answer's text to stdout as it streams, or one JSON event a line.
 *
 * Events, in the order in which they come; "message" is a local id, "block" counts from 0 within its message:
 *   {"type":"thread","thread":ID,"server_id"?,"account":NAME}      the conversation, first of all; again when its server id changes
 *   {"type":"message-start","message":ID,"agent"?,"agent_name"?}   an answer begins
 *   {"type":"delta","message":ID,"block":N,"kind":KIND,"text":TEXT}      text was added to a block
 *   {"type":"block","message":ID,"block":N,"kind":KIND,"state":STATE,…}  a block is complete, or a tool call began, or an approval
 *                                                                        waits (state "open"): name, call_id, text, data, result,
 *                                                                        attachment {name, content_type, size, sha256, path}
 *   {"type":"usage","message":ID,"input_tokens"?,"output_tokens"?,"total_tokens"?,"total_ms"?,"cost"?,"currency"?}
 *   {"type":"notice","name":NAME,"data"?}                          such as "new-thread": the server forgot the conversation
 *   {"type":"title","title":TEXT}
 *   {"type":"stop","message":ID,"state":STATE,"reason"?}           an answer ends: complete, stopped, interrupted or failed
 *   {"type":"error","code":CODE,"message":TEXT,"status":N}         last of all, when the exit status N is not 0; CODE is "approval",
 *                                                                  "stopped" or one of bobbin-error.h
 * New kinds, members and types may be added; readers skip what they do not know. */
#pragma once

#include "bobbin-types.h"

G_BEGIN_DECLS

typedef struct _BobbinCliPrinter BobbinCliPrinter;

/* @verbose: thinking, tool calls and notices are told on stderr. */
BobbinCliPrinter *bobbin_cli_printer_new  (BobbinSession *session, gboolean as_json, gboolean verbose) G_GNUC_WARN_UNUSED_RESULT;
void              bobbin_cli_printer_free (BobbinCliPrinter *self);
/* From now on every message added to the session is printed, but for the person's own. */
void              bobbin_cli_printer_start  (BobbinCliPrinter *self);
/* Prints what was held back, ends the last line. */
void              bobbin_cli_printer_finish (BobbinCliPrinter *self);
/* With --json the last event; otherwise nothing. */
void              bobbin_cli_printer_error  (BobbinCliPrinter *self, const char *code, const char *message, int status);
/* TRUE while an answer that began has not ended. */
gboolean          bobbin_cli_printer_has_open  (BobbinCliPrinter *self);
/* TRUE while a part of such an answer is still coming: text, or a file that is being kept. */
gboolean          bobbin_cli_printer_has_open_content (BobbinCliPrinter *self);
/* TRUE when nobody reads stdout any more. */
gboolean          bobbin_cli_printer_is_broken (BobbinCliPrinter *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BobbinCliPrinter, bobbin_cli_printer_free)

G_END_DECLS
