/* The application's own, shared by its files: bobbin-application.c (life, profile, requests), -actions.c and -background.c (what
 * happens without a window). */
#pragma once

#include "app/bobbin-application.h"
#include "app/bobbin-notifier.h"
#include "app/bobbin-profile.h"
#include "window/bobbin-window.h"

G_BEGIN_DECLS

typedef enum
{
  BOBBIN_REQUEST_PRESENT,
  BOBBIN_REQUEST_NEW_WINDOW,
  BOBBIN_REQUEST_NEW,      /* text: (nullable) what the composer holds */
  BOBBIN_REQUEST_THREAD,   /* text: an id */
  BOBBIN_REQUEST_MATCH,    /* text: ids of a conversation and a message, what matched; a line each */
  BOBBIN_REQUEST_SEARCH,   /* text: what to look for */
  BOBBIN_REQUEST_DEMO,
  BOBBIN_REQUEST_QUICK,    /* the small window */
  BOBBIN_REQUEST_APPROVE,  /* text: a BobbinApprovalPlace; no window, as the next */
  BOBBIN_REQUEST_REJECT,
} BobbinRequestKind;

struct _BobbinApplication
{
  AdwApplication parent_instance;

  /* owned */
  GSettings     *settings;
  BobbinProfile *profile;      /* (nullable) until something needs it */
  BobbinNotifier *notifier;    /* (nullable) while the library is open */
  GtkWindow     *start_window; /* (nullable) while opening is slow or failed; weak */
  GtkWindow     *quick_window; /* (nullable) weak */
  BobbinThread  *quick_thread; /* (nullable) what was typed into the last one and not sent */
  GQueue         requests;     /* of Request, waiting for the profile */
  GCancellable  *cancellable;
  guint          slow_id;
  guint          signal_ids[2]; /* SIGTERM, SIGINT */
  guint          quit_id;
  gboolean       demo;         /* --demo */
  gboolean       opening;
  gboolean       ready;
  gboolean       failed;
  gboolean       retired;      /* what was not used for long was put away */
  /* -background.c */
  guint          settle_id;    /* an answer has just ended: what follows from it is waited for */
  guint          n_deciding;   /* decisions from notifications that are under way */
  guint          inhibit_id;   /* cookie while suspending is inhibited, else 0 */
  gboolean       held;         /* there is a reason to live without a window */
};

void          _bobbin_application_init_actions (BobbinApplication *self);
/* Does it now or, while the profile is opening, when it is open. */
void          _bobbin_application_request      (BobbinApplication *self, BobbinRequestKind kind, const char *text);
/* -background.c: once the library is open; when it is about to close; whenever a window came or went. */
void          _bobbin_application_watch_library (BobbinApplication *self);
void          _bobbin_application_unwatch_library (BobbinApplication *self);
void          _bobbin_application_update_hold  (BobbinApplication *self);
void          _bobbin_application_decide       (BobbinApplication *self, const char *place, gboolean approve);
void          _bobbin_application_open_profile (BobbinApplication *self);
BobbinWindow *_bobbin_application_get_window   (BobbinApplication *self); /* (nullable) the one used last */

G_END_DECLS
