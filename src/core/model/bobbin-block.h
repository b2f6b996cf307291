/* One block of a message: a run of text, a tool call, a table… Blocks are ordered within their message.
 *
 * Text grows by bobbin_block_append(), which emits "appended" and no notify, so that a long answer costs
 * what arrives and not what is there. Structured kinds carry their JSON as text in "data". */
#pragma once

#include "bobbin-types.h"

G_BEGIN_DECLS

typedef enum
{
  BOBBIN_BLOCK_TEXT,
  BOBBIN_BLOCK_THINKING,
  BOBBIN_BLOCK_TOOL_CALL,   /* name, call id, data = arguments, result = output */
  BOBBIN_BLOCK_TABLE,       /* data */
  BOBBIN_BLOCK_CHART,       /* data */
  BOBBIN_BLOCK_CODE,        /* text, name = language */
  BOBBIN_BLOCK_JSON,        /* data */
  BOBBIN_BLOCK_IMAGE,       /* attachment, or data = {"url":…} which loads only after a click, or data = {"file_id",…} as FILE */
  BOBBIN_BLOCK_FILE,        /* attachment, or data = {"file_id", "name"?, "content_type"?, "size"?}: it lies on the server */
  BOBBIN_BLOCK_APPROVAL,    /* text = question, name = node, data as below, result = decisions once given */
  BOBBIN_BLOCK_NOTICE,      /* name = BobbinNotice nick, data = its facts */
  BOBBIN_BLOCK_SOURCES,     /* data = {"sources":[{"title"?,"url"?,"file_id"?,"page"?,"quote"?}]}: what " [1]" in the text stands for */
  BOBBIN_BLOCK_UNKNOWN,     /* name = the server's type, data = raw JSON */
  BOBBIN_N_BLOCK_KINDS
} BobbinBlockKind;

/* The data of an APPROVAL, a JSON object that may hold more than this for the service's own use:
 *   {"tools":[{"name","args"}]}                                     approve, reject, or edit the arguments
 *   {"answer":"outputs","tools":[{"id","name","args"}]}             the person gives what each tool would have returned
 *   {"answer":"text","reason"?,"details"?}                          a pause; any message is the answer
 * Decisions: [{"type":"approve"|"reject"|"edit"|"output"|"text"|"leave","arguments"?}]. */
#define BOBBIN_APPROVAL_TOOLS   "tools"
#define BOBBIN_APPROVAL_OUTPUTS "outputs"
#define BOBBIN_APPROVAL_TEXT    "text"

/* Kinds of notices: the name of a BOBBIN_BLOCK_NOTICE. Those of this program: */
#define BOBBIN_NOTICE_NEW_THREAD     "new-thread"     /* data {"reason":"expired"|"gone"|"changed"|"asked"}: earlier context is lost */
#define BOBBIN_NOTICE_CONTEXT_SENT   "context-sent"   /* the transcript went along */
#define BOBBIN_NOTICE_INTERRUPTED    "interrupted"
#define BOBBIN_NOTICE_AGENT_CHANGED  "agent-changed"
#define BOBBIN_NOTICE_GONE           "gone-on-server" /* data {"count":n}: the n messages before it are no longer on the server */
/* Name of a notice inside an answer: something the server sent was skipped. */
#define BOBBIN_NOTICE_UNREADABLE "unreadable"
/* The agent asked for a tool of the client, data {"name"}: this program runs none. */
#define BOBBIN_NOTICE_CLIENT_TOOL "client-tool"
/* The answer ended early: data {"reason"?}, the server's word: "max_completion_tokens", "content_filter"… */
#define BOBBIN_NOTICE_CUT_OFF    "cut-off"

typedef enum
{
  BOBBIN_BLOCK_OPEN,     /* streaming, tool running, approval waiting */
  BOBBIN_BLOCK_DONE,
  BOBBIN_BLOCK_ERROR,    /* tool failed */
  /* approval whose connection was lost: may still work, is marked; with a result of the one type "stopped" or "refused" it is over */
  BOBBIN_BLOCK_EXPIRED,
  BOBBIN_N_BLOCK_STATES
} BobbinBlockState;

#define BOBBIN_TYPE_BLOCK_KIND (bobbin_block_kind_get_type ())
GType       bobbin_block_kind_get_type   (void) G_GNUC_CONST;
const char *bobbin_block_kind_get_nick   (BobbinBlockKind kind);
gboolean    bobbin_block_kind_from_nick  (const char *nick, BobbinBlockKind *ret_kind);
#define BOBBIN_TYPE_BLOCK_STATE (bobbin_block_state_get_type ())
GType       bobbin_block_state_get_type  (void) G_GNUC_CONST;
const char *bobbin_block_state_get_nick  (BobbinBlockState state);
gboolean    bobbin_block_state_from_nick (const char *nick, BobbinBlockState *ret_state);

#define BOBBIN_TYPE_BLOCK (bobbin_block_get_type ())
G_DECLARE_FINAL_TYPE (BobbinBlock, bobbin_block, BOBBIN, BLOCK, GObject)

/* Properties: "id", "kind" (construct-only), "state", "name", "call-id", "data", "result", "attachment",
 * "started-us", "finished-us" (wall clock, 0 unknown), "progress" (not stored: 0 to 1 while the file is on its way, else -1).
 * Signal "appended" (guint offset_bytes): text was added from there on; "text-replaced" (): all text is new. */
BobbinBlock      *bobbin_block_new             (gint64 id, BobbinBlockKind kind) G_GNUC_WARN_UNUSED_RESULT;
gint64            bobbin_block_get_id          (BobbinBlock *self);
BobbinBlockKind   bobbin_block_get_kind        (BobbinBlock *self);
BobbinBlockState  bobbin_block_get_state       (BobbinBlock *self);
void              bobbin_block_set_state       (BobbinBlock *self, BobbinBlockState state);
const char       *bobbin_block_get_text        (BobbinBlock *self); /* never NULL; valid until the next change */
gsize             bobbin_block_get_length      (BobbinBlock *self); /* bytes */
void              bobbin_block_append          (BobbinBlock *self, const char *text, gssize length);
void              bobbin_block_set_text        (BobbinBlock *self, const char *text);
const char       *bobbin_block_get_name        (BobbinBlock *self); /* (nullable), as the next four */
void              bobbin_block_set_name        (BobbinBlock *self, const char *name);
const char       *bobbin_block_get_call_id     (BobbinBlock *self);
void              bobbin_block_set_call_id     (BobbinBlock *self, const char *call_id);
const char       *bobbin_block_get_data        (BobbinBlock *self);
void              bobbin_block_set_data        (BobbinBlock *self, const char *data);
const char       *bobbin_block_get_result      (BobbinBlock *self);
void              bobbin_block_set_result      (BobbinBlock *self, const char *result);
BobbinAttachment *bobbin_block_get_attachment  (BobbinBlock *self);
void              bobbin_block_set_attachment  (BobbinBlock *self, BobbinAttachment *attachment);
gint64            bobbin_block_get_started_us  (BobbinBlock *self);
void              bobbin_block_set_started_us  (BobbinBlock *self, gint64 started_us);
gint64            bobbin_block_get_finished_us (BobbinBlock *self);
void              bobbin_block_set_finished_us (BobbinBlock *self, gint64 finished_us);
double            bobbin_block_get_progress    (BobbinBlock *self);
void              bobbin_block_set_progress    (BobbinBlock *self, double progress);
/* APPROVAL: one of the three above, static; never NULL. */
const char       *bobbin_block_get_answer_form (BobbinBlock *self);

G_END_DECLS
