/* Inside of the printer: bobbin-cli-printer.c (messages, the conversation), -printer-blocks.c (what a block says, and when). */
#pragma once

#include "cli/bobbin-cli-printer.h"

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

typedef struct
{
  BobbinCliPrinter *printer;
  BobbinMessage    *message; /* owned */
  GPtrArray        *blocks;  /* of BobbinCliBlockView */
  guint             front;   /* the first block not printed to its end */
  gboolean          ended;   /* its delivery is final */
} BobbinCliMessageView;

typedef struct
{
  BobbinCliMessageView *view;
  BobbinBlock *block;   /* owned */
  guint        index;
  GString     *printed; /* of its text */
  gboolean     begun;
  gboolean     told_open;
  gboolean     told;    /* as a whole */
  gboolean     dirty;   /* in the printer's list */
} BobbinCliBlockView;

struct _BobbinCliPrinter
{
  BobbinSession *session;     /* owned */
  GPtrArray     *messages;    /* of BobbinCliMessageView */
  GPtrArray     *dirty;       /* of BobbinCliBlockView, borrowed: changed since they were last looked at */
  guint          idle;        /* looks at them: an event sets text, name and state one after the other */
  gboolean       as_json;
  gboolean       verbose;
  gboolean       wrote;       /* anything at all, as text */
  gboolean       at_line_end;
  gboolean       broken;
};

/* @text: written as it is. */
void        _bobbin_cli_printer_put          (BobbinCliPrinter *self, const char *text, gssize length);
/* @object: (transfer full) */
void        _bobbin_cli_printer_put_event    (BobbinCliPrinter *self, JsonObject *object);
JsonObject *_bobbin_cli_event_new            (const char *type, BobbinMessage *message) G_GNUC_WARN_UNUSED_RESULT;

/* -printer-blocks.c */
/* Blocks whose text is printed as it streams. */
gboolean    _bobbin_cli_is_running_text      (BobbinBlock *block);
/* What belongs to the answer, as opposed to how it came about. */
gboolean    _bobbin_cli_is_content           (BobbinBlock *block);
void        _bobbin_cli_message_view_add_block (BobbinCliMessageView *view, BobbinBlock *block);
/* Prints in order: a block begins when the one before has ended. */
void        _bobbin_cli_message_view_pump    (BobbinCliMessageView *self);
void        _bobbin_cli_block_view_update    (BobbinCliBlockView *self);
/* Prints the part of the text that is new. */
void        _bobbin_cli_block_view_print_text (BobbinCliBlockView *self);
void        _bobbin_cli_block_view_free      (gpointer data);
void        _bobbin_cli_printer_update_dirty (BobbinCliPrinter *self);

G_END_DECLS
