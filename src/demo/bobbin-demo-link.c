#define G_LOG_DOMAIN "bobbin-demo"
#include "config.h"
#include "demo/bobbin-demo-link.h"

#include "wire/bobbin-nebelus-server.h"

#include <string.h>
#include <sys/socket.h>

/* The largest message taken from a client: 25 MiB of files in base64, and their frame (nebelus.md, section 7). */
#define MAX_MESSAGE (40 * 1024 * 1024)
#define READ_SIZE (64 * 1024)

enum { OP_CONTINUED = 0, OP_TEXT = 1, OP_BINARY = 2, OP_CLOSE = 8, OP_PING = 9, OP_PONG = 10 };

struct _BobbinDemoLink
{
  gint                 ref_count;
  BobbinDemoLinkKind   kind;
  GIOStream           *stream;
  GCancellable        *cancellable;
  BobbinDemoLinkFuncs  funcs;
  gpointer             user_data;   /* borrowed */
  /* out */
  GString             *body;        /* SSE: not yet framed as a chunk */
  GString             *out;         /* ready for the wire */
  GBytes              *writing;     /* being written */
  GSource             *drip_source;
  guint                drip_us;
  gboolean             ending;      /* once all is written */
  gboolean             reset;
  gboolean             end_of_body; /* SSE: in good order */
  /* in */
  GByteArray          *in;
  GByteArray          *message;     /* of fragments */
  /* state */
  gboolean             close_sent;
  gboolean             stalled;
  gboolean             gone;
};

static void flush (BobbinDemoLink *self);
static void read_more (BobbinDemoLink *self);

BobbinDemoLink *
bobbin_demo_link_ref (BobbinDemoLink *self)
{
  self->ref_count++;

  return self;
}

void
bobbin_demo_link_unref (BobbinDemoLink *self)
{
  if (--self->ref_count > 0)
    return;

  if (self->drip_source != NULL)
    g_source_destroy (self->drip_source);
  g_clear_pointer (&self->drip_source, g_source_unref);
  g_clear_pointer (&self->writing, g_bytes_unref);
  g_string_free (self->body, TRUE);
  g_string_free (self->out, TRUE);
  g_byte_array_unref (self->in);
  g_byte_array_unref (self->message);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->stream);
  g_free (self);
}

void
bobbin_demo_link_forget_owner (BobbinDemoLink *self)
{
  self->funcs.message = NULL;
  self->funcs.gone = NULL;
}

BobbinDemoLinkKind
bobbin_demo_link_get_kind (BobbinDemoLink *self)
{
  return self->kind;
}

gboolean
bobbin_demo_link_is_open (BobbinDemoLink *self)
{
  return !self->gone && !self->ending;
}

gsize
bobbin_demo_link_get_backlog (BobbinDemoLink *self)
{
  return self->body->len + self->out->len + (self->writing != NULL ? g_bytes_get_size (self->writing) : 0);
}

static void
set_linger (BobbinDemoLink *self)
{
  struct linger linger = { 1, 0 };
  g_autoptr(GSocket) socket = NULL;
  GIOStream *stream = self->stream;

  /* libsoup wraps the connection; underneath is the socket. */
  if (g_object_class_find_property (G_OBJECT_GET_CLASS (stream), "base-iostream") != NULL)
    {
      g_autoptr(GIOStream) base = NULL;

      g_object_get (stream, "base-iostream", &base, NULL);
      if (G_IS_SOCKET_CONNECTION (base))
        socket = g_object_ref (g_socket_connection_get_socket (G_SOCKET_CONNECTION (base)));
    }
  else if (G_IS_SOCKET_CONNECTION (stream))
    socket = g_object_ref (g_socket_connection_get_socket (G_SOCKET_CONNECTION (stream)));
  if (socket != NULL)
    setsockopt (g_socket_get_fd (socket), SOL_SOCKET, SO_LINGER, &linger, sizeof linger);
}

