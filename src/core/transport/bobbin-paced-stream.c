#define G_LOG_DOMAIN "bobbin-transport"
#include "config.h"
#include "transport/bobbin-paced-stream.h"

#include "transport/bobbin-frame-gate.h"

#include <string.h>

#define BUFFER_SIZE (16 * 1024)

/* The reading half. */

#define BOBBIN_TYPE_PACED_INPUT (bobbin_paced_input_get_type ())
G_DECLARE_FINAL_TYPE (BobbinPacedInput, bobbin_paced_input, BOBBIN, PACED_INPUT, GInputStream)

struct _BobbinPacedInput
{
  GInputStream          parent_instance;
  /* owned */
  GPollableInputStream *base;
  gsize                 offset;
  gsize                 length;
  gint64                began_us;  /* monotonic: start of the present go, 0 between two */
  gboolean              pausing;
  BobbinFrameGate       gate;
  GError               *failure;   /* (nullable): of the gate; told behind what came before it */
  char                  buffer[BUFFER_SIZE];
};

static gssize
take (BobbinPacedInput *self,
      void             *buffer,
      gsize             count)
{
  gsize n = MIN (count, self->length - self->offset);

  memcpy (buffer, self->buffer + self->offset, n);
  self->offset += n;

  return (gssize) n;
}

static gssize
bobbin_paced_input_read_fn (GInputStream *stream,
                            void         *buffer,
                            gsize         count,
                            GCancellable *cancellable,
                            GError      **error)
{
  BobbinPacedInput *self = BOBBIN_PACED_INPUT (stream);

  if (self->offset < self->length)
    return take (self, buffer, count);

  return g_input_stream_read (G_INPUT_STREAM (self->base), buffer, count, cancellable, error);
}

static gboolean
may_go_on (BobbinPacedInput *self)
{
  gint64 now_us = g_get_monotonic_time ();

  if (self->began_us == 0)
    self->began_us = now_us;
  if (now_us - self->began_us < BOBBIN_PACE_WORK_US)
    return TRUE;

  self->began_us = 0;
  self->pausing = TRUE;
  return FALSE;
}

static gssize
bobbin_paced_input_read_nonblocking (GPollableInputStream *stream,
                                     void                 *buffer,
                                     gsize                 count,
                                     GError              **error)
{
  BobbinPacedInput *self = BOBBIN_PACED_INPUT (stream);
  gssize n;

  if (!may_go_on (self))
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK, "Pausing");
      return -1;
    }
  if (self->offset < self->length)
    return take (self, buffer, count);

  if (self->failure != NULL)
    {
      g_propagate_error (error, g_error_copy (self->failure));
      return -1;
    }

  n = g_pollable_input_stream_read_nonblocking (self->base, self->buffer, sizeof self->buffer, NULL, error);
  if (n <= 0)
    {
      self->began_us = 0;
      return n;
    }
  self->offset = 0;
  self->length = bobbin_frame_gate_pass (&self->gate, (guint8 *) self->buffer, (gsize) n, &self->failure);
  if (self->length == 0)
    {
      g_propagate_error (error, g_error_copy (self->failure));
      return -1;
    }

  return take (self, buffer, count);
}

static gboolean
bobbin_paced_input_is_readable (GPollableInputStream *stream)
{
  BobbinPacedInput *self = BOBBIN_PACED_INPUT (stream);

  return self->offset < self->length || self->failure != NULL || g_pollable_input_stream_is_readable (self->base);
}

static GSource *
bobbin_paced_input_create_source (GPollableInputStream *stream,
                                  GCancellable         *cancellable)
{
  BobbinPacedInput *self = BOBBIN_PACED_INPUT (stream);
  g_autoptr(GSource) child = NULL;

  if (self->pausing)
    child = g_timeout_source_new (BOBBIN_PACE_PAUSE_MS);
  else if (self->offset < self->length || self->failure != NULL)
    child = g_timeout_source_new (0);
  else
    child = g_pollable_input_stream_create_source (self->base, NULL);
  self->pausing = FALSE;

  return g_pollable_source_new_full (self, child, cancellable);
}

