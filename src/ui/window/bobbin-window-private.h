/* The window's own, shared by its files: bobbin-window.c (panes, state, what is open),
 * -actions.c, -organise.c (one and many, and back), -history.c, -palette.c (actions by their names), -notices.c,
 * -drop.c. */
#pragma once

#include "window/bobbin-window.h"

#include "session/bobbin-library.h"
#include "sidebar/bobbin-sidebar.h"
#include "window/bobbin-conversation.h"
#include "window/bobbin-undo.h"

G_BEGIN_DECLS

struct _BobbinWindow
{
  AdwApplicationWindow parent_instance;

  /* owned */
  BobbinLibrary      *library;
  GSettings          *settings;
  BobbinThread       *thread;       /* (nullable) what is open */
  GCancellable       *cancellable;  /* everything the window waits for */
  GHashTable         *disabled;     /* set of names, static: actions that do nothing now */
  GPtrArray          *undos;        /* of BobbinUndo, newest last */
  GArray             *places;       /* of gint64: ids of what was open, in the order of going */
  guint               place;        /* which of them is */
  int                 travelling;   /* among them, while not 0: the way */
  GPtrArray          *agents;       /* (nullable) of BobbinAgent, last known */
  AdwToast           *undo_toast;   /* (nullable) weak: the last one that offers to undo */
  char               *notices[BOBBIN_N_WINDOW_NOTICES]; /* (nullable) texts that are due */
  gboolean            sidebar_visible; /* of a wide window */
  gboolean            welcoming;
  int                 drag_start;   /* width of the sidebar when a drag of its edge began */

  /* borrowed: template, and parts made later */
  AdwToastOverlay    *toasts;
  GtkOverlay         *overlay;
  AdwLeaflet         *leaflet;
  BobbinSidebar      *sidebar;
  GtkSeparator       *separator;
  BobbinConversation *conversation;
  GtkWidget          *drop_hint;    /* (nullable) */
  GtkWidget          *travel;       /* the buttons back and forward */
};

void          _bobbin_window_class_init_actions (GtkWidgetClass *widget_class);
void          _bobbin_window_class_init_palette (GtkWidgetClass *widget_class);
void          _bobbin_window_actions_update     (BobbinWindow *self);
/* @name: static. As gtk_widget_action_set_enabled(), but known afterwards. */
void          _bobbin_window_set_enabled        (BobbinWindow *self, const char *name, gboolean enabled);
/* -organise.c */
void          _bobbin_window_class_init_organise (GtkWidgetClass *widget_class);
/* Takes @undo. */
void          _bobbin_window_offer_undo         (BobbinWindow *self, BobbinUndo *undo, const char *text);
/* -history.c */
void          _bobbin_window_class_init_history (GtkWidgetClass *widget_class);
void          _bobbin_window_init_history       (BobbinWindow *self);
void          _bobbin_window_remember_place     (BobbinWindow *self, BobbinThread *thread);
gboolean      _bobbin_window_can_travel         (BobbinWindow *self, int by);
/* The buttons are there when there is a way and room for them. */
void          _bobbin_window_update_travel      (BobbinWindow *self);
void          _bobbin_window_update_new_menu    (BobbinWindow *self);
void          _bobbin_window_update_notices     (BobbinWindow *self);
void          _bobbin_window_dismiss_notice     (BobbinWindow *self);
void          _bobbin_window_init_drop          (BobbinWindow *self);
void          _bobbin_window_show_list          (BobbinWindow *self);
void          _bobbin_window_show_conversation  (BobbinWindow *self);
void          _bobbin_window_update_panes       (BobbinWindow *self);
void          _bobbin_window_close_thread       (BobbinWindow *self);
/* @id: local id as text, "" for what is open. Returns: (transfer full) (nullable) */
BobbinThread *_bobbin_window_ref_thread         (BobbinWindow *self, const char *id) G_GNUC_WARN_UNUSED_RESULT;
/* -remote.c */
void          _bobbin_window_class_init_remote  (GtkWidgetClass *widget_class);

G_END_DECLS
