/* Assistants v2 threads: any server that speaks the protocol, by one request a call (protocol reference: assistants.md).
 *
 *   bobbin-assistants-backend.c   account, credential, requests, what the server was found to lack
 *   bobbin-assistants-channel.c   the turns of one thread: upload, message, run, stream or polling, outputs
 *   bobbin-assistants-upload.c    the files of a turn
 *   bobbin-assistants-poll.c      the end of a run that no stream told
 *   bobbin-assistants-history.c   messages of a thread; -threads.c: lists, titles, metadata; -files.c: downloads; -check.c: the doctor
 */
#pragma once

#include "backend/bobbin-backend.h"

G_BEGIN_DECLS

#define BOBBIN_TYPE_ASSISTANTS_BACKEND (bobbin_assistants_backend_get_type ())
G_DECLARE_FINAL_TYPE (BobbinAssistantsBackend, bobbin_assistants_backend, BOBBIN, ASSISTANTS_BACKEND, GObject)

BobbinBackend *bobbin_assistants_backend_new (BobbinAccount *account, BobbinClock *clock) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
