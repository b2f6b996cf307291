#define G_LOG_DOMAIN "bobbin-transport"
#include "config.h"
#include "transport/bobbin-frame-gate.h"

#include "util/bobbin-error.h"

/* RFC 6455, section 5.2 */
enum { FIRST, SECOND, LENGTH, MASK, PAYLOAD };
enum { OP_CONTINUATION = 0, OP_TEXT = 1, OP_BINARY = 2, OP_MASK = 15 };

static gboolean
add_up (BobbinFrameGate *gate,
        GError         **error)
{
  guint64 before = gate->opcode == OP_CONTINUATION ? gate->total : 0;

  if (gate->opcode > OP_BINARY && gate->total != G_MAXUINT64)
    return TRUE; /* stands between the pieces of a message */
  if (gate->total != G_MAXUINT64 && before <= gate->max_message && gate->length <= gate->max_message - before)
    {
      gate->total = before + gate->length;
      return TRUE;
    }

  gate->total = G_MAXUINT64; /* nothing passes any more */
  g_set_error (error, BOBBIN_ERROR, BOBBIN_ERROR_REPLY_TOO_LARGE, "The server sent a message above %" G_GUINT64_FORMAT " MiB",
               gate->max_message / (1024 * 1024));
  return FALSE;
}

static void
enter (BobbinFrameGate *gate,
       guint8           part,
       guint64          left)
{
  gate->part = part;
  gate->left = left;
}

/* Behind the length: a part of no bytes is none. */
static gboolean
length_known (BobbinFrameGate *gate,
              GError         **error)
{
  if (gate->masked)
    enter (gate, MASK, 4);
  else
    enter (gate, gate->length > 0 ? PAYLOAD : FIRST, gate->length);

  return add_up (gate, error);
}

static gboolean
take_second (BobbinFrameGate *gate,
             guint8           byte,
             GError         **error)
{
  gate->masked = byte >> 7;
  gate->length = byte & 0x7f;
  if (gate->length < 126)
    return length_known (gate, error);

  enter (gate, LENGTH, gate->length == 126 ? 2 : 8);
  gate->length = 0;
  return TRUE;
}

gsize
bobbin_frame_gate_pass (BobbinFrameGate *gate,
                        guint8          *bytes,
                        gsize            n_bytes,
                        GError         **error)
{
  gsize i = 0;

  if (gate->total == G_MAXUINT64)
    {
      add_up (gate, error);
      return 0;
    }

  while (i < n_bytes)
    {
      gsize n = 1;

      switch (gate->part)
        {
        case FIRST:
          gate->opcode = bytes[i] & OP_MASK;
          if (gate->opcode == OP_TEXT)
            bytes[i] = (guint8) ((bytes[i] & ~OP_MASK) | OP_BINARY);
          gate->part = SECOND;
          break;
        case SECOND:
          if (!take_second (gate, bytes[i], error))
            return i;
          break;
        case LENGTH:
          gate->length = gate->length << 8 | bytes[i];
          if (--gate->left == 0 && !length_known (gate, error))
            return i;
          break;
        case MASK:
          if (--gate->left == 0)
            enter (gate, gate->length > 0 ? PAYLOAD : FIRST, gate->length);
          break;
        case PAYLOAD:
        default:
          n = (gsize) MIN (gate->left, n_bytes - i);
          gate->left -= n;
          if (gate->left == 0)
            gate->part = FIRST;
        }
      i += n;
    }

  return n_bytes;
}