static void
bobbin_paced_input_pollable_init (GPollableInputStreamInterface *iface)
{
  iface->is_readable = bobbin_paced_input_is_readable;
  iface->create_source = bobbin_paced_input_create_source;
  iface->read_nonblocking = bobbin_paced_input_read_nonblocking;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (BobbinPacedInput, bobbin_paced_input, G_TYPE_INPUT_STREAM,
                               G_IMPLEMENT_INTERFACE (G_TYPE_POLLABLE_INPUT_STREAM, bobbin_paced_input_pollable_init))

static void
bobbin_paced_input_finalize (GObject *object)
{
  BobbinPacedInput *self = BOBBIN_PACED_INPUT (object);

  g_clear_object (&self->base);
  g_clear_error (&self->failure);

  G_OBJECT_CLASS (bobbin_paced_input_parent_class)->finalize (object);
}

static void
bobbin_paced_input_class_init (BobbinPacedInputClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = bobbin_paced_input_finalize;
  G_INPUT_STREAM_CLASS (klass)->read_fn = bobbin_paced_input_read_fn;
}

static void
bobbin_paced_input_init (BobbinPacedInput *self)
{
}

/* The whole. */

struct _BobbinPacedStream
{
  GIOStream         parent_instance;
  /* owned */
  GIOStream        *base;
  BobbinPacedInput *input;
};

G_DEFINE_FINAL_TYPE (BobbinPacedStream, bobbin_paced_stream, G_TYPE_IO_STREAM)

static GInputStream *
bobbin_paced_stream_get_input_stream (GIOStream *stream)
{
  return G_INPUT_STREAM (BOBBIN_PACED_STREAM (stream)->input);
}

static GOutputStream *
bobbin_paced_stream_get_output_stream (GIOStream *stream)
{
  return g_io_stream_get_output_stream (BOBBIN_PACED_STREAM (stream)->base);
}

static gboolean
bobbin_paced_stream_close_fn (GIOStream    *stream,
                              GCancellable *cancellable,
                              GError      **error)
{
  return g_io_stream_close (BOBBIN_PACED_STREAM (stream)->base, cancellable, error);
}

static void
close_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr(GTask) task = G_TASK (user_data);
  GError *error = NULL;

  if (g_io_stream_close_finish (G_IO_STREAM (source), result, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
bobbin_paced_stream_close_async (GIOStream          *stream,
                                 int                 io_priority,
                                 GCancellable       *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer            user_data)
{
  BobbinPacedStream *self = BOBBIN_PACED_STREAM (stream);
  GTask *task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, bobbin_paced_stream_close_async);
  g_io_stream_close_async (self->base, io_priority, cancellable, close_cb, task);
}

static gboolean
bobbin_paced_stream_close_finish (GIOStream    *stream,
                                  GAsyncResult *result,
                                  GError      **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
bobbin_paced_stream_finalize (GObject *object)
{
  BobbinPacedStream *self = BOBBIN_PACED_STREAM (object);

  /* The parent closes what is still open, through close_fn. */
  G_OBJECT_CLASS (bobbin_paced_stream_parent_class)->finalize (object);
  g_clear_object (&self->input);
  g_clear_object (&self->base);
}

static void
bobbin_paced_stream_class_init (BobbinPacedStreamClass *klass)
{
  GIOStreamClass *stream_class = G_IO_STREAM_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = bobbin_paced_stream_finalize;
  stream_class->get_input_stream = bobbin_paced_stream_get_input_stream;
  stream_class->get_output_stream = bobbin_paced_stream_get_output_stream;
  stream_class->close_fn = bobbin_paced_stream_close_fn;
  stream_class->close_async = bobbin_paced_stream_close_async;
  stream_class->close_finish = bobbin_paced_stream_close_finish;
}

static void
bobbin_paced_stream_init (BobbinPacedStream *self)
{
}

GIOStream *
bobbin_paced_stream_new (GIOStream *base,
                         guint64    max_message)
{
  BobbinPacedStream *self = g_object_new (BOBBIN_TYPE_PACED_STREAM, NULL);

  self->base = g_object_ref (base);
  self->input = g_object_new (BOBBIN_TYPE_PACED_INPUT, NULL);
  self->input->base = g_object_ref (G_POLLABLE_INPUT_STREAM (g_io_stream_get_input_stream (base)));
  self->input->gate.max_message = max_message;

  return G_IO_STREAM (self);
}
