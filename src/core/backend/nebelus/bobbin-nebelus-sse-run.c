#define G_LOG_DOMAIN "bobbin-backend"
#include "config.h"
#include "backend/nebelus/bobbin-nebelus-sse-run.h"

#include "transport/bobbin-paced-stream.h"
#include "wire/bobbin-nebelus-decoder.h"
#include "wire/bobbin-nebelus-errors.h"
#include "wire/bobbin-sse-parser.h"

#define READ_SIZE (32 * 1024)
#define MAX_REPLY (32 * 1024 * 1024)
#define MAX_REFUSAL (64 * 1024)

/* Its callbacks hold a reference each. */
struct _BobbinNebelusSseRun
{
  gatomicrefcount                 ref_count;
  const BobbinNebelusSseHandlers *handlers;  /* NULL once dropped or ended */
  gpointer                        user_data; /* borrowed */
  /* owned */
  BobbinHttp                     *http;
  BobbinClock                    *clock;
  BobbinHttpRequest              *request;
  GCancellable                   *cancellable;
  BobbinNebelusDecoder           *decoder;
  BobbinSseParser                *parser;
  guint                           pause;     /* source: reading goes on */
  gint64                          worked_us;
  gboolean                        done;      /* the stream said that it is over */
  char                            buffer[READ_SIZE];
};

typedef BobbinNebelusSseRun Run;

static Run *
run_ref (Run *run)
{
  g_atomic_ref_count_inc (&run->ref_count);

  return run;
}

static void
run_unref (Run *run)
{
  if (!g_atomic_ref_count_dec (&run->ref_count))
    return;

  g_clear_object (&run->request);
  g_clear_object (&run->cancellable);
  g_clear_object (&run->clock);
  g_clear_object (&run->http);
  bobbin_nebelus_decoder_free (run->decoder);
  bobbin_sse_parser_free (run->parser);
  g_free (run);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Run, run_unref)

void
_bobbin_nebelus_sse_run_drop (BobbinNebelusSseRun *run)
{
  g_clear_handle_id (&run->pause, g_source_remove);
  run->handlers = NULL;
  g_cancellable_cancel (run->cancellable);
  bobbin_http_request_close (run->request); /* libsoup closes the connection when the answer goes */
  run_unref (run);
}

gboolean
_bobbin_nebelus_sse_run_get_sent (BobbinNebelusSseRun *run)
{
  return bobbin_http_request_get_sent (run->request);
}

/* @failure: (transfer full) (nullable). */
static void
end (Run           *run,
     BobbinFailure *failure)
{
  const BobbinNebelusSseHandlers *handlers = run->handlers;

  run->handlers = NULL;
  handlers->ended (run, failure, run->user_data);
}

static BobbinCertainty
get_certainty (Run *run)
{
  return bobbin_http_request_get_sent (run->request) ? BOBBIN_CERTAINTY_UNKNOWN : BOBBIN_CERTAINTY_UNSENT;
}

static void
end_with_error (Run          *run,
                const GError *error)
{
  end (run, bobbin_failure_new_from_error (error, get_certainty (run)));
}

/* Events */

static void
pop_events (Run *run)
{
  BobbinEvent *event;

  /* A handler may drop the run. */
  while ((event = bobbin_nebelus_decoder_pop (run->decoder)) != NULL)
    {
      if (event->type == BOBBIN_EVENT_DONE)
        run->done = TRUE;
      if (run->handlers != NULL && event->type != BOBBIN_EVENT_DONE && event->type != BOBBIN_EVENT_NONE)
        run->handlers->event (run, event, run->user_data);
      else
        bobbin_event_free (event);
    }
}

static void
pop_stream (Run *run)
{
  while (run->handlers != NULL)
    {
      g_autoptr(GError) error = NULL;
      BobbinSseEvent event;

      if (!bobbin_sse_parser_next (run->parser, &event, &error))
        {
          if (error == NULL)
            break;
          g_debug ("skipping an event: %s", error->message);
          bobbin_nebelus_decoder_push_unreadable (run->decoder, NULL, 0);
        }
      else if (!bobbin_nebelus_decoder_push_event (run->decoder, event.name, event.data, (gssize) event.length, NULL))
        {
          /* nebelus.md, section 5.2, rule 6: one bad event must not kill the stream. */
          g_debug ("skipping an event of %" G_GSIZE_FORMAT " bytes that is not understood", event.length);
          bobbin_nebelus_decoder_push_unreadable (run->decoder, event.data, event.length);
        }
      pop_events (run);
    }
}

/* Reading */

static void read_more (Run *run);

static gboolean
pause_over_cb (gpointer user_data)
{
  Run *run = user_data;

  run->pause = 0;
  read_more (run);

  return G_SOURCE_REMOVE;
}

static void
read_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr(Run) run = user_data;
  g_autoptr(GError) error = NULL;
  gssize n_bytes = bobbin_http_read_finish (BOBBIN_HTTP (source), result, &error);
  gint64 began_us = g_get_monotonic_time ();

  if (run->handlers == NULL)
    return;
  if (n_bytes > 0)
    bobbin_sse_parser_feed (run->parser, run->buffer, (gsize) n_bytes);
  else
    bobbin_sse_parser_finish (run->parser);
  pop_stream (run);
  if (run->handlers == NULL)
    return;
  if (n_bytes < 0 && !run->done)
    {
      end_with_error (run, error);
      return;
    }
  if (n_bytes <= 0 || run->done)
    {
      end (run, NULL);
      return;
    }

  /* A server that sends without end must not keep the main loop busy (bobbin-paced-stream.h). */
  run->worked_us += g_get_monotonic_time () - began_us;
  if (run->worked_us > BOBBIN_PACE_WORK_US)
    {
      run->worked_us = 0;
      run->pause = g_timeout_add (BOBBIN_PACE_PAUSE_MS, pause_over_cb, run);
    }
  else
    read_more (run);
}

