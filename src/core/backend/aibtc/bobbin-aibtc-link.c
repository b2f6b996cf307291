#define G_LOG_DOMAIN "bobbin-backend"
#include "config.h"
#include "backend/aibtc/bobbin-aibtc-private.h"

#include "wire/bobbin-aibtc-decoder.h"

#include <string.h>

#define CLOSE_NORMAL 1000

struct _BobbinAibtcJob
{
  const BobbinAibtcJobHandlers *handlers;
  gpointer                      user_data;
};

typedef BobbinAibtcLink Link;
typedef BobbinAibtcJob Job;

struct _BobbinAibtcLink
{
  BobbinAibtcBackend *backend;  /* borrowed: owns this */
  /* owned */
  BobbinWsLink       *ws;
  GCancellable       *opening;  /* non-NULL while the handshake is under way */
  GQueue              jobs;     /* of Job, waiting */
  Job                *current;
  guint               idle;

  gboolean            query;
  gboolean            tried_both;
  gboolean            spoke;    /* a frame came over this socket */
};

typedef struct
{
  Link         *link;    /* borrowed: valid while @opening is not cancelled */
  GCancellable *opening; /* owned */
} Opening;

static void pump_later (Link *self);
static void open_socket (Link *self);

static void
let_go (Link *self)
{
  if (self->opening != NULL)
    g_cancellable_cancel (self->opening);
  g_clear_object (&self->opening);
  if (self->ws != NULL)
    bobbin_ws_link_close (self->ws, CLOSE_NORMAL);
  g_clear_object (&self->ws);
  self->spoke = FALSE;
}

/* A handler may drop or add jobs, its own too. */
static void
lose_job (Job           *job,
          BobbinFailure *failure)
{
  const BobbinAibtcJobHandlers *handlers = job->handlers;
  gpointer user_data = job->user_data;

  g_free (job);
  handlers->lost (failure, user_data);
}

/* Nobody gets through: all who wait are told. */
static void
lose_all (Link          *self,
          BobbinFailure *failure)
{
  GQueue jobs = self->jobs;
  Job *job;

  g_queue_init (&self->jobs);
  while ((job = g_queue_pop_head (&jobs)) != NULL)
    lose_job (job, bobbin_failure_copy (failure));
  bobbin_failure_free (failure);
}

static void
text_cb (BobbinWsLink *ws,
         const char   *text,
         gsize         length,
         gpointer      user_data)
{
  Link *self = user_data;

  self->spoke = TRUE;
  if (self->current != NULL)
    self->current->handlers->text (text, length, self->current->user_data);
}

static void
closed_cb (BobbinWsLink *ws,
           guint         code,
           const char   *reason,
           const GError *error,
           gpointer      user_data)
{
  Link *self = user_data;
  Job *job = g_steal_pointer (&self->current);
  BobbinFailure *failure = error != NULL ? bobbin_failure_new_from_error (error, BOBBIN_CERTAINTY_UNKNOWN)
                                         : bobbin_aibtc_failure_from_close (code, reason, self->spoke);

  let_go (self);
  if (job != NULL)
    lose_job (job, failure);
  else
    bobbin_failure_free (failure);
  pump_later (self);
}

static const BobbinWsHandlers handlers = { text_cb, closed_cb };

