/* How a run goes when no stream tells: asked for again and again, and its messages and steps fetched once it is over
 * (assistants.md, section 7). */
#pragma once

#include "backend/assistants/bobbin-assistants-private.h"
#include "wire/bobbin-assistants-decoder.h"

G_BEGIN_DECLS

typedef struct _BobbinAssistantsPoll BobbinAssistantsPoll;

typedef struct
{
  /* The decoder has events. */
  void (*news)  (gpointer user_data);
  /* The run is over and all of it is with the decoder, or it requires action, or it was looked at once; or @failure, (transfer
   * full): it cannot be followed any more. Nothing is called after this. */
  void (*ended) (BobbinFailure *failure, gpointer user_data);
} BobbinAssistantsPollHandlers;

typedef enum
{
  BOBBIN_ASSISTANTS_POLL_PATIENTLY, /* the first look after the first wait */
  BOBBIN_ASSISTANTS_POLL_AT_ONCE,
  BOBBIN_ASSISTANTS_POLL_ONCE,      /* at once, and not again */
} BobbinAssistantsPollMode;

/* @prompt_id: (nullable): the user's message; answers of servers that do not tie them to runs are newer than it.
 * @decoder, @handlers and @user_data must stay. */
BobbinAssistantsPoll *_bobbin_assistants_poll_new  (BobbinAssistantsBackend *backend, const char *thread_id, const char *run_id,
                                                    const char *prompt_id, BobbinAssistantsPollMode mode,
                                                    BobbinAssistantsDecoder *decoder, const BobbinAssistantsPollHandlers *handlers,
                                                    gpointer user_data) G_GNUC_WARN_UNUSED_RESULT;
void                  _bobbin_assistants_poll_drop (BobbinAssistantsPoll *poll);

G_END_DECLS
