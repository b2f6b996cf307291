/* The application's own, shared by its files: bobbin-application.c (life, profile, requests) and
 * -actions.c. */
#pragma once

#include "app/bobbin-application.h"
#include "app/bobbin-profile.h"
#include "window/bobbin-window.h"

G_BEGIN_DECLS

typedef enum
{
  BOBBIN_REQUEST_PRESENT,
  BOBBIN_REQUEST_NEW_WINDOW,
  BOBBIN_REQUEST_NEW,      /* text: (nullable) what the composer holds */
  BOBBIN_REQUEST_THREAD,   /* text: an id */
  BOBBIN_REQUEST_DEMO,
} BobbinRequestKind;

struct _BobbinApplication
{
  AdwApplication parent_instance;

  /* owned */
  GSettings     *settings;
  BobbinProfile *profile;      /* (nullable) until something needs it */
  GtkWindow     *start_window; /* (nullable) while opening is slow or failed; weak */
  GQueue         requests;     /* of Request, waiting for the profile */
  GCancellable  *cancellable;
  guint          slow_id;
  guint          signal_ids[2]; /* SIGTERM, SIGINT */
  gboolean       demo;         /* --demo */
  gboolean       opening;
  gboolean       ready;
  gboolean       failed;
  gboolean       busy_hold;    /* held because an answer arrives and no window is left */
};

void          _bobbin_application_init_actions (BobbinApplication *self);
/* Does it now or, while the profile is opening, when it is open. */
void          _bobbin_application_request      (BobbinApplication *self, BobbinRequestKind kind, const char *text);
void          _bobbin_application_open_profile (BobbinApplication *self);
BobbinWindow *_bobbin_application_get_window   (BobbinApplication *self); /* (nullable) the one used last */

G_END_DECLS
