/* What the files of BobbinMessageView share: bobbin-message-view.c (object, blocks, places), -edit.c (versions), -parts.c (day,
 * name, delivery, actions). */
#pragma once

#include "ui/transcript/bobbin-message-view.h"

G_BEGIN_DECLS

struct _BobbinMessageView
{
  GtkWidget        parent_instance;
  /* owned */
  BobbinMessage   *message;
  BobbinViewState *state;
  GPtrArray       *views;       /* of GtkWidget, children of body, one a block */
  /* children, of those below some only when there is something to say */
  GtkWidget       *day;         /* (nullable) */
  GtkWidget       *new_line;    /* (nullable) */
  GtkWidget       *editor;      /* (nullable): in the place of body_frame */
  GtkWidget       *versions;    /* (nullable) */
  GtkWidget       *head;        /* (nullable) */
  GtkWidget       *body;        /* box of the views */
  GtkWidget       *body_frame;  /* child of the row: body, or the bubble around it */
  GtkWidget       *working;     /* (nullable) */
  GtkWidget       *status;      /* (nullable) */
  GtkWidget       *slot;        /* (nullable): place of the actions, none for notices */
  GtkWidget       *actions;     /* (nullable): made when first needed */
  GtkWidget       *details;     /* (nullable): of them, what the popover with the details points at */

  gboolean         show_day;
  gboolean         show_head;
  gboolean         answered;    /* an answer follows: failures are told there */
  gboolean         is_last;
  gboolean         quiet;
  BobbinActivity   activity;    /* of the thread */
  guint            flash_id;    /* non-0 while it is lit up */
};

/* bobbin-message-view-edit.c */
void _bobbin_message_view_edit            (BobbinMessageView *self);
void _bobbin_message_view_update_editor   (BobbinMessageView *self);
void _bobbin_message_view_update_versions (BobbinMessageView *self);

/* bobbin-message-view-parts.c */
void _bobbin_message_view_update_parts   (BobbinMessageView *self);
void _bobbin_message_view_ensure_actions (BobbinMessageView *self);
void _bobbin_message_view_install_actions (GtkWidgetClass *widget_class);

G_END_DECLS
