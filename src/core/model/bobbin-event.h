/* What happens in a conversation, in the words of no server: the codecs make these from frames, the
 * session turns them into messages. Plain data, owned by whoever made it; strings may be NULL. */
#pragma once

#include "bobbin-types.h"
#include "model/bobbin-block.h"
#include "model/bobbin-message.h"

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

typedef enum
{
  BOBBIN_EVENT_NONE,             /* understood, nothing to show */
  BOBBIN_EVENT_READY,            /* the channel takes a turn now: thread_id?, title?, agent_id?, name? (agent) */
  BOBBIN_EVENT_THREAD_ID,        /* thread_id: the server's id, perhaps a new one */
  BOBBIN_EVENT_TITLE,            /* text */
  BOBBIN_EVENT_UPLOAD,           /* attachment, done_bytes, total_bytes: a file on its way ahead of the message; done == total: it is there */
  BOBBIN_EVENT_ACCEPTED,         /* the server has the user's message: message_id? */
  BOBBIN_EVENT_TURN_STARTED,     /* message_id?, model?, thread_id? */
  BOBBIN_EVENT_BLOCK,            /* key, kind, phase, and what the kind carries */
  BOBBIN_EVENT_USAGE,            /* usage, model?: fields not -1 replace */
  BOBBIN_EVENT_STOP_REASON,      /* text, ahead of the end */
  BOBBIN_EVENT_TURN_STOPPED,     /* text = stop reason?, user_message_id?, message_id?, usage (timing) */
  BOBBIN_EVENT_APPROVAL,         /* text = question?, name = node?, data = {"tools":[…]}? */
  BOBBIN_EVENT_CANCEL_ACKNOWLEDGED,
  BOBBIN_EVENT_CONTEXT,          /* data: what the server says of the run, kept raw */
  BOBBIN_EVENT_ACTIVITY,         /* text: a line to show while working */
  BOBBIN_EVENT_PONG,
  BOBBIN_EVENT_FAILED,           /* failure: of the turn when one runs, else of the channel; the channel says which by what follows */
  BOBBIN_EVENT_CLOSED,           /* failure?: the channel is gone; NULL when we closed it */
  BOBBIN_EVENT_DONE,             /* end of a stream: nothing more belongs to the turn */
  BOBBIN_N_EVENTS
} BobbinEventType;

typedef enum
{
  BOBBIN_PHASE_START,
  BOBBIN_PHASE_DELTA,    /* text is appended */
  BOBBIN_PHASE_COMPLETE, /* text, when given, counts only if no delta came, unless replace is set */
} BobbinPhase;

struct _BobbinEvent
{
  BobbinEventType  type;
  char            *thread_id;
  char            *message_id;
  char            *user_message_id;
  char            *agent_id;
  char            *name;        /* of agent, tool, node, language, or the server's block type */
  char            *model;
  char            *text;
  gsize            text_length; /* bytes */
  /* BLOCK */
  char            *key;         /* one block within its turn */
  BobbinBlockKind  kind;
  BobbinPhase      phase;
  gboolean         replace;
  gboolean         is_result;   /* TOOL_CALL: result is the output of the call with this call id */
  gboolean         is_error;    /* TOOL_CALL: the tool failed */
  char            *call_id;
  char            *data;        /* JSON text */
  char            *result;      /* text or JSON text */
  GBytes          *bytes;       /* IMAGE, FILE: decoded content */
  char            *content_type;
  /* UPLOAD */
  BobbinAttachment *attachment; /* owned */
  gint64           done_bytes;
  gint64           total_bytes;
  BobbinUsage      usage;
  BobbinFailure   *failure;
};

BobbinEvent *bobbin_event_new  (BobbinEventType type) G_GNUC_WARN_UNUSED_RESULT;
void         bobbin_event_free (BobbinEvent *self);
const char  *bobbin_event_type_get_nick (BobbinEventType type);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BobbinEvent, bobbin_event_free)

G_END_DECLS
