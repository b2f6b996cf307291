/* A run of an Assistants v2 server: what a Run object says, read tolerantly (assistants.md, sections 4.4 and 6: every field but id
 * and status is optional, new statuses may appear). Plain data. */
#pragma once

#include "model/bobbin-message.h"
#include "util/bobbin-error.h"

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

typedef enum
{
  BOBBIN_ASSISTANTS_QUEUED,
  BOBBIN_ASSISTANTS_IN_PROGRESS,
  BOBBIN_ASSISTANTS_REQUIRES_ACTION, /* waits for outputs; blocks the thread */
  BOBBIN_ASSISTANTS_CANCELLING,
  BOBBIN_ASSISTANTS_CANCELLED,
  BOBBIN_ASSISTANTS_COMPLETED,
  BOBBIN_ASSISTANTS_INCOMPLETE,
  BOBBIN_ASSISTANTS_FAILED,
  BOBBIN_ASSISTANTS_EXPIRED,
  BOBBIN_ASSISTANTS_OTHER,           /* unknown word: not over */
} BobbinAssistantsStatus;

/* A function the client is to answer. */
typedef struct
{
  char    *call_id;
  char    *name;       /* (nullable) */
  char    *arguments;  /* (nullable): text, perhaps no valid JSON */
  gboolean is_function; /* others cannot be answered */
} BobbinAssistantsCall;

typedef struct
{
  char                  *id;
  char                  *thread_id;    /* (nullable), as all strings below */
  char                  *assistant_id;
  char                  *model;
  char                  *reason;       /* of an incomplete run */
  BobbinAssistantsStatus status;
  gint64                 created_us;   /* 0 unknown */
  gint64                 expires_us;   /* 0 unknown; only a hint */
  GPtrArray             *calls;        /* of BobbinAssistantsCall, what requires action */
  BobbinUsage            usage;
  BobbinFailure         *failure;      /* (nullable): last_error */
} BobbinAssistantsRun;

/* Returns: (nullable): NULL without an id or a status. */
BobbinAssistantsRun *bobbin_assistants_run_parse (JsonObject *object) G_GNUC_WARN_UNUSED_RESULT;
void                 bobbin_assistants_run_free  (BobbinAssistantsRun *self);
gboolean             bobbin_assistants_status_is_terminal (BobbinAssistantsStatus status);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BobbinAssistantsRun, bobbin_assistants_run_free)

G_END_DECLS