static void
opened_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  Opening *opening = user_data;
  g_autoptr(GCancellable) cancellable = opening->opening;
  Link *self = opening->link;
  g_autoptr(GError) error = NULL;
  gboolean opened = bobbin_ws_link_open_finish (BOBBIN_WS_LINK (source), result, &error);
  guint status = bobbin_ws_link_get_status (BOBBIN_WS_LINK (source));
  BobbinFailure *failure;

  g_free (opening);
  if (g_cancellable_is_cancelled (cancellable))
    return;

  g_clear_object (&self->opening);
  if (opened)
    {
      _bobbin_aibtc_learn_query (self->backend, self->query);
      pump_later (self);
      return;
    }
  /* Section 2: the public server takes no header; others do, and a key must not be in an address where a header works. */
  if ((status == 401 || status == 403 || status == 500) && _bobbin_aibtc_may_try_both (self->backend) && !self->tried_both)
    {
      self->tried_both = TRUE;
      self->query = !self->query;
      let_go (self);
      open_socket (self);
      return;
    }
  failure = status >= 200 && status != 101
            ? bobbin_aibtc_failure_from_status (status, bobbin_ws_link_get_retry_after_ms (BOBBIN_WS_LINK (source)))
            : bobbin_failure_new_from_error (error, BOBBIN_CERTAINTY_UNSENT);
  let_go (self);
  lose_all (self, failure);
}

static void
open_socket (Link *self)
{
  Opening *opening = g_new0 (Opening, 1);

  self->ws = _bobbin_aibtc_make_link (self->backend, self->query);
  self->opening = g_cancellable_new ();
  opening->link = self;
  opening->opening = g_object_ref (self->opening);
  bobbin_ws_link_set_handlers (self->ws, &handlers, self);
  bobbin_ws_link_open_async (self->ws, NULL, BOBBIN_AIBTC_CONNECT_MS, self->opening, opened_cb, opening);
}

static gboolean
pump_cb (gpointer user_data)
{
  Link *self = user_data;

  self->idle = 0;
  if (self->current != NULL || self->opening != NULL || g_queue_is_empty (&self->jobs))
    return G_SOURCE_REMOVE;
  if (self->ws == NULL || !bobbin_ws_link_is_open (self->ws))
    {
      let_go (self);
      self->query = _bobbin_aibtc_get_query (self->backend);
      self->tried_both = FALSE;
      open_socket (self);
      return G_SOURCE_REMOVE;
    }
  self->current = g_queue_pop_head (&self->jobs);
  self->current->handlers->begin (self->current->user_data);

  return G_SOURCE_REMOVE;
}

static void
pump_later (Link *self)
{
  if (self->idle == 0)
    self->idle = g_idle_add_full (G_PRIORITY_DEFAULT, pump_cb, self, NULL);
}

BobbinAibtcJob *
_bobbin_aibtc_link_enqueue (BobbinAibtcLink              *self,
                            const BobbinAibtcJobHandlers *job_handlers,
                            gpointer                      user_data)
{
  Job *job = g_new0 (Job, 1);

  job->handlers = job_handlers;
  job->user_data = user_data;
  g_queue_push_tail (&self->jobs, job);
  pump_later (self);

  return job;
}

gboolean
_bobbin_aibtc_link_send (BobbinAibtcLink *self,
                         char            *text)
{
  if (self->ws == NULL)
    {
      g_free (text);
      return FALSE;
    }

  return bobbin_ws_link_send (self->ws, g_bytes_new_take (text, strlen (text)));
}

void
_bobbin_aibtc_link_done (BobbinAibtcLink *self,
                         BobbinAibtcJob  *job)
{
  if (self->current == job)
    self->current = NULL;
  else
    g_queue_remove (&self->jobs, job);
  g_free (job);
  pump_later (self);
}

void
_bobbin_aibtc_link_drop (BobbinAibtcLink *self,
                         BobbinAibtcJob  *job)
{
  if (self->current == job)
    let_go (self);
  _bobbin_aibtc_link_done (self, job);
}

BobbinAibtcLink *
_bobbin_aibtc_link_new (BobbinAibtcBackend *backend)
{
  Link *self = g_new0 (Link, 1);

  self->backend = backend;
  g_queue_init (&self->jobs);

  return self;
}

void
_bobbin_aibtc_link_free (BobbinAibtcLink *self)
{
  let_go (self);
  g_clear_handle_id (&self->idle, g_source_remove);
  g_queue_clear_full (&self->jobs, g_free);
  g_free (self->current);
  g_free (self);
}
