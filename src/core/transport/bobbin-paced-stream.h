/* A connection that lets the main loop breathe: after some milliseconds of reading in one go it claims to be empty and
 * pauses for a moment, whatever the other side still sends.
 *
 * SoupWebsocketConnection reads until there is nothing left; a server that sends faster than we work would keep it there for ever
 * and freeze the window. It also reads in large pieces where libsoup asks for 1 KiB at a time, and passes them through the gate of bobbin-frame-gate.h.
 * Main thread only. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Work in one go, and the pause after it, in which the rest of the program gets its turn. */
#define BOBBIN_PACE_WORK_US  8000
#define BOBBIN_PACE_PAUSE_MS 4

#define BOBBIN_TYPE_PACED_STREAM (bobbin_paced_stream_get_type ())
G_DECLARE_FINAL_TYPE (BobbinPacedStream, bobbin_paced_stream, BOBBIN, PACED_STREAM, GIOStream)

/* @base must have pollable streams. Closing it closes @base. Reading ends with an error at a message above @max_message bytes. */
GIOStream *bobbin_paced_stream_new (GIOStream *base, guint64 max_message) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
