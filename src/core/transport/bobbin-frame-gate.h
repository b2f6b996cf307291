/* Looks at the frame headers of what a WebSocket server sends, before libsoup does.
 *
 * libsoup bounds one frame and not a message of many: a server could fill memory with pieces. And it gives up a connection over one
 * byte that is not UTF-8, while what comes behind it in the same read still counts: text would be missing from an answer that looks
 * whole. So pieces are added up here, and text frames are renamed to binary ones, which libsoup hands over as they are; the reader
 * of the text replaces what is not valid. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct
{
  guint64 max_message;
  /* private */
  guint64 total;      /* of the message so far */
  guint64 left;       /* bytes of the present part */
  guint64 length;     /* of the payload, as far as it was read */
  guint8  part;
  guint8  opcode;
  guint8  masked;
} BobbinFrameGate;

/* Returns: how many bytes may pass; fewer than @n_bytes, with BOBBIN_ERROR_REPLY_TOO_LARGE, once a message is longer than
 * gate->max_message. */
gsize bobbin_frame_gate_pass (BobbinFrameGate *gate, guint8 *bytes, gsize n_bytes, GError **error);

G_END_DECLS