static void
read_more (Run *run)
{
  bobbin_http_read_async (run->http, run->request, run->buffer, sizeof run->buffer, run->cancellable, read_cb, run_ref (run));
}

static void
reply_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr(Run) run = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GBytes) body = bobbin_http_call_finish (BOBBIN_HTTP (source), result, &error);
  gsize size = 0;
  const char *text = body != NULL ? g_bytes_get_data (body, &size) : NULL;

  if (run->handlers == NULL)
    return;
  if (body != NULL && bobbin_nebelus_decoder_push_reply (run->decoder, size > 0 ? text : "", (gssize) size, NULL))
    pop_events (run);
  else if (body != NULL)
    error = g_error_new_literal (BOBBIN_ERROR, BOBBIN_ERROR_PROTOCOL, "The server's answer is not understood: check the address");
  if (run->handlers == NULL)
    return;
  if (error != NULL)
    end_with_error (run, error);
  else
    end (run, NULL);
}

static void
refusal_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(Run) run = user_data;
  g_autoptr(GBytes) body = bobbin_http_call_finish (BOBBIN_HTTP (source), result, NULL);

  if (run->handlers == NULL)
    return;

  end (run, bobbin_nebelus_failure_from_http (bobbin_http_request_get_status (run->request),
                                              bobbin_http_request_get_answer_header (run->request, "Retry-After"),
                                              body != NULL ? g_bytes_get_data (body, NULL) : NULL,
                                              body != NULL ? g_bytes_get_size (body) : 0,
                                              bobbin_clock_now_us (run->clock)));
}

static gboolean
has_type (Run        *run,
          const char *type)
{
  return g_strcmp0 (bobbin_http_request_get_answer_type (run->request), type) == 0;
}

static void
not_answered (Run          *run,
              const GError *error)
{
  BobbinFailure *failure = bobbin_failure_new_from_error (error, get_certainty (run));

  failure->http_status = bobbin_http_request_get_status (run->request);
  /* A redirect is no turn; a body that never became whole is nothing the server could have acted on. */
  if (failure->http_status >= 300 && failure->http_status < 400)
    failure->certainty = BOBBIN_CERTAINTY_REFUSED;
  else if (failure->code == BOBBIN_ERROR_FILE)
    failure->certainty = BOBBIN_CERTAINTY_UNSENT;
  end (run, failure);
}

static void
head_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr(Run) run = user_data;
  g_autoptr(GError) error = NULL;
  gboolean answered = bobbin_http_send_finish (BOBBIN_HTTP (source), result, &error);
  guint status = bobbin_http_request_get_status (run->request);

  if (run->handlers == NULL)
    return;
  if (!answered)
    {
      not_answered (run, error);
      return;
    }
  if (status < 200 || status >= 300)
    {
      bobbin_http_drain_async (run->http, run->request, MAX_REFUSAL, run->cancellable, refusal_cb, run_ref (run));
      return;
    }

  bobbin_nebelus_decoder_push_thread_id (run->decoder, bobbin_http_request_get_answer_header (run->request, "X-Thread-Id"));
  pop_events (run);
  if (run->handlers == NULL)
    return;
  if (has_type (run, "application/json"))
    bobbin_http_drain_async (run->http, run->request, MAX_REPLY, run->cancellable, reply_cb, run_ref (run));
  else if (has_type (run, "text/html"))
    end (run, bobbin_failure_new (BOBBIN_ERROR_PROTOCOL, BOBBIN_CERTAINTY_UNKNOWN,
                                  "The server answers with a web page: check the address"));
  else
    read_more (run);
}

static void
make_request (Run                       *run,
              const BobbinNebelusTarget *target,
              BobbinTurn                *turn)
{
  g_autofree char *url = _bobbin_nebelus_target_dup_chat_url (target);
  g_autoptr(BobbinBodyStream) body = _bobbin_nebelus_encode_turn (turn, TRUE, target->thread_id);
  char *authorization = _bobbin_nebelus_backend_dup_authorization (target->backend, FALSE);

  run->request = bobbin_http_request_new ("POST", url);
  if (authorization != NULL)
    bobbin_http_request_set_header (run->request, "Authorization", authorization);
  _bobbin_nebelus_wipe (authorization);
  bobbin_http_request_set_header (run->request, "Accept", "text/event-stream");
  bobbin_http_request_set_silence_limit (run->request, BOBBIN_HTTP_STREAM_MS);
  bobbin_http_request_set_body (run->request, "application/json", G_INPUT_STREAM (body), bobbin_body_stream_get_length (body));
}

BobbinNebelusSseRun *
_bobbin_nebelus_sse_run_new (const BobbinNebelusTarget      *target,
                             BobbinTurn                     *turn,
                             const BobbinNebelusSseHandlers *handlers,
                             gpointer                        user_data)
{
  Run *run = g_new0 (Run, 1);

  g_atomic_ref_count_init (&run->ref_count);
  run->handlers = handlers;
  run->user_data = user_data;
  run->http = g_object_ref (_bobbin_nebelus_backend_get_http (target->backend));
  run->clock = g_object_ref (_bobbin_nebelus_backend_get_clock (target->backend));
  run->cancellable = g_cancellable_new ();
  run->decoder = bobbin_nebelus_decoder_new ();
  run->parser = bobbin_sse_parser_new (0);
  bobbin_nebelus_decoder_set_thread_id (run->decoder, target->thread_id);
  bobbin_nebelus_decoder_begin_turn (run->decoder);
  make_request (run, target, turn);
  bobbin_http_send_async (run->http, run->request, run->cancellable, head_cb, run_ref (run));

  return run;
}