/* The end, whoever wanted it. */
static void
end (BobbinDemoLink *self)
{
  if (self->gone)
    return;

  bobbin_demo_link_ref (self);
  self->gone = TRUE;
  if (self->drip_source != NULL)
    g_source_destroy (self->drip_source);
  if (self->reset)
    set_linger (self);
  g_cancellable_cancel (self->cancellable);
  g_io_stream_close (self->stream, NULL, NULL);
  if (self->funcs.gone != NULL)
    self->funcs.gone (self, self->user_data);
  bobbin_demo_link_unref (self);
}

/* SSE: what was sent since the last write becomes one chunk, as a proxy would make it. */
static void
frame_body (BobbinDemoLink *self)
{
  if (self->body->len > 0)
    {
      g_string_append_printf (self->out, "%" G_GSIZE_MODIFIER "x\r\n", self->body->len);
      g_string_append_len (self->out, self->body->str, (gssize) self->body->len);
      g_string_append (self->out, "\r\n");
      g_string_truncate (self->body, 0);
    }
  if (self->end_of_body)
    {
      g_string_append (self->out, "0\r\n\r\n");
      self->end_of_body = FALSE;
    }
}

static void
write_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  BobbinDemoLink *self = user_data;
  g_autoptr(GError) error = NULL;
  gsize n;

  g_clear_pointer (&self->writing, g_bytes_unref);
  if (!g_output_stream_write_all_finish (G_OUTPUT_STREAM (source), result, &n, &error))
    end (self);
  else if (!self->gone)
    flush (self);
  bobbin_demo_link_unref (self);
}

static void
write_some (BobbinDemoLink *self,
            gsize           length)
{
  gsize size;
  const void *data;

  self->writing = g_bytes_new (self->out->str, length);
  g_string_erase (self->out, 0, (gssize) length);
  data = g_bytes_get_data (self->writing, &size);
  g_output_stream_write_all_async (g_io_stream_get_output_stream (self->stream), data, size, G_PRIORITY_DEFAULT,
                                   self->cancellable,
                                   write_cb, bobbin_demo_link_ref (self));
}

static gboolean
drip_cb (gpointer user_data)
{
  BobbinDemoLink *self = user_data;

  g_clear_pointer (&self->drip_source, g_source_unref);
  if (self->out->len > 0 && self->writing == NULL && !self->gone)
    write_some (self, 1);

  return G_SOURCE_REMOVE;
}

static void
drip (BobbinDemoLink *self)
{
  if (self->drip_source != NULL)
    return;
  self->drip_source = g_timeout_source_new ((self->drip_us + 999) / 1000);
  g_source_set_callback (self->drip_source, drip_cb, self, NULL);
  g_source_attach (self->drip_source, g_main_context_get_thread_default ());
}

static void
flush (BobbinDemoLink *self)
{
  if (self->gone || self->writing != NULL)
    return;

  if (self->kind == BOBBIN_DEMO_LINK_SSE)
    frame_body (self);
  if (self->out->len == 0)
    {
      if (self->ending)
        end (self);
    }
  else if (self->drip_us > 0)
    drip (self);
  else
    write_some (self, self->out->len);
}

/* The head of a frame from the server: not masked. */
static void
append_frame_head (GString *out,
                   guint8   opcode,
                   guint64  length)
{
  guint8 head[10];
  gsize n = 2;

  head[0] = 0x80 | opcode;
  if (length < 126)
    head[1] = (guint8) length;
  else if (length < 65536)
    {
      head[1] = 126;
      n = 4;
    }
  else
    {
      head[1] = 127;
      n = 10;
    }
  for (gsize i = n - 1; n > 2 && i >= 2; i--, length >>= 8)
    head[i] = (guint8) (length & 0xff);
  g_string_append_len (out, (const char *) head, (gssize) n);
}

static void
send_frame (BobbinDemoLink *self,
            guint8          opcode,
            const char     *bytes,
            gsize           length)
{
  append_frame_head (self->out, opcode, length);
  g_string_append_len (self->out, bytes, (gssize) length);
  flush (self);
}

static gboolean
can_send (BobbinDemoLink *self)
{
  return !self->gone && !self->ending && !self->stalled;
}

