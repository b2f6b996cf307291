/* The decoder by aspect: -decoder.c takes events and keeps the run, -messages.c the parts of messages, -calls.c the tool calls. */
#pragma once

#include "wire/bobbin-assistants-decoder.h"
#include "wire/bobbin-assistants-text.h"

G_BEGIN_DECLS

/* More parts, messages or calls than these in one turn are dropped. */
#define BOBBIN_ASSISTANTS_MAX_PARTS    256
#define BOBBIN_ASSISTANTS_MAX_MESSAGES 256
#define BOBBIN_ASSISTANTS_MAX_CALLS    1024

typedef struct
{
  char      *key;
  GString   *raw;       /* text as it came, with markers */
  GPtrArray *notes;
  guint      n_applied; /* notes whose markers were replaced in deltas */
  gboolean   is_text;
  gboolean   done;
} BobbinAssistantsPart;

typedef struct
{
  char                    *id;
  GPtrArray               *parts;   /* of BobbinAssistantsPart, may hold NULL */
  BobbinAssistantsSources *sources;
  guint                    n_told;  /* sources that were told */
  gboolean                 hidden;  /* of another role */
  gboolean                 done;
} BobbinAssistantsMessage;

typedef struct
{
  char    *key;
  char    *call_id;  /* (nullable) */
  char    *type;     /* "function", "code_interpreter", "file_search" */
  char    *name;     /* (nullable) */
  GString *input;
  gsize    told;     /* bytes of the input when it was told last */
  GString *logs;
  guint    n_images; /* told */
  gboolean started;
  gboolean complete; /* its input is */
  gboolean answered;
} BobbinAssistantsCallState;

struct _BobbinAssistantsDecoder
{
  GPtrArray           *events;   /* of BobbinEvent, waiting from next on */
  guint                next;
  GPtrArray           *messages; /* of BobbinAssistantsMessage, in order */
  GPtrArray           *calls;    /* of BobbinAssistantsCallState, in order */
  GHashTable          *by_key;   /* key → call, borrowed */
  GHashTable          *by_call;  /* call id → call, borrowed */
  BobbinAssistantsRun *run;
  BobbinFailure       *failure;
  gboolean             started;
  gboolean             done;
  gboolean             unreadable;
  gboolean             slow_only;
  gboolean             shows_users;
};

BobbinEvent *_bobbin_assistants_push (BobbinAssistantsDecoder *self, BobbinEventType type); /* borrowed */
BobbinEvent *_bobbin_assistants_push_block (BobbinAssistantsDecoder *self, const char *key, BobbinBlockKind kind, BobbinPhase phase);
/* IMAGE or FILE that lies on the server. @name: (nullable). */
void         _bobbin_assistants_push_file  (BobbinAssistantsDecoder *self, const char *key, BobbinBlockKind kind, const char *file_id,
                                            const char *name);
void         _bobbin_assistants_push_text (BobbinEvent *event, char *text, gsize length); /* takes @text */

/* -messages.c */
void     _bobbin_assistants_message_free  (gpointer data);
gboolean _bobbin_assistants_message_begun (BobbinAssistantsDecoder *self, JsonObject *message);
/* @text: (transfer full). */
void     _bobbin_assistants_text_delta    (BobbinAssistantsDecoder *self, const char *id, gsize id_length, gint index, char *text,
                                           gsize length);
void     _bobbin_assistants_message_delta (BobbinAssistantsDecoder *self, JsonObject *object);
void     _bobbin_assistants_message_ended (BobbinAssistantsDecoder *self, JsonObject *message);
void     _bobbin_assistants_messages_finish (BobbinAssistantsDecoder *self);

/* -calls.c */
void     _bobbin_assistants_call_free     (gpointer data);
void     _bobbin_assistants_step          (BobbinAssistantsDecoder *self, JsonObject *step);
void     _bobbin_assistants_step_delta    (BobbinAssistantsDecoder *self, JsonObject *object);
/* The calls of a run that requires action, in full. */
void     _bobbin_assistants_required      (BobbinAssistantsDecoder *self, const BobbinAssistantsRun *run);

G_END_DECLS
