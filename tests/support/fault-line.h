/* A line between Bobbin and a server, in a thread of its own: passes bytes both ways until a fault that was armed fires at its byte.
 * Loopback, plain TCP. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef enum
{
  FAULT_NONE,
  FAULT_CUT,      /* both sides are closed (FIN) */
  FAULT_RESET,    /* both sides are reset (RST) */
  FAULT_HALF,     /* only the side towards Bobbin is shut for writing; what Bobbin sends still passes */
  FAULT_STALL,    /* nothing passes any more, and nobody is told */
  FAULT_CORRUPT,  /* the byte is changed (XOR 0x20), the rest passes */
  FAULT_DRIP,     /* from this byte on every byte is a segment of its own */
  FAULT_DELAY,    /* the byte and what follows comes 20 ms later */
  N_FAULTS
} FaultKind;

typedef enum { FAULT_UP, FAULT_DOWN } FaultDirection; /* to the server, to Bobbin */

typedef struct _FaultLine FaultLine;

FaultLine  *fault_line_new      (guint server_port);
void        fault_line_free     (FaultLine *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FaultLine, fault_line_free)
guint       fault_line_get_port (FaultLine *self);
/* Counts bytes from here on, over all connections. The fault fires once, before byte @at (from 0) of @direction passes. What is
 * connected already stays so. */
void        fault_line_arm      (FaultLine *self, FaultKind kind, FaultDirection direction, guint64 at);
gboolean    fault_line_get_fired (FaultLine *self);
/* Ends connections that are stalled, as a network does that comes back with another address. */
void        fault_line_disarm   (FaultLine *self);
guint64     fault_line_get_passed (FaultLine *self, FaultDirection direction);
/* What passed since the last fault_line_arm(). */
GBytes     *fault_line_dup_passed (FaultLine *self, FaultDirection direction);
const char *fault_kind_get_name (FaultKind kind);

G_END_DECLS