void
bobbin_demo_link_send_text (BobbinDemoLink *self,
                            const char     *text,
                            gsize           length)
{
  if (!can_send (self))
    return;
  if (self->kind == BOBBIN_DEMO_LINK_WS)
    send_frame (self, OP_TEXT, text, length);
  else
    bobbin_demo_link_send_raw (self, text, length);
}

void
bobbin_demo_link_send_event (BobbinDemoLink *self,
                             const char     *name,
                             const char     *data)
{
  g_autofree char *text = self->kind == BOBBIN_DEMO_LINK_WS ? bobbin_nebelus_encode_frame (name, data)
                                                            : bobbin_nebelus_encode_sse_block (name, data);

  bobbin_demo_link_send_text (self, text, strlen (text));
}

void
bobbin_demo_link_send_raw (BobbinDemoLink *self,
                           const char     *bytes,
                           gsize           length)
{
  if (!can_send (self))
    return;
  g_string_append_len (self->kind == BOBBIN_DEMO_LINK_WS ? self->out : self->body, bytes, (gssize) length);
  flush (self);
}

void
bobbin_demo_link_send_half (BobbinDemoLink *self,
                            const char     *text,
                            gsize           length)
{
  if (!can_send (self))
    return;
  if (self->kind == BOBBIN_DEMO_LINK_WS)
    append_frame_head (self->out, OP_TEXT, length);
  bobbin_demo_link_send_raw (self, text, length / 2);
}

static void
send_close (BobbinDemoLink *self,
            guint           code,
            const char     *reason)
{
  g_autoptr(GString) payload = g_string_new (NULL);

  if (self->close_sent)
    return;
  self->close_sent = TRUE;
  /* 1005 and 1006 never go over the wire. */
  if (code > 0 && code != 1005 && code != 1006)
    {
      g_string_append_c (payload, (char) (code >> 8));
      g_string_append_c (payload, (char) (code & 0xff));
      if (reason != NULL)
        g_string_append_len (payload, reason, (gssize) MIN (strlen (reason), 120));
    }
  send_frame (self, OP_CLOSE, payload->str, payload->len);
}

void
bobbin_demo_link_close (BobbinDemoLink *self,
                        guint           code,
                        const char     *reason)
{
  if (!can_send (self))
    return;
  bobbin_demo_link_ref (self);
  if (self->kind == BOBBIN_DEMO_LINK_SSE)
    self->end_of_body = TRUE;
  else if (code > 0)
    send_close (self, code, reason);
  self->ending = TRUE;
  flush (self);
  bobbin_demo_link_unref (self);
}

void
bobbin_demo_link_drop (BobbinDemoLink *self,
                       gboolean        reset)
{
  if (self->gone)
    return;
  bobbin_demo_link_ref (self);
  self->stalled = FALSE;
  self->reset = reset;
  self->ending = TRUE;
  flush (self);
  bobbin_demo_link_unref (self);
}

void
bobbin_demo_link_abort (BobbinDemoLink *self)
{
  end (self);
}

void
bobbin_demo_link_stall (BobbinDemoLink *self)
{
  self->stalled = TRUE;
}

void
bobbin_demo_link_set_drip (BobbinDemoLink *self,
                           guint           byte_us)
{
  self->drip_us = byte_us;
}

/* One frame of the client. Returns: bytes used, 0 when it has not come whole, -1 when it breaks the protocol. */
static gssize
take_frame (BobbinDemoLink  *self,
            guint8          *ret_first,
            guint8         **ret_payload,
            gsize           *ret_length)
{
  guint8 *p = self->in->data;
  gsize have = self->in->len;
  gsize head = 6;
  guint64 length;
  guint8 *mask;

  if (have < 2)
    return 0;
  /* A client's frame is masked (RFC 6455, section 5.1); no extension was agreed on. */
  if ((p[1] & 0x80) == 0 || (p[0] & 0x70) != 0)
    return -1;
  length = p[1] & 0x7f;
  if (length >= 126)
    {
      gsize n = length == 126 ? 2 : 8;

      head += n;
      if (have < head)
        return 0;
      length = 0;
      for (gsize i = 0; i < n; i++)
        length = length << 8 | p[2 + i];
    }
  if (length > MAX_MESSAGE)
    return -1;
  if (have < head + length)
    return 0;
  mask = p + head - 4;
  for (gsize i = 0; i < length; i++)
    p[head + i] ^= mask[i & 3];
  *ret_first = p[0];
  *ret_payload = p + head;
  *ret_length = length;

  return (gssize) (head + length);
}

