/* The sidebar's own, shared by its files: bobbin-sidebar.c (parts), -view.c (what is listed),
 * -list.c (keys, focus, menus), -pick.c (many at once), -search.c. */
#pragma once

#include "sidebar/bobbin-search-filters.h"
#include "sidebar/bobbin-sidebar.h"
#include "sidebar/bobbin-row-selection.h"
#include "sidebar/bobbin-thread-groups.h"
#include "session/bobbin-library.h"
#include "store/bobbin-store.h"

#include <adwaita.h>

G_BEGIN_DECLS

struct _BobbinSidebar
{
  GtkWidget parent_instance;

  /* owned */
  BobbinLibrary      *library;      /* (nullable) until set */
  BobbinThreadGroups *groups;
  GListStore         *results;      /* headings and BobbinSearchResult, empty without a search */
  BobbinRowSelection *selection;
  BobbinThreadView   *view;         /* (nullable) until there is a library: what is listed */
  GPtrArray          *bound;        /* of GtkListItem, borrowed: those that have a row now */
  BobbinThread       *selected;     /* (nullable) the open conversation */
  GCancellable       *search;       /* non-NULL exactly while a search runs */
  GtkWidget          *popover;      /* (nullable), child */
  GtkWidget          *menu_focus;   /* (nullable) weak: what had the keyboard before the menu */
  BobbinFolder        folder;
  guint               n_hits;       /* of the search, on the pages that came */
  guint               next_offset;  /* where the next page begins; 0: there is none */
  guint               n_known;      /* conversations of the library when it was last asked */
  guint               again_id;
  guint               checks_id;    /* rows out of sight get or lose their checks */
  gint64              account_id;   /* 0: all */
  gint64              label_id;     /* 0: all */
  gboolean            expiring;     /* only what expires soon */
  guint               n_all;        /* threads of the view, as far as known, while all are picked */
  int                 width;
  gboolean            folded;
  gboolean            syncing;      /* the selection is being set by us */

  /* borrowed: template, and parts made later */
  GtkBox             *box;
  AdwHeaderBar       *header;
  GtkMenuButton      *view_button;
  GtkLabel           *title;
  AdwSplitButton     *new_button;
  GtkWidget          *folder_back;
  GtkMenuButton      *menu_button;
  GtkToggleButton    *search_button;
  GtkScrolledWindow  *scroller;
  GtkListView        *list;
  BobbinBanner       *notice_bar;
  GtkSearchBar       *search_bar;   /* (nullable) */
  GtkSearchEntry     *search_entry; /* (nullable) */
  GtkWidget          *search_head;  /* (nullable) filters and how much was found */
  BobbinSearchFilters *filters;     /* (nullable) */
  GtkLabel           *found_label;  /* (nullable) */
  GtkDropDown        *account_filter; /* (nullable) while there is more than one account */
  AdwStatusPage      *empty_page;  /* (nullable) */
  AdwHeaderBar       *pick_header; /* (nullable), as the following */
  GtkLabel           *pick_title;
  GtkBox             *pick_buttons;
  GtkWidget          *pick_bar;
  GtkWidget          *foot_bar;    /* (nullable): what can be done with all that is listed */
  GtkWidget          *foot_button; /* (nullable) */
};

enum
{
  BOBBIN_SIDEBAR_OPEN_THREAD,
  BOBBIN_SIDEBAR_OPEN_RESULT,
  BOBBIN_SIDEBAR_PICKED_CHANGED,
  BOBBIN_SIDEBAR_N_SIGNALS
};

extern guint _bobbin_sidebar_signals[BOBBIN_SIDEBAR_N_SIGNALS];

void     _bobbin_sidebar_init_list      (BobbinSidebar *self);
void     _bobbin_sidebar_sync_selection (BobbinSidebar *self);
/* Moves the keyboard to the row at @position and, in a wide window, selects it. */
void     _bobbin_sidebar_focus_row      (BobbinSidebar *self, guint position);
void     _bobbin_sidebar_go_to          (BobbinSidebar *self, guint position);
/* The first position at or after @from, in steps of @step, that is no heading; G_MAXUINT: none. */
guint    _bobbin_sidebar_skip_headings  (BobbinSidebar *self, guint from, int step);
void     _bobbin_sidebar_redraw_rows    (BobbinSidebar *self);
void     _bobbin_sidebar_init_view      (BobbinSidebar *self);
void     _bobbin_sidebar_show_view      (BobbinSidebar *self);
void     _bobbin_sidebar_set_account    (BobbinSidebar *self, gint64 account_id);
/* Whether the list is the one the program begins with, an account aside. */
gboolean _bobbin_sidebar_is_home        (BobbinSidebar *self);
void     _bobbin_sidebar_init_pick      (BobbinSidebar *self);
/* The check of a row as it should be: at once where it is seen. */
void     _bobbin_sidebar_show_picked    (BobbinSidebar *self, GtkListItem *list_item);
void     _bobbin_sidebar_update_bars    (BobbinSidebar *self);
void     _bobbin_sidebar_init_search    (BobbinSidebar *self);
gboolean _bobbin_sidebar_is_searching   (BobbinSidebar *self);
/* The next page of what was found, when there is one and none is on its way. */
void     _bobbin_sidebar_find_more      (BobbinSidebar *self);
void     _bobbin_sidebar_focus_search   (BobbinSidebar *self);
/* The search has a filter of its own for accounts. */
void     _bobbin_sidebar_set_searching  (BobbinSidebar *self, gboolean searching);
/* Nothing but what the search found is listed. */
void     _bobbin_sidebar_set_hidden     (BobbinSidebar *self, gboolean hidden);
void     _bobbin_sidebar_update_empty   (BobbinSidebar *self);

G_END_DECLS