static void
take_message (BobbinDemoLink *self,
              guint8          first,
              const guint8   *payload,
              gsize           length)
{
  if (self->message->len + length > MAX_MESSAGE)
    {
      bobbin_demo_link_close (self, 1009, "Message too large");
      return;
    }
  g_byte_array_append (self->message, payload, (guint) length);
  if ((first & 0x80) == 0)
    return;
  g_byte_array_append (self->message, (const guint8 *) "", 1);
  if (self->funcs.message != NULL)
    self->funcs.message (self, (char *) self->message->data, self->message->len - 1, self->user_data);
  /* Twenty megabytes are not kept for the next ping. */
  g_byte_array_unref (self->message);
  self->message = g_byte_array_new ();
}

static void
take_frames (BobbinDemoLink *self)
{
  guint8 first;
  guint8 *payload;
  gsize length;
  gssize used;

  while (!self->gone && !self->stalled && (used = take_frame (self, &first, &payload, &length)) != 0)
    {
      if (used < 0)
        {
          bobbin_demo_link_close (self, 1002, "Bad frame");
          return;
        }
      switch (first & 0x0f)
        {
        case OP_CONTINUED:
        case OP_TEXT:
          take_message (self, first, payload, length);
          break;
        case OP_PING:
          send_frame (self, OP_PONG, (const char *) payload, length);
          break;
        case OP_CLOSE:
          bobbin_demo_link_close (self, length >= 2 ? (guint) payload[0] << 8 | payload[1] : 1000, NULL);
          break;
        case OP_PONG:
          break;
        default:
          bobbin_demo_link_close (self, 1003, "Text only");
          break;
        }
      g_byte_array_remove_range (self->in, 0, (guint) used);
    }
  if (self->in->len == 0)
    {
      g_byte_array_unref (self->in);
      self->in = g_byte_array_new ();
    }
}

static void
read_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  BobbinDemoLink *self = user_data;
  g_autoptr(GBytes) bytes = g_input_stream_read_bytes_finish (G_INPUT_STREAM (source), result, NULL);

  if (self->gone)
    ;
  else if (bytes == NULL || g_bytes_get_size (bytes) == 0)
    end (self);
  else
    {
      gsize size;
      const guint8 *data = g_bytes_get_data (bytes, &size);

      /* On SSE nothing more is to come; it is read to see the client go. */
      if (self->kind == BOBBIN_DEMO_LINK_WS && !self->stalled)
        {
          g_byte_array_append (self->in, data, (guint) size);
          take_frames (self);
        }
      if (!self->gone)
        read_more (self);
    }
  bobbin_demo_link_unref (self);
}

static void
read_more (BobbinDemoLink *self)
{
  g_input_stream_read_bytes_async (g_io_stream_get_input_stream (self->stream), READ_SIZE, G_PRIORITY_DEFAULT,
                                   self->cancellable,
                                   read_cb, bobbin_demo_link_ref (self));
}

BobbinDemoLink *
bobbin_demo_link_new (GIOStream                 *stream,
                      BobbinDemoLinkKind         kind,
                      const char                *head,
                      const BobbinDemoLinkFuncs *funcs,
                      gpointer                   user_data)
{
  BobbinDemoLink *self = g_new0 (BobbinDemoLink, 1);

  self->ref_count = 1;
  self->stream = stream;
  self->kind = kind;
  self->funcs = *funcs;
  self->user_data = user_data;
  self->cancellable = g_cancellable_new ();
  self->body = g_string_new (NULL);
  self->out = g_string_new (head);
  self->in = g_byte_array_new ();
  self->message = g_byte_array_new ();
  read_more (self);
  flush (self);

  return self;
}
